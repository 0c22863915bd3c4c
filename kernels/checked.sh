#!/usr/bin/env bash
# The tests of the kernels under tools that see a wrong access to memory; what each shows, and what it does not,
# is in kernels/README.md. Arguments are handed on to the tests. PROPTEST_CASES sets how many cases are made up.
set -euo pipefail
cd "$(dirname "$0")/.."
export PROPTEST_CASES="${PROPTEST_CASES:-64}"
target=x86_64-unknown-linux-gnu

# AddressSanitizer: rustc has its runtime, only the switch is not stable. What the tests leak is of no interest.
echo "--- AddressSanitizer"
RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=address" ASAN_OPTIONS=detect_leaks=0 \
    cargo test --package frontdesk-kernels --lib --target "$target" -- "$@"

# Valgrind knows AVX2 and says so to the program, which then leaves out the sets that it does not know.
if ! command -v valgrind >/dev/null; then
    echo "--- no valgrind here: left out"
    exit 0
fi
echo "--- valgrind"
program=$(cargo test --package frontdesk-kernels --lib --no-run --message-format=json |
    sed -nE 's/.*"executable":"([^"]+)".*/\1/p' | tail -n 1)
# The whole pass runs elsewhere; in here it would take minutes.
PROPTEST_CASES=$((PROPTEST_CASES / 8 + 1)) \
    valgrind --quiet --error-exitcode=1 "$program" --test-threads=1 arch:: "$@"

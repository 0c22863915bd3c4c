# Short names for what is typed often; `just` lists them. Nothing needs just: each line is a command.

# List the recipes.
default:
    @just --list

# Build and run the server.
serve *arguments:
    cargo run --release -- serve {{ arguments }}

# Ask what to do with a message.
ask *arguments:
    cargo run --release -- ask {{ arguments }}

# Run the tests.
test *arguments:
    cargo test {{ arguments }}

# Check format, lints, docs and the contract.
lint:
    cargo fmt --all --check
    cargo clippy --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps
    tests/clients/node/node_modules/.bin/buf lint proto

# Measure tokenise, forward, search and whole decisions.
bench *arguments:
    cargo bench {{ arguments }}

# Check licences and advisories of the dependencies (needs cargo-deny).
deny:
    cargo deny check

# Run everything that must hold before a change is taken.
ci:
    .ci/run

#!/bin/sh
# All stages, from the data folder to the model folder.
#
#   models/training/make.sh DATA WORK [TARGET]
#
# DATA    the open data (parallel/, mono/, intent/, retrieval/)
# WORK    an empty folder for intermediate files; a stage whose result is there is not done again
# TARGET  the model folder, models/frontdesk-bilingual-v1 when not given
#
# PYTHON, MASKED_TOKENS, DISTIL_TOKENS, QUESTION_TOKENS and EPOCHS may be set. With a GPU set the tokens ten times
# as high; without one all stages take about two hours on two cores.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2"
data=$(cd "$1" && pwd)
work=$(cd "$2" && pwd)
mkdir -p "${3:-$here/../frontdesk-bilingual-v1}"
target=$(cd "${3:-$here/../frontdesk-bilingual-v1}" && pwd)
python=${PYTHON:-python3}
export OMP_WAIT_POLICY=passive PYTHONHASHSEED=0 TOKENIZERS_PARALLELISM=true

run() { # run RESULT SCRIPT ARGUMENT...: skipped when RESULT is there
    result=$1
    shift
    if [ -e "$result" ]; then
        echo "$result is there"
    else
        echo "== $*"
        "$python" "$here/$@"
    fi
}

"$python" "$here/check_corpus.py" "$here"/corpus/train.*.jsonl "$here"/corpus/dev.jsonl
"$python" "$here/near_duplicates.py"
run "$here/../../src/text/hant_to_hans.tsv" make_fold_table.py "$here/../../src/text/hant_to_hans.tsv"
run "$work/pairs.jsonl" prepare.py "$data" "$work"
run "$work/tokenizer.json" vocabulary.py "$work"
run "$work/embeddings.safetensors" align.py "$work"
run "$work/masked.safetensors" mlm.py "$data" "$work" ${MASKED_TOKENS:+--tokens "$MASKED_TOKENS"}
run "$work/distilled.safetensors" distil.py "$data" "$work" ${DISTIL_TOKENS:+--tokens "$DISTIL_TOKENS"}
run "$work/searching.safetensors" questions.py "$data" "$work" ${QUESTION_TOKENS:+--tokens "$QUESTION_TOKENS"}
run "$work/tuned.safetensors" tune.py "$data" "$work" ${EPOCHS:+--epochs "$EPOCHS"}
run "$work/calibration.json" calibrate.py "$data" "$work"
run "$work/answers.safetensors" answers.py "$work"
run "$work/late.safetensors" late.py "$work"
cp "$work/late.safetensors" "$work/late_parity.json" "$target"
"$python" "$here/export.py" "$work" "$target"
# Needs Rust: the search that is weighed and the reading that is measured are the service's own.
(cd "$here/../.." && cargo run --release --example fit_answer -- "$target" "$here/answers/knowledge" \
    "$here/answers/questions.jsonl" --write "$target/answer.json")
"$python" "$here/export.py" "$work" "$target"
(cd "$here/../.." && FRONTDESK__MODEL__PATH=$target cargo run --release -- eval --suite dev --json) \
    > "$work/measures.eval.dev.json"
run "$work/measures.baseline.dev.json" measure.py baseline "$target" "$data" "$work" --part dev
run "$work/measures.search.json" measure.py search "$target" "$data" "$work"
run "$work/measures.original.json" measure.py original "$target" "$data" "$work"
"$python" "$here/ablation.py" "$data" "$work"
"$python" "$here/card.py" "$work" "$target" > "$work/MODEL_CARD.md"
"$python" "$here/export.py" "$work" "$target" --card "$work/MODEL_CARD.md"
echo "Once, at the very end: frontdesk eval --json > $work/measures.eval.test.json, measure.py baseline … --part test, card.py, export.py"

#!/bin/sh
# The quick tests, on SQLite, without browser, server or long ones: two halves, one per core.
#
# Each half has its own base; they take about as long as each other.
set -u
cd "$(dirname "$0")/.." || exit 1
quick="not journey and not server and not long"
other=$(mktemp)
trap 'rm -f "$other"' EXIT

.venv/bin/python -m pytest -q -m "$quick" -p no:cacheprovider \
    --ignore=tests/beneficiaries --ignore=tests/evaluation >"$other" 2>&1 &
half=$!
.venv/bin/python -m pytest -q -m "$quick" tests/beneficiaries tests/evaluation
first=$?
wait "$half"
second=$?
cat "$other"
[ "$first" -eq 0 ] && [ "$second" -eq 0 ]

#!/bin/sh
# The quick tests, on SQLite, without browser, server or long ones: two halves, one per core.
#
# The tests of access are the half of them: each address, as each role. Each half has its own base.
set -u
cd "$(dirname "$0")/.." || exit 1
quick="not journey and not server and not long"
other=$(mktemp)
trap 'rm -f "$other"' EXIT

.venv/bin/python -m pytest -q -m "$quick" -p no:cacheprovider tests/access >"$other" 2>&1 &
half=$!
.venv/bin/python -m pytest -q -m "$quick" --ignore=tests/access
first=$?
wait "$half"
second=$?
cat "$other"
[ "$first" -eq 0 ] && [ "$second" -eq 0 ]

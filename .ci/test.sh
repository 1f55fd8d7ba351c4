#!/bin/sh
# Everything: the checks, the tests on SQLite with the browser, and those on PostgreSQL beside.
#
# A part whose packages are missing and cannot be installed is left out, and said; under CI=true
# it fails the run. So does a test that every run skipped.
set -u
cd "$(dirname "$0")/.." || exit 1
results=var/tests
rm -rf "$results"
mkdir -p "$results"
failed=""
left_out=""

need() {
    if ! .ci/system.sh "$1"; then left_out="$left_out $1"; fi
}

part() {
    name=$1
    shift
    echo
    echo "== $name"
    if ! "$@"; then failed="$failed
  $name"; fi
}

python3=${PYTHON:-python3}
"$python3" .ci/environment.py requirements-dev.lock || exit 1
for piece in zones pango poppler chromium postgresql; do need "$piece"; done
if [ -n "$left_out" ] && [ "${CI:-}" = true ]; then
    echo "Il manque$left_out : rien ne peut être laissé de côté ici."
    exit 1
fi

case "$left_out" in
    *chromium*) kept="not journey" ;;
    *) kept="journey or not journey" ;;
esac

part "Contrôles" .ci/check.sh

# The two engines side by side, one per core; PostgreSQL's account is read when both have ended.
case "$left_out" in
    *postgresql*) beside="" ;;
    *)
        .venv/bin/python .ci/postgresql.py .venv/bin/python -m pytest -q -m "not journey" \
            -p no:cacheprovider --junitxml="$results/postgresql.xml" \
            >"$results/postgresql.txt" 2>&1 &
        beside=$!
        ;;
esac
part "SQLite, navigateur compris" .venv/bin/python -m pytest -q -m "$kept" \
    --junitxml="$results/sqlite.xml"
told() {
    wait "$beside"
    ended=$?
    cat "$results/postgresql.txt"
    return "$ended"
}
if [ -n "$beside" ]; then part "PostgreSQL" told; fi

echo
if [ -n "$left_out" ]; then echo "Laissé de côté, faute de paquets :$left_out"; fi
if [ -n "$failed" ]; then echo "En échec :$failed"; fi
.venv/bin/python .ci/summary.py "$results"/*.xml || failed="$failed skipped"
[ -z "$failed" ]

#!/bin/sh
# Everything: the checks, then the tests on SQLite, on PostgreSQL and in a browser, side by side.
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

part "Contrôles" .ci/check.sh

# The two engines and the browser side by side: whoever waits lends its core to the others, and
# SQLite, the quickest, gives way to PostgreSQL, so that they end together. What runs beside is read
# when all have ended. What asks nothing of the base (a refusal, the drawing of
# a document) is asked on SQLite alone.
beside() {
    name=$1
    shift
    "$@" -p no:cacheprovider --junitxml="$results/$name.xml" >"$results/$name.txt" 2>&1 &
}
told() {
    wait "$2"
    ended=$?
    cat "$results/$1.txt"
    return "$ended"
}

postgresql=""
browser=""
case "$left_out" in
    *postgresql*) ;;
    *)
        beside postgresql .venv/bin/python .ci/postgresql.py .venv/bin/python -m pytest -q \
            -m "not journey and not one_engine"
        postgresql=$!
        ;;
esac
case "$left_out" in
    *chromium*) ;;
    *)
        beside browser .venv/bin/python -m pytest -q -m journey
        browser=$!
        ;;
esac
part "SQLite" nice -n 5 .venv/bin/python -m pytest -q -m "not journey" --junitxml="$results/sqlite.xml"
if [ -n "$browser" ]; then part "Navigateur" told browser "$browser"; fi
if [ -n "$postgresql" ]; then part "PostgreSQL" told postgresql "$postgresql"; fi

echo
if [ -n "$left_out" ]; then echo "Laissé de côté, faute de paquets :$left_out"; fi
if [ -n "$failed" ]; then echo "En échec :$failed"; fi
.venv/bin/python .ci/summary.py "$results"/*.xml || failed="$failed skipped"
[ -z "$failed" ]

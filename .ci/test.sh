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

# All side by side: whoever waits lends its core to the others. The browser goes first, for people's
# patience is counted there in seconds. What asks nothing of the base (a refusal, the drawing of a
# document) is asked on SQLite alone. What runs beside is read when all have ended.
beside() {
    name=$1
    shift
    {
        "$@" -p no:cacheprovider --junitxml="$results/$name.xml" >"$results/$name.txt" 2>&1
        echo $? >"$results/$name.status"
    } &
}
told() {
    cat "$results/$1.txt"
    return "$(cat "$results/$1.status")"
}
has_browser() { case "$left_out" in *chromium*) return 1 ;; esac }
has_postgresql() { case "$left_out" in *postgresql*) return 1 ;; esac }

tests=".venv/bin/python -m pytest -q"
both="not journey and not one_engine"
if has_browser; then beside browser $tests -m journey; fi
if has_postgresql; then
    beside postgresql nice -n 5 .venv/bin/python .ci/postgresql.py $tests -m "$both"
fi
beside one_engine nice -n 5 $tests -m "one_engine and not journey"
part "SQLite" nice -n 5 $tests -m "$both" --junitxml="$results/sqlite.xml"
wait
if has_browser; then part "Navigateur" told browser; fi
part "SQLite seul" told one_engine
if has_postgresql; then part "PostgreSQL" told postgresql; fi

echo
if [ -n "$left_out" ]; then echo "Laissé de côté, faute de paquets :$left_out"; fi
if [ -n "$failed" ]; then echo "En échec :$failed"; fi
.venv/bin/python .ci/summary.py "$results"/*.xml || failed="$failed skipped"
[ -z "$failed" ]

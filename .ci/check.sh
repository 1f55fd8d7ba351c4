#!/bin/sh
# What can be said of the code without running it: style, layers, templates, migrations.
# Every check runs, so that one run tells everything; the exit code is 1 when one failed.
set -u
cd "$(dirname "$0")/.." || exit 1
export DJANGO_SETTINGS_MODULE=autoprod.settings.test
bin=.venv/bin
failed=""

check() {
    name=$1
    shift
    if "$@" >"$log" 2>&1; then
        echo "ok      $name"
    else
        echo "ÉCHEC   $name"
        cat "$log"
        failed="$failed $name"
    fi
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
check "ruff" $bin/ruff check .
check "ruff format" $bin/ruff format --check .
check "lint-imports" $bin/lint-imports
check "djlint" $bin/djlint --lint --quiet templates
check "manage.py check" $bin/python manage.py check --fail-level WARNING
check "migrations" $bin/python manage.py makemigrations --check --dry-run

if [ -n "$failed" ]; then
    echo "Contrôles en échec :$failed"
    exit 1
fi

#!/bin/sh
# Makes sure that the machine has what Python packages cannot bring.
#
#   .ci/system.sh PART…     parts: zones pango postgresql chromium poppler
#
# Missing packages are installed when this account may; otherwise the line to type is printed and
# the exit code is 1: the caller leaves the part out.
set -eu

has_library() {
    for folder in /usr/lib/*/ /usr/lib/ /usr/local/lib/ /lib/*/; do
        if [ -e "$folder$1" ]; then return 0; fi
    done
    return 1
}

is_present() {
    case "$1" in
        zones) [ -e /usr/share/zoneinfo/Europe/Paris ] ;;
        pango)
            has_library libpango-1.0.so.0 && has_library libpangoft2-1.0.so.0 &&
                has_library libharfbuzz-subset.so.0
            ;;
        postgresql) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ;;
        # Playwright's own driver needs libatomic, which its package does not bring.
        chromium) command -v chromium >/dev/null 2>&1 && has_library libatomic.so.1 ;;
        poppler) command -v pdftotext >/dev/null 2>&1 && command -v pdftoppm >/dev/null 2>&1 ;;
        *)
            echo "Partie inconnue : $1" >&2
            exit 2
            ;;
    esac
}

packages_of() {
    case "$1" in
        zones) echo "tzdata" ;;
        pango) echo "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" ;;
        postgresql) echo "postgresql" ;;
        chromium) echo "chromium libatomic1" ;;
        poppler) echo "poppler-utils" ;;
    esac
}

missing=""
for part in "$@"; do
    if ! is_present "$part"; then missing="$missing $(packages_of "$part")"; fi
done
if [ -z "$missing" ]; then exit 0; fi

line="apt-get install --no-install-recommends$missing"
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Il manque sur cette machine :$missing (noms des paquets Debian)." >&2
    exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "Il manque des paquets. Tapez : sudo $line" >&2
    exit 1
fi

echo "Installation de$missing…"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # words on purpose: a command prefix, a list of packages
if ! { $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends $missing; } >/dev/null; then
    echo "L’installation a échoué. Tapez : $line" >&2
    exit 1
fi
for part in "$@"; do
    if ! is_present "$part"; then
        echo "Toujours absent après installation : $part" >&2
        exit 1
    fi
done

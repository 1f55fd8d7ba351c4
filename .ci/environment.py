"""Makes `.venv` hold exactly what a lock file says, and nothing when it already does.

    python3 .ci/environment.py requirements-dev.lock

Standard library only: this is the first thing a new machine runs. pip is used as the user has set
it up; the hashes of the lock decide what is accepted.
"""
# ruff: noqa: INP001, S603 - a script, not a package; commands of ours, no shell

import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "locks.json"
OLDEST, NEWEST = (3, 11), (3, 13)
#: What a new environment holds before anything is installed.
BOOTSTRAP = {"pip", "setuptools", "wheel"}
PIP = [PYTHON, "-m", "pip", "--disable-pip-version-check"]


def digest(name: str) -> str:
    """Return the SHA-256 of a file of the project."""
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def is_current(lock: str) -> bool:
    """Tell whether the environment was made from this lock, or from the larger one."""
    try:
        stamp = json.loads(STAMP.read_text())
        # The developer's lock holds the other: production runs in its environment too.
        return any(stamp.get(name) == digest(name) for name in {lock, "requirements-dev.lock"})
    except (OSError, ValueError):
        return False


def works() -> bool:
    """Tell whether the environment's interpreter starts and is of an accepted version."""
    code = f"import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    try:
        return subprocess.run([PYTHON, "-c", code], check=False).returncode == 0
    except OSError:
        return False


def make() -> None:
    """Make an empty environment, or say which package the machine lacks."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.exit(f"Python 3.11 à 3.13 est nécessaire, celui-ci est {version} (make PYTHON=…).")
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit("Le module venv manque. Installez-le : apt-get install python3-venv")
    shutil.rmtree(VENV, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", VENV], check=True)


def normal(name: str) -> str:
    """Return a distribution's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def remove_strangers(lock: str) -> None:
    """Uninstall what the lock does not name: an old version's dependency must not linger."""
    text = (ROOT / lock).read_text()
    wanted = {normal(name) for name in re.findall(r"^([A-Za-z0-9_.-]+)==", text, re.MULTILINE)}
    listed = subprocess.run(
        [*PIP, "list", "--format=json"], check=True, capture_output=True, text=True
    )
    installed = {normal(item["name"]) for item in json.loads(listed.stdout)}
    if strangers := sorted(installed - wanted - BOOTSTRAP):
        subprocess.run([*PIP, "uninstall", "--quiet", "--yes", *strangers], check=True)


def main(lock: str) -> None:
    """Bring the environment to the lock."""
    if is_current(lock) and works():
        return
    if not works():
        make()
    sys.stdout.write(f"Installation des dépendances ({lock})…\n")
    sys.stdout.flush()
    locked = ["--require-hashes", "--requirement", ROOT / lock]
    subprocess.run([*PIP, "install", "--quiet", *locked], check=True)
    remove_strangers(lock)
    subprocess.run([*PIP, "check"], check=True, stdout=subprocess.DEVNULL)
    STAMP.write_text(json.dumps({lock: digest(lock)}))


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except subprocess.CalledProcessError as error:
        # pip has said why on its own.
        sys.exit(error.returncode or 1)

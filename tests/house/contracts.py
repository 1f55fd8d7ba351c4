"""The import contracts of pyproject.toml, checked on a tree."""

import os
import re
import subprocess
import sys
from pathlib import Path

# As a module, so that no PATH is needed.
_RUN = "from importlinter.cli import lint_imports_command as run; run()"


def broken_contracts(root: Path) -> str:
    """Return what import-linter says of the tree, empty when every contract is kept.

    In a process of its own: this one has already imported the real tree.
    """
    done = subprocess.run(
        [sys.executable, "-c", _RUN, "--no-cache", "--no-logo"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode == 0 and re.search(r"\b0 broken", done.stdout):
        return ""
    return done.stdout + done.stderr

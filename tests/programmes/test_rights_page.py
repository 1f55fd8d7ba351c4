"""The page of rights: the matrix, in words, up to date."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils.text import capfirst

from autoprod.core.scoping import Action
from programmes.access import ROLE_ACTIONS
from programmes.enums import Role

PAGE = Path(__file__).resolve().parents[2] / "docs" / "droits.md"


def printed():
    out = io.StringIO()
    call_command("print_rights", stdout=out)
    return out.getvalue()


def test_the_page_is_up_to_date():
    """Otherwise: `manage.py print_rights > docs/droits.md`."""
    assert PAGE.read_text(encoding="utf-8") == printed()


@pytest.mark.parametrize("action", Action)
def test_each_line_says_what_the_matrix_says(action):
    rows = [[cell.strip(" \u00a0◆") for cell in line.split("|")] for line in printed().splitlines()]
    (cells,) = [row[2:-1] for row in rows if len(row) > 1 and row[1] == capfirst(action.label)]
    assert cells == ["oui" if action in ROLE_ACTIONS[role] else "–" for role in Role]

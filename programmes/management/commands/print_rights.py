"""`manage.py print_rights`: what each role may do, as the page `docs/droits.md`."""

from django.core.management.base import BaseCommand
from django.utils.text import capfirst

from autoprod.core.scoping import Action
from programmes.access import ROLE_ACTIONS, SECOND_FACTOR_ROLES, TERRITORY_WIDE
from programmes.enums import Role

_INTRODUCTION = """# Qui peut faire quoi

Page produite par `manage.py print_rights > docs/droits.md` à partir de
`programmes/access.py`\u00a0: elle ne se modifie pas à la main.

Un droit d’accès lie une personne, un rôle, un lieu (territoire, action ou organisation) et des
dates. Plusieurs droits s’additionnent. Les lignes marquées ◆ valent pour tout un
territoire\u00a0: il faut y avoir le rôle sur le territoire lui-même, pas seulement sur une de ses
actions.
"""


def rights_page() -> str:
    """Return the page: an introduction, the table, who needs a second factor."""
    roles = list(Role)
    header = ["", *(role.label for role in roles)]
    lines = [_line(header), _line(["---", *[":-:"] * len(roles)])]
    for action in Action:
        mark = "\u00a0◆" if action in TERRITORY_WIDE else ""
        cells = ["oui" if action in ROLE_ACTIONS[role] else "–" for role in roles]
        lines.append(_line([f"{capfirst(action.label)}{mark}", *cells]))
    protected = ", ".join(role.label.lower() for role in roles if role in SECOND_FACTOR_ROLES)
    foot = f"La double vérification est exigée de ces rôles\u00a0: {protected}.\n"
    return "\n".join([_INTRODUCTION, *lines, "", foot])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


class Command(BaseCommand):
    """Print the page of rights."""

    help = "Écrit le tableau des rôles et de leurs droits (docs/droits.md)."
    requires_system_checks = ()

    def handle(self, *args, **options) -> None:
        """Print it."""
        self.stdout.write(rights_page(), ending="")

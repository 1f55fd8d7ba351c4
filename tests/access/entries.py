"""What the matrix says of one address, and who should pass or be stopped there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db.models import Model
from django.urls import reverse

from autoprod.accounts.models import User
from autoprod.core.scoping import Action, scope_paths
from programmes.access import ROLE_ACTIONS, TERRITORY_WIDE
from programmes.enums import Role
from tests.world import Frame, Place

#: Reads something of a place and of one of its programmes.
Pick = Callable[[Place, Frame], object]


@dataclass(frozen=True)
class Entry:
    """One address: the action it asks for, what its URL names, how it is called.

    `objects` gives each argument of the URL; `data` what a POST sends beside the form's own values;
    `query` what stands after the path; `read` and `posted` the statuses of a success.
    """

    action: Action
    methods: tuple[str, ...] = ("GET",)
    objects: Mapping[str, Pick] = field(default_factory=dict)
    data: Pick | None = None
    query: str = ""
    read: int = 200
    posted: int = 302

    def target(self, name: str, place: Place, frame: Frame) -> "Target":
        """Return the address made for a place and one of its programmes."""
        values = {key: pick(place, frame) for key, pick in self.objects.items()}
        keys = {k: v.pk if isinstance(v, Model) else v for k, v in values.items()}
        rows = [value for value in values.values() if isinstance(value, Model)]
        return Target(reverse(name, kwargs=keys), tuple(rows))

    def opens_to(self, role: Role) -> bool:
        """Tell whether somebody of the world with this role may do the action.

        The world anchors administrators on a territory, the others on a programme or on an
        organisation: rights over a whole territory are the administrator's.
        """
        is_anchored = self.action not in TERRITORY_WIDE or role == Role.ADMINISTRATOR
        return self.action in ROLE_ACTIONS[role] and is_anchored


@dataclass(frozen=True)
class Target:
    """An address and the rows it names."""

    path: str
    rows: tuple[Model, ...]

    @property
    def is_shared(self) -> bool:
        """Tell whether the programmes of one territory share the rows (a site, an account)."""
        return all(_is_of_territory(type(row)) for row in self.rows)


def _is_of_territory(model: type[Model]) -> bool:
    if model is User or getattr(model, "PUBLIC", False):
        return True
    return any(anchor == "territory" for _, anchor, _ in scope_paths(model))


def see(action: Action, *, read: int = 200, **objects: Pick) -> Entry:
    """Return the entry of a page that is only read."""
    return Entry(action, objects=objects, read=read)


def fill(
    action: Action, *, data: Pick | None = None, query: str = "", posted: int = 302, **objects: Pick
) -> Entry:
    """Return the entry of a form, or of a question before an act: read, then sent."""
    return Entry(action, ("GET", "POST"), objects, data, query, posted=posted)


def press(action: Action, *, data: Pick | None = None, **objects: Pick) -> Entry:
    """Return the entry of a button: sent, never read."""
    return Entry(action, ("POST",), objects, data)

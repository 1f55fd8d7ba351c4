"""What each role may do, and the scope of a user: the one place of permissions."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from autoprod.accounts.models import User
from autoprod.core.intervals import not_over
from autoprod.core.scoping import NOTHING, Action, Scope
from programmes.enums import PartnerRole, Role
from programmes.models import Membership, Organisation, Partnership, Programme

_READ = {Action.VIEW_FRAME}
_TEAM = _READ | {
    Action.VIEW_ATTACHMENTS,
    Action.EXPORT_FRAME,
    Action.VIEW_SESSIONS,
    Action.EDIT_SESSIONS,
    Action.TICK_ATTENDANCE,
    Action.VIEW_PERSONS,
    Action.RATE_SKILLS,
    Action.VIEW_GARDENS,
    Action.EDIT_GARDENS,
    Action.VIEW_FIGURES,
}
#: Social data: its files, and the small counts that could tell of them.
_SOCIAL = _TEAM | {
    Action.EDIT_PARTNERS,
    Action.EDIT_PERSONS,
    Action.VIEW_IDENTITIES,
    Action.VIEW_SITUATIONS,
    Action.VIEW_FSE,
    Action.VIEW_PATHWAYS,
    Action.EDIT_PATHWAYS,
    Action.VIEW_NOTES,
    Action.VIEW_INTERNAL_FIGURES,
}
#: Figures and amounts, never a name.
_OUTSIDE = _READ | {Action.VIEW_FIGURES, Action.VIEW_BUDGET}

#: The whole matrix on one screen. No role sees more by being added to another: rights add up.
ROLE_ACTIONS: dict[Role, frozenset[Action]] = {
    Role.SOCIAL_WORKER: frozenset(_SOCIAL),
    Role.WORKSHOP_LEADER: frozenset(_TEAM),
    Role.PROGRAMME_MANAGER: frozenset(
        _SOCIAL
        | {
            Action.EDIT_PROGRAMME,
            Action.CREATE_PROGRAMME,
            Action.LOCK_STATEMENTS,
            Action.EDIT_SITES,
            Action.VIEW_BUDGET,
            Action.EDIT_BUDGET,
            Action.EDIT_REPORTS,
        }
    ),
    Role.COMMITTEE_MEMBER: frozenset(_OUTSIDE),
    Role.NETWORK_COORDINATOR: frozenset(_OUTSIDE | {Action.EXPORT_FRAME}),
    Role.ADMINISTRATOR: frozenset(
        _READ
        | {
            Action.CREATE_PROGRAMME,
            Action.EDIT_TERRITORY,
            Action.EDIT_REFERENCES,
            Action.MANAGE_ACCOUNTS,
            Action.VIEW_AUDIT,
        }
    ),
}

#: Rights over a whole territory; holding the role in one of its programmes is not enough.
TERRITORY_WIDE = frozenset(
    {
        Action.CREATE_PROGRAMME,
        Action.EDIT_TERRITORY,
        Action.EDIT_REFERENCES,
        Action.MANAGE_ACCOUNTS,
        Action.VIEW_AUDIT,
    }
)

#: Roles that can reach every file of a programme, or open accounts: a password is not enough.
SECOND_FACTOR_ROLES = frozenset({Role.PROGRAMME_MANAGER, Role.ADMINISTRATOR})

#: What an organisation's programmes are, for a membership anchored on it.
_OPENED_BY_ORGANISATION = {
    Role.COMMITTEE_MEMBER: {PartnerRole.FUNDER, PartnerRole.COMMITTEE},
    Role.NETWORK_COORDINATOR: {PartnerRole.NETWORK},
}


def scope_of(user: User, *, on: date | None = None) -> Scope:
    """Return what the user may do on a day (today): the union of their memberships.

    A membership opens its programme; a territory's opens all its programmes; an organisation's
    opens the programmes it runs, for a committee member those it funds or sits on, for a network
    coordinator those of its network. Territory rows (sites, organisations) are open to whoever
    holds the action in one of its programmes. Anonymous, inactive or without membership: nothing.
    """
    if not (user.is_authenticated and user.is_active):
        return NOTHING
    on = on or timezone.localdate()
    memberships = list(
        Membership.objects.filter(user=user.pk)
        .active(on)
        .select_related("territory", "programme__territory", "organisation__territory")
    )
    reach = _reach(memberships, on)
    programmes, territories = defaultdict(set), defaultdict(set)
    for membership in memberships:
        actions = ROLE_ACTIONS[Role(membership.role)]
        opened = reach[membership.pk]
        for action in actions:
            if membership.territory_id:
                territories[action].add(membership.territory_id)
            if action in TERRITORY_WIDE and not membership.territory_id:
                continue
            programmes[action] |= opened.keys()
            territories[action] |= set(opened.values())
    return Scope(
        actor_key=str(user.pk),
        actor_label=user.email,
        programmes={action: frozenset(keys) for action, keys in programmes.items() if keys},
        territories={action: frozenset(keys) for action, keys in territories.items() if keys},
        title=_title(memberships),
        second_factor_required=any(m.role in SECOND_FACTOR_ROLES for m in memberships),
    )


def _reach(memberships: Iterable[Membership], on: date) -> dict[int, dict[int, int]]:
    """Return, for each membership, the programmes it opens and their territories (keys)."""
    by_territory, by_organisation = defaultdict(dict), defaultdict(lambda: defaultdict(dict))
    territories = {m.territory_id for m in memberships if m.territory_id}
    if territories:
        rows = Programme.objects.filter(territory__in=territories)
        for key, territory in rows.values_list("pk", "territory"):
            by_territory[territory][key] = territory
    organisations = {m.organisation_id for m in memberships if m.organisation_id}
    if organisations:
        links = Partnership.objects.filter(organisation__in=organisations).active(on)
        for organisation, role, key, territory in links.values_list(
            "organisation", "role", "programme", "programme__territory"
        ):
            by_organisation[organisation][role][key] = territory
    return {m.pk: _opened(m, by_territory, by_organisation) for m in memberships}


def _opened(membership: Membership, by_territory, by_organisation) -> dict[int, int]:
    if membership.programme_id:
        return {membership.programme_id: membership.programme.territory_id}
    if membership.territory_id:
        return by_territory[membership.territory_id]
    links = by_organisation[membership.organisation_id]
    opening = _opening(Role(membership.role))
    return {key: territory for role in opening for key, territory in links[role].items()}


def _opening(role: Role) -> set[PartnerRole]:
    """Return what an organisation must be in a programme to open it to its people of a role."""
    return _OPENED_BY_ORGANISATION.get(role, {PartnerRole.OPERATOR})


def holders(programmes: Iterable[Programme], roles: Iterable[Role], *, on: date) -> QuerySet[User]:
    """Return the open accounts that hold one of the roles in one of the programmes on a day.

    The right may be on the programme, on its territory or on an organisation that runs it, as
    for scopes.
    """
    programmes = list(programmes)
    runners = Partnership.objects.filter(programme__in=programmes, role=PartnerRole.OPERATOR)
    anchored = (
        Q(programme__in=programmes)
        | Q(territory__in={programme.territory_id for programme in programmes})
        | Q(organisation__in=runners.active(on).order_by().values("organisation"))
    )
    rights = Membership.objects.filter(anchored, role__in=list(roles)).active(on)
    return User.objects.filter(is_active=True, pk__in=rights.order_by().values("user"))


def gives_access(organisation: Organisation, role: PartnerRole, *, on: date) -> bool:
    """Tell whether a programme where the organisation has this role opens to somebody by it.

    Rights to come count: they wait for their day.
    """
    roles = [held for held in Role if role in _opening(held)]
    rows = Membership.objects.filter(organisation=organisation.pk, role__in=roles)
    return rows.filter(not_over(on)).exists()


def _title(memberships: Iterable[Membership]) -> str:
    """Return the service's name when there is one, for the head of the menu."""
    anchors = {m.territory or m.anchor.territory for m in memberships}
    return anchors.pop().controller if len(anchors) == 1 else ""

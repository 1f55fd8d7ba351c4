"""The first start of a real installation: everything it cannot do without, at once."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from autoprod.accounts.enums import LinkKind
from autoprod.accounts.links import make_link
from autoprod.accounts.models import User
from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.models import Installation
from autoprod.core.scoping import Action, Scope
from programmes.enums import DEFAULT_MODULES, PartnerRole, ProgrammeKind, Role
from programmes.models import (
    Edition,
    Membership,
    Organisation,
    Partnership,
    Programme,
    ReferenceCode,
    Territory,
)


@transaction.atomic
def open_installation(*, scope: Scope, answers: Mapping[str, str]) -> str:
    """Create the rows a service starts with and return the path of the first account's link.

    `answers` are the cleaned data of FirstStartForm. One account holds both roles: somebody must
    open the others' accounts, and somebody must lead the programme.
    """
    installation = Installation.objects.create(pk=1, is_demo=False)
    territory = Territory.objects.create(
        name=answers["territory"],
        kind=_code(scope, "territory_kinds", "commune"),
        insee_code=answers["insee"],
        controller=answers["controller"],
    )
    user = User.objects.create_user(
        answers["email"], first_name=answers["first_name"], last_name=answers["last_name"]
    )
    rows = [territory, user, *_frame(scope, territory, answers)]
    rows += [
        Membership.objects.create(
            user=user, role=role, territory=territory, starts_on=timezone.localdate()
        )
        for role in (Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER)
    ]
    for row in rows:
        record(scope, Verb.CREATE, row, territory=str(territory.pk))
    record(scope, Verb.COMMAND, installation, reason="premier démarrage")
    return make_link(user, LinkKind.INVITATION, scope=scope)


def _frame(scope: Scope, territory: Territory, answers: Mapping[str, str]) -> list:
    """Create the organisation, its programme and this year's edition; return them."""
    kind, year = ProgrammeKind(answers["kind"]), timezone.localdate().year
    organisation = Organisation.objects.create(
        territory=territory,
        name=answers["organisation"],
        kind=_code(scope, "organisation_kinds", "ccas"),
    )
    programme = Programme.objects.create(
        territory=territory,
        name=answers["programme"],
        kind=kind,
        modules=list(DEFAULT_MODULES[kind]),
    )
    partnership = Partnership.objects.create(
        programme=programme, organisation=organisation, role=PartnerRole.OPERATOR
    )
    edition = Edition.objects.create(
        programme=programme,
        label=str(year),
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
    )
    return [organisation, programme, partnership, edition]


def _code(scope: Scope, name: str, value: str) -> ReferenceCode:
    rows = ReferenceCode.objects.for_scope(scope, Action.EDIT_REFERENCES)
    return rows.in_list(name).get(code=value, territory=None)

"""Rows of the frame for tests: what is not said is the plainest value that is valid."""

from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.utils import timezone

from autoprod.accounts.models import User
from programmes.enums import LineTemplate, PartnerRole, ProgrammeKind, Role
from programmes.models import (
    Attachment,
    Budget,
    BudgetLine,
    District,
    Edition,
    Membership,
    Objective,
    ObjectiveVersion,
    Organisation,
    Partnership,
    Programme,
    ReferenceCode,
    Session,
    Site,
    Territory,
    Workshop,
)
from tests.factories.accounts import make_user

#: Before any date a test compares with.
LONG_AGO = date(2015, 1, 1)
#: Of as many digits, so that sorted as texts they keep their order.
_numbers = count(100_001)


def code(list_name: str, value: str = "") -> ReferenceCode:
    """Return a shipped code of a list: the one named, otherwise the first."""
    codes = ReferenceCode.objects.in_list(list_name).filter(territory=None)
    found = (codes.filter(code=value) if value else codes).first()
    if found is None:
        raise LookupError(f"no code {value!r} in the list {list_name!r}")
    return found


def make_code(territory: Territory, list_name: str = "site_kinds", **fields) -> ReferenceCode:
    """Return a code that a territory added to a list."""
    values = {"code": f"local-{next(_numbers)}", "label": "Valeur du territoire", **fields}
    return ReferenceCode.objects.create(territory=territory, list=list_name, **values)


def make_territory(name: str = "", **fields) -> Territory:
    """Return a territory."""
    values = {
        "name": name or f"Territoire {next(_numbers)}",
        "controller": f"CCAS de {name or 'Valenciennes'}",
    }
    if "kind" not in fields:
        values["kind"] = code("territory_kinds")
    return Territory.objects.create(**values | fields)


def make_district(territory: Territory, name: str = "", **fields) -> District:
    """Return a district, which is no QPV unless `qpv_code` says so."""
    name = name or f"Quartier {next(_numbers)}"
    return District.objects.create(territory=territory, name=name, **fields)


def make_organisation(territory: Territory, name: str = "", **fields) -> Organisation:
    """Return an organisation."""
    fields.setdefault("kind", code("organisation_kinds"))
    name = name or f"Organisation {next(_numbers)}"
    return Organisation.objects.create(territory=territory, name=name, **fields)


def make_programme(territory: Territory, name: str = "", **fields) -> Programme:
    """Return a programme, a garden unless `kind` says otherwise."""
    values = {"name": name or f"Action {next(_numbers)}", "kind": ProgrammeKind.GARDEN}
    return Programme.objects.create(territory=territory, **values | fields)


def make_edition(programme: Programme, year: int | None = None, **fields) -> Edition:
    """Return the edition of a calendar year, this one unless said."""
    year = year or timezone.localdate().year
    values = {
        "label": str(year),
        "starts_on": date(year, 1, 1),
        "ends_on": date(year, 12, 31),
    }
    return Edition.objects.create(programme=programme, **values | fields)


def make_objective(edition: Edition, *, position: int = 1, **wording) -> Objective:
    """Return an objective with its first wording."""
    objective = Objective.objects.create(edition=edition, position=position)
    make_wording(objective, **wording)
    return objective


def make_wording(objective: Objective, **fields) -> ObjectiveVersion:
    """Return what the objective says from the first day of its edition, unless dated."""
    values = {
        "valid_from": objective.edition.starts_on,
        "wording": "Accueillir vingt personnes au jardin.",
        "target": 20,
        "unit": "personnes",
    }
    return ObjectiveVersion.objects.create(objective=objective, **values | fields)


def first_wording(objective: Objective) -> ObjectiveVersion:
    """Return the oldest wording of an objective."""
    return ObjectiveVersion.objects.filter(objective=objective).earliest("valid_from", "pk")


def make_site(territory: Territory, *programmes: Programme, name: str = "", **fields) -> Site:
    """Return a site used by the programmes named."""
    fields.setdefault("kind", code("site_kinds"))
    name = name or f"Site {next(_numbers)}"
    fields.setdefault("short_name", name[:20])
    site = Site.objects.create(territory=territory, name=name, **fields)
    site.programmes.set(programmes)
    return site


def make_partnership(
    programme: Programme,
    organisation: Organisation,
    role: PartnerRole = PartnerRole.PARTNER,
    **fields,
) -> Partnership:
    """Return a partnership without end."""
    return Partnership.objects.create(
        programme=programme, organisation=organisation, role=role, **fields
    )


def make_attachment(programme: Programme, title: str = "Convention signée", **fields) -> Attachment:
    """Return a file kept with the programme; its content is a few bytes of PDF."""
    content = b"%PDF-1.4\n%%EOF\n"
    values = {"content_type": "application/pdf", "size": len(content), "sha256": "0" * 64}
    attachment = Attachment(programme=programme, title=title, **values | fields)
    attachment.file = ContentFile(content, name="convention.pdf")
    attachment.save()
    return attachment


def make_budget(edition: Edition, *lines: tuple[str, int], **fields) -> Budget:
    """Return a budget on the 2016 plan; `lines` are (code of the plan, euros)."""
    values = {"template": LineTemplate.PSL_2016, **fields}
    budget = Budget.objects.create(edition=edition, **values)
    for value, amount in lines:
        make_line(budget, value, amount)
    return budget


def make_line(budget: Budget, value: str, amount: int, **fields) -> BudgetLine:
    """Return a line of the budget: a code of its plan, an amount in euros."""
    return BudgetLine.objects.create(
        budget=budget, account=code(budget.template, value), amount=amount, **fields
    )


def first_line(budget: Budget) -> BudgetLine:
    """Return the first line of a budget."""
    return BudgetLine.objects.filter(budget=budget).first()


def at(day: date, clock: str, *, zone: str = "Europe/Paris") -> datetime:
    """Return an instant: a day, « 08:30 » on the wall, in a zone."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=ZoneInfo(zone))


def make_session(
    programme: Programme,
    *sites: Site,
    on: date | None = None,
    hours: tuple[str, str] = ("08:00", "12:00"),
    **fields,
) -> Session:
    """Return a session of yesterday morning unless dated, neither closed nor cancelled."""
    day = on or yesterday()
    if "kind" not in fields:
        fields["kind"] = code("session_kinds")
    start, end = (at(day, clock) for clock in hours)
    session = Session.objects.create(
        programme=programme, **{"starts_at": start, "ends_at": end} | fields
    )
    session.sites.set(sites)
    return session


def close(session: Session) -> Session:
    """Return the session, closed at its end: its hours count."""
    session.closed_at = session.ends_at
    session.save()
    return session


def cancel(session: Session, reason: str = "gel") -> Session:
    """Return the session, cancelled the day before it."""
    session.cancelled_on = session.on - timedelta(days=1)
    session.cancel_reason = code("cancellation_reasons", reason)
    session.save()
    return session


def make_workshop(session: Session, theme: str = "culture", **fields) -> Workshop:
    """Return a workshop that lasts as long as its session."""
    values = {"starts_at": session.starts_at, "ends_at": session.ends_at}
    return Workshop.objects.create(
        session=session, theme=code("workshop_themes", theme), **values | fields
    )


def make_membership(
    user: User, role: Role, anchor: Territory | Programme | Organisation, **dates
) -> Membership:
    """Return a right of the user, in force for long unless dated."""
    values = {type(anchor)._meta.model_name: anchor, "starts_on": LONG_AGO}
    return Membership.objects.create(user=user, role=role, **values | dates)


def make_member(
    role: Role, anchor: Territory | Programme | Organisation, *, name: str = "", **dates
) -> User:
    """Return a new user holding one role on one anchor."""
    user = make_user(last_name=name or Role(role).label.capitalize())
    make_membership(user, role, anchor, **dates)
    return user


def right_of(user: User) -> Membership:
    """Return the only right of a user."""
    return Membership.objects.get(user=user)


def yesterday() -> date:
    """Return the day before today."""
    return timezone.localdate() - timedelta(days=1)


def tomorrow() -> date:
    """Return the day after today."""
    return timezone.localdate() + timedelta(days=1)

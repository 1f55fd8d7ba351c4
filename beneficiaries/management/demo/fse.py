"""The demo's FSE+ questionnaires: asked as people come in, then as they leave, most in time."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from autoprod.core.scoping import Scope
from beneficiaries.management.demo.lots import draw, lot
from beneficiaries.management.demo.persons import codes
from beneficiaries.models import FseAnswers, Situation
from beneficiaries.services import fse
from beneficiaries.services.fse import Participation
from programmes.management.demo.sessions import ZONE
from programmes.models import Edition, Programme

_BATCH = 200
#: What of the participants were asked at entry, and at exit.
_ENTERED, _LEFT = 0.98, 0.95
_YES_OR_NO = ("non",) * 7 + ("oui", "oui", "ne_souhaite_pas_repondre")
_SAYS_YES = ("oui", "oui", "oui", "ne_souhaite_pas_repondre")
_NATIONALITIES = ("francaise",) * 8 + ("ue", "hors_ue")


def load(*, programme: Programme, on: date) -> None:
    """Create the answers of a day, and those of the exits on what is there."""
    scope = Scope.everything(reason="démonstration")
    editions = Edition.objects.filter(programme=programme).exclude(operation_number="")
    found = [
        one
        for edition in editions.order_by("starts_on", "pk")
        for one in fse.participations(scope=scope, edition=edition, on=on)
    ]
    there = fse.answers_to(scope=scope, found=found)
    _load_entries([one for one in found if one.key not in there], on)
    _load_exits(found, fse.answers_to(scope=scope, found=found), on)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(10), tzinfo=ZONE)


def _load_entries(found: Iterable[Participation], on: date) -> None:
    answers, nationalities = codes("yes_no_declined"), codes("nationality_groups")
    # Whoever has the AAH told of a disability already.
    rows = Situation.objects.filter(minimum_incomes__code="aah").order_by("-observed_on")
    told, new = dict(rows.values_list("person", "observed_on")), []
    for one in found:
        day = one.entered_on + timedelta(days=1 + int(_lot("asked", one) * 10))
        if day > on or _lot("entry", one) >= _ENTERED:
            continue
        disability = _SAYS_YES if told.get(one.person.pk, date.max) <= day else _YES_OR_NO
        new.append(
            FseAnswers(
                person=one.person,
                edition=one.edition,
                informed_on=day,
                collected_on=day,
                disability=answers[_draw(disability, "disability", one)],
                parent_born_abroad=answers[_draw(_YES_OR_NO, "parent", one)],
                minority=answers[_draw(_YES_OR_NO, "minority", one)],
                nationality=nationalities[_draw(_NATIONALITIES, "nationality", one)],
                recorded_by_id=one.stays[0].referent_id,
            )
        )
    FseAnswers.objects.bulk_create(new, batch_size=_BATCH)
    for row in new:
        row.recorded_at = _moment(row.collected_on)
    FseAnswers.objects.bulk_update(new, ["recorded_at"], batch_size=_BATCH)


def _load_exits(
    found: Iterable[Participation], there: dict[tuple[int, int], FseAnswers], on: date
) -> None:
    answers, changed = codes("yes_no_declined"), []
    for one in found:
        row = there.get(one.key)
        if row is None or row.exit_collected_on or one.has_died or not one.has_left(on):
            continue
        day = one.left_on + timedelta(days=2 + int(_lot("exit day", one) * 24))
        if day > on or _lot("exit", one) >= _LEFT:
            continue
        row.exit_collected_on, row.exit_recorded_at = day, _moment(day)
        for name in ("exit_seeking", "exit_training", "exit_qualification"):
            setattr(row, name, answers[_draw(_YES_OR_NO, name, one)])
        row.version += 1
        changed.append(row)
    fields = ["exit_collected_on", "exit_recorded_at", "exit_seeking", "exit_training"]
    FseAnswers.objects.bulk_update(
        changed, [*fields, "exit_qualification", "version"], batch_size=_BATCH
    )


def _lot(word: str, one: Participation) -> float:
    return lot("fse", word, one.edition.label, str(one.person))


def _draw(things: tuple[str, ...], word: str, one: Participation) -> str:
    return draw(things, "fse", word, one.edition.label, str(one.person))

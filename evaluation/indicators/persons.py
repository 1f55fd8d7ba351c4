"""Persons: how many took part, and who they are."""

from collections.abc import Mapping
from datetime import date

from django.db.models import (
    Case,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from autoprod.core.formatting import day
from autoprod.core.periods import Period
from autoprod.core.scoping import Action
from autoprod.core.tables import Column
from beneficiaries.enums import Part
from beneficiaries.models import Attendance, Enrolment, Interview, Person, Situation
from beneficiaries.models.attendance import AttendanceQuerySet
from evaluation.enums import AGE_STARTS, Unit
from evaluation.indicators.registry import Dimension, Figure, Measure, Selection, figure
from programmes.models import District, ReferenceCode

I1 = "Fiche d’expérience «\u00a0Les jardins du cœur\u00a0», «\u00a0personnes touchées\u00a0»"

SITUATION_COLUMNS = (
    Column("Personne", lambda situation: situation.person),
    Column("Situation au", lambda situation: situation.observed_on, show=day),
)
PERSON_COLUMNS = (
    Column("Personne", lambda person: person),
    Column("Téléphone", lambda person: person.phone),
)


def _counted(selection: Selection, lines: AttendanceQuerySet) -> AttendanceQuerySet:
    """Return those of the lines that count: presences in the closed sessions of the selection."""
    period = selection.period
    return lines.counted().filter(
        session__programme__in=selection.programmes,
        session__on__gte=period.start,
        session__on__lte=period.end,
    )


def attended(selection: Selection) -> AttendanceQuerySet:
    """Return the presences that count, of participants."""
    lines = Attendance.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    return _counted(selection, lines).filter(
        enrolment__part=Part.PARTICIPANT, enrolment__entered_on__lte=selection.period.end
    )


def participants(selection: Selection) -> QuerySet:
    """Return the enrolments of participants, entered or not."""
    enrolments = Enrolment.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    return enrolments.participants().filter(programme__in=selection.programmes)


def stays(selection: Selection) -> QuerySet:
    """Return the stays of participants that share a day with the period."""
    return participants(selection).during(selection.period)


def has_come(selection: Selection) -> Exists:
    """Return whether a stay has a presence that counts.

    It is looked for until the first one: a sum of hours has to read them all, this has not.
    """
    # A line is of the day of its session: said of both, so that the line's own index leads.
    lines = Attendance.objects.filter(enrolment=OuterRef("pk")).in_period(selection.period)
    return Exists(_counted(selection, lines))


def touched(selection: Selection) -> QuerySet:
    """Return the stays of the « file active »: a presence that counts, or an interview held.

    A presence is looked for first: most of the stays have one.
    """
    interviews = Interview.objects.filter(enrolment=OuterRef("pk")).held()
    met = Exists(interviews.in_period(selection.period))
    return stays(selection).filter(Q(has_come(selection)) | Q(met))


def reached(selection: Selection) -> QuerySet:
    """Return the persons of the « file active »."""
    keys = selection.reached
    if keys is None:
        keys = touched(selection).values("person")
    return Person.objects.for_scope(selection.scope, Action.VIEW_FIGURES).filter(pk__in=keys)


def who_is_reached(selection: Selection) -> frozenset[int]:
    """Return the keys of the persons reached, read in one go."""
    # Without its order, which SELECT DISTINCT would take for a part of the question.
    rows = touched(selection).order_by().values_list("person", flat=True)
    return frozenset(rows.distinct())


def _years_before(day_: date, years: int) -> date:
    """Return the last birth that makes `years` completed years on a day.

    Born on 29 February, one turns on 1 March: 28 February is then too early.
    """
    try:
        return day_.replace(year=day_.year - years)
    except ValueError:
        return day_.replace(year=day_.year - years, day=28)


def age_band(day_: date, path: str = "identity__born_on") -> Case:
    """Return the first age of the band of an age on a day; None when the birth is unknown."""
    oldest_first = sorted(AGE_STARTS, reverse=True)
    return Case(
        *(
            When(**{f"{path}__lte": _years_before(day_, years)}, then=years)
            for years in oldest_first
        ),
        default=Value(None),
        output_field=IntegerField(),
    )


def age_names() -> Mapping[int, str]:
    """Return the label of each band."""
    ends = (*(start - 1 for start in AGE_STARTS[1:]), None)
    return {
        start: f"{start} ans et plus" if end is None else f"De {start} à {end} ans"
        for start, end in zip(AGE_STARTS, ends, strict=True)
    }


def _known(period: Period, value: str) -> Subquery:
    """Return a value of the last situation known at the end of the period."""
    situations = Situation._base_manager.filter(
        person=OuterRef("pk"), observed_on__lte=period.end
    ).order_by("-observed_on")
    return Subquery(situations.values(value)[:1])


def without_details(code: ReferenceCode) -> str:
    """Return a label without what it says in brackets."""
    return code.label.partition(" (")[0]


def level_name(code: ReferenceCode) -> str:
    """Return « V bis » of « Niveau V bis (troisième…) »."""
    return without_details(code).removeprefix("Niveau ")


def characteristics(period: Period) -> dict[str, Dimension]:
    """Return what a person can be counted by, on the last day of the period."""
    return {
        "sex": Dimension(
            "Personnes par sexe",
            key="identity__sex",
            lookup=ReferenceCode,
            is_characteristic=True,
            action=Action.VIEW_IDENTITIES,
        ),
        "age": Dimension(
            "Personnes par âge",
            key=age_band(period.end),
            names=age_names(),
            is_characteristic=True,
            is_ordered=True,
            action=Action.VIEW_IDENTITIES,
        ),
        "district": Dimension(
            "Personnes par quartier",
            key=_known(period, "district"),
            lookup=District,
            is_characteristic=True,
            action=Action.VIEW_SITUATIONS,
            regrouped="{count} quartiers de moins de {threshold} pers.",
        ),
        "level": Dimension(
            "Personnes par niveau de formation",
            key=_known(period, "education_level"),
            lookup=ReferenceCode,
            short=level_name,
            is_characteristic=True,
            is_ordered=True,
            action=Action.VIEW_SITUATIONS,
        ),
    }


@figure(
    code="persons_reached",
    label="Personnes touchées",
    unit=Unit.PERSONS,
    formula=(
        "Personnes distinctes dont un séjour de participant partage un jour avec la période, et "
        "qui ont dans ce séjour et dans la période au moins une présence dans une séance clôturée "
        "ou un entretien tenu. Âge, quartier et niveau sont ceux du dernier jour de la période."
    ),
    source=I1,
    version=2,
    of_reached=True,
    protected=True,
)
def persons_reached(selection: Selection) -> Figure:
    """Count the persons of the « file active »."""
    return Figure(
        rows=reached(selection), by=characteristics(selection.period), columns=PERSON_COLUMNS
    )


@figure(
    code="persons_by_income",
    label="Personnes touchées, par minimum social",
    unit=Unit.PERSONS,
    formula=(
        "Personnes touchées dont une situation est connue à la fin de la période, puis celles dont "
        "la dernière porte tel minimum social. Une personne peut en percevoir plusieurs\u00a0: "
        "les lignes ne s’additionnent pas, et leur part se lit sur les personnes touchées."
    ),
    source=I1 + ", situation sociale",
    version=2,
    of_reached=True,
    protected=True,
    yearly=True,
    list_action=Action.VIEW_SITUATIONS,
)
def persons_by_income(selection: Selection) -> Figure:
    """Count the persons touched by what they live on; a person may have several."""
    situations = Situation.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    known = situations.known_on(selection.period.end)
    return Figure(
        rows=known.filter(person__in=reached(selection).values("pk")),
        by={
            "income": Dimension(
                "Personnes par minimum social",
                key="minimum_incomes",
                lookup=ReferenceCode,
                short=without_details,
                is_characteristic=True,
                is_multiple=True,
                action=Action.VIEW_SITUATIONS,
            )
        },
        whole_of="persons_reached",
        columns=SITUATION_COLUMNS,
        related=("person",),
    )


@figure(
    code="persons_on_rsa",
    label="Personnes touchées au RSA",
    unit=Unit.PERSONS,
    formula=(
        "Personnes touchées dont la dernière situation connue à la fin de la période porte le RSA, "
        "majoré ou non."
    ),
    source=I1 + ", situation sociale",
    version=2,
    protected=True,
    yearly=True,
    of_reached=True,
    list_action=Action.VIEW_SITUATIONS,
)
def persons_on_rsa(selection: Selection) -> Figure:
    """Count the persons touched who live on the RSA, whichever its kind."""
    situations = Situation.objects.for_scope(selection.scope, Action.VIEW_FIGURES)
    known = situations.known_on(selection.period.end)
    return Figure(
        rows=known.filter(person__in=reached(selection).values("pk")),
        measure=Measure("person", is_distinct=True),
        where=Q(minimum_incomes__code="rsa") | Q(minimum_incomes__parent_code="rsa"),
        whole_of="persons_reached",
        tells_the_rest=True,
        related=("person",),
        columns=SITUATION_COLUMNS,
    )


ENROLMENT_COLUMNS = (
    Column("Personne", lambda enrolment: enrolment.person),
    Column("Entrée", lambda enrolment: enrolment.entered_on, show=day),
    Column("Sortie", lambda enrolment: enrolment.left_on, show=day),
)


@figure(
    code="persons_by_programme",
    label="Personnes touchées, action par action",
    unit=Unit.PERSONS,
    formula=(
        "Personnes touchées, comptées dans chacune des actions où elles le sont\u00a0: une "
        "personne de deux actions compte dans les deux lignes, une fois dans l’ensemble."
    ),
    source=I1,
    protected=True,
)
def persons_by_programme(selection: Selection) -> Figure:
    """Count the persons of the « file active », programme by programme."""
    return Figure(
        rows=touched(selection),
        measure=Measure("person", is_distinct=True),
        by={
            "programme": Dimension(
                "Par action",
                key="programme",
                label="programme__name",
                order="programme__sort_key",
            )
        },
        columns=ENROLMENT_COLUMNS,
        related=("person",),
    )


@figure(
    code="persons_entered",
    label="Entrées",
    unit=Unit.PERSONS,
    formula="Personnes distinctes dont une entrée comme participante a lieu dans la période.",
    source=I1,
)
def persons_entered(selection: Selection) -> Figure:
    """Count who came in during the period."""
    period = selection.period
    return Figure(
        rows=participants(selection),
        measure=Measure("person", is_distinct=True),
        where=Q(entered_on__gte=period.start, entered_on__lte=period.end),
        family="stays",
        columns=ENROLMENT_COLUMNS,
        related=("person",),
    )


@figure(
    code="persons_left",
    label="Sorties",
    unit=Unit.PERSONS,
    formula="Personnes distinctes dont une sortie, après une entrée, a lieu dans la période.",
    source=I1,
)
def persons_left(selection: Selection) -> Figure:
    """Count who left during the period."""
    period = selection.period
    return Figure(
        rows=participants(selection),
        measure=Measure("person", is_distinct=True),
        where=Q(entered_on__isnull=False, left_on__gte=period.start, left_on__lte=period.end),
        family="stays",
        columns=ENROLMENT_COLUMNS,
        related=("person",),
    )


@figure(
    code="persons_without_presence",
    label="Inscrits sans présence",
    unit=Unit.PERSONS,
    formula=(
        "Personnes distinctes dont un séjour de participant partage un jour avec la période, et "
        "qui n’y ont aucune présence dans une séance clôturée. Celles qui ont eu un entretien sont "
        "touchées\u00a0: elles comptent ici aussi. Les autres ne sont pas touchées."
    ),
    source=I1,
    version=2,
    protected=True,
)
def persons_without_presence(selection: Selection) -> Figure:
    """Count who is in the programme and was not present."""
    present = stays(selection).filter(has_come(selection))
    return Figure(
        rows=stays(selection),
        measure=Measure("person", is_distinct=True),
        where=~Q(person__in=present.values("person")),
        columns=ENROLMENT_COLUMNS,
        related=("person",),
    )

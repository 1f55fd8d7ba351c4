"""Presence: who came, and for how long."""

from django.db.models.functions import TruncMonth

from autoprod.core.formatting import day, hours
from autoprod.core.scoping import Action
from autoprod.core.tables import Column
from evaluation.enums import Unit
from evaluation.indicators.persons import attended
from evaluation.indicators.registry import Dimension, Figure, Measure, Selection, figure

FICHE = "Fiche d’expérience «\u00a0Les jardins du cœur\u00a0»"
I6 = FICHE + ", «\u00a0heures globales de présence\u00a0»"


_PROGRAMMES = Dimension(
    "Par action",
    key="session__programme",
    label="session__programme__name",
    order="session__programme__sort_key",
)


@figure(
    code="persons_present",
    label="Personnes présentes",
    unit=Unit.PERSONS,
    formula=(
        "Personnes distinctes, inscrites comme participantes et entrées dans l’action, qui ont au "
        "moins une présence dans une séance clôturée de la période, action par action. Elles sont "
        "toutes touchées\u00a0; d’autres le sont par un entretien. Réservé à l’équipe\u00a0: "
        "l’écart avec les personnes touchées est un petit effectif."
    ),
    source=I6,
    version=2,
    action=Action.VIEW_INTERNAL_FIGURES,
    protected=True,
)
def persons_present(selection: Selection) -> Figure:
    """Count who came, programme by programme."""
    return Figure(
        rows=attended(selection),
        measure=Measure("enrolment__person", is_distinct=True),
        by={"programme": _PROGRAMMES},
        columns=(
            Column("Personne", lambda line: line.enrolment.person),
            Column("Jour", lambda line: line.on, show=day),
            Column("Site", lambda line: line.site),
        ),
        related=("enrolment__person", "site"),
    )


#: Those that were signed for, or not, are of the same rows.
HOURS = {
    "site": Dimension(
        "Heures de présence par site",
        key="site",
        label="site__name",
        order="site__sort_key",
    ),
    "month": Dimension(
        "Heures de présence par mois",
        key=TruncMonth("session__on"),
        # SQLite calls Python for each row it truncates: a day is read, then folded.
        finer="session__on",
        fold=lambda on: on.replace(day=1),
        is_ordered=True,
    ),
    "programme": _PROGRAMMES,
}
HOURS_FAMILY = "hours"
HOURS_COLUMNS = (
    Column("Personne", lambda line: line.enrolment.person),
    Column("Jour", lambda line: line.on, show=day),
    Column("Site", lambda line: line.site),
    Column("Durée", lambda line: line.minutes, show=hours, align="end"),
)
HOURS_RELATED = ("enrolment__person", "site")


@figure(
    code="hours",
    label="Heures de présence",
    unit=Unit.MINUTES,
    formula=(
        "Somme des durées de présence des participants dans les séances clôturées de la période, "
        "signées ou non. Deux présences d’une même personne ne se chevauchent jamais. Les ateliers "
        "tenus dans une séance n’ajoutent rien."
    ),
    source=I6,
)
def presence_hours(selection: Selection) -> Figure:
    """Add up the minutes of presence."""
    return Figure(
        rows=attended(selection),
        measure=Measure("minutes", is_sum=True),
        by=HOURS,
        family=HOURS_FAMILY,
        columns=HOURS_COLUMNS,
        related=HOURS_RELATED,
    )


@figure(
    code="attendances",
    label="Participations",
    unit=Unit.SESSIONS,
    formula="Nombre de présences de participants dans les séances clôturées de la période.",
    source=I6,
)
def attendances(selection: Selection) -> Figure:
    """Count the presences."""
    return Figure(
        rows=attended(selection),
        columns=(
            Column("Personne", lambda line: line.enrolment.person),
            Column("Jour", lambda line: line.on, show=day),
            Column("Site", lambda line: line.site),
        ),
        related=("enrolment__person", "site"),
    )

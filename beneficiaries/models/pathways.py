"""Pathways: what stands in the way (barriers), what is aimed at (objectives), the steps."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from autoprod.core.fields import MinutesField, PlainTextField
from autoprod.core.intervals import dates_in_order
from autoprod.core.models import VersionedModel
from autoprod.core.periods import Period
from autoprod.core.scoping import ScopedQuerySet
from beneficiaries.enums import BarrierState, StepState
from beneficiaries.models.enrolments import Enrolment
from programmes.models import Organisation, ReferenceCode, ReferenceField

#: A barrier nobody spoke of for so long is to be looked at again.
REASSESS_AFTER = timedelta(days=180)


class Barrier(VersionedModel):
    """What stands in somebody's way, from the day it is told to the day it is lifted.

    Source: France Travail, « diagnostic argumenté » (contraintes); one row as long as it lasts.
    """

    SCOPE_PATH = "enrolment__programme"

    enrolment = models.ForeignKey(
        Enrolment, verbose_name="inscription", on_delete=models.PROTECT, related_name="barriers"
    )
    kind = ReferenceField("barriers", verbose_name="frein")
    situations = models.ManyToManyField(
        ReferenceCode,
        verbose_name="ce qui est constaté",
        limit_choices_to={"list": "barrier_situations"},
        related_name="+",
        blank=True,
    )
    impact = ReferenceField("barrier_impact", verbose_name="pèse", null=True, blank=True)
    identified_on = models.DateField("repéré le")
    worked_since = models.DateField("travaillé depuis le", null=True, blank=True)
    reassessed_on = models.DateField("réévalué le", null=True, blank=True)
    is_worse = models.BooleanField("s’est aggravé", default=False)
    lifted_on = models.DateField("levé le", null=True, blank=True)

    class Meta:
        verbose_name = "frein"
        verbose_name_plural = "freins"
        ordering = ["kind__position", "-identified_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_barrier_open",
                fields=["enrolment", "kind"],
                condition=Q(lifted_on=None),
                violation_error_message="Ce frein est déjà noté, et n’est pas levé.",
            ),
            dates_in_order(
                "beneficiaries_barrier_worked",
                "identified_on",
                "worked_since",
                "Un frein est repéré avant d’être travaillé.",
            ),
            dates_in_order(
                "beneficiaries_barrier_lifted",
                "identified_on",
                "lifted_on",
                "Un frein est repéré avant d’être levé.",
            ),
            dates_in_order(
                "beneficiaries_barrier_reassessed",
                "identified_on",
                "reassessed_on",
                "Un frein est repéré avant d’être réévalué.",
            ),
            models.CheckConstraint(
                name="beneficiaries_barrier_worse",
                condition=Q(is_worse=False) | Q(lifted_on=None),
                violation_error_message="Un frein levé ne s’est pas aggravé.",
            ),
        ]

    def __str__(self) -> str:
        return self.kind.meta.get("short", self.kind.label)

    def state_on(self, day: date) -> BarrierState:
        """Return where it is on a day; silent for `REASSESS_AFTER`, it is to be reassessed."""
        if self.lifted_on and self.lifted_on <= day:
            return BarrierState.LIFTED
        last = max(filter(None, (self.identified_on, self.worked_since, self.reassessed_on)))
        if last < day - REASSESS_AFTER:
            return BarrierState.TO_REASSESS
        return BarrierState.WORKED_ON if self.worked_since else BarrierState.IDENTIFIED

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.enrolment.programme.territory_id


class Objective(VersionedModel):
    """What somebody wants to reach, in their own words, agreed with their referent."""

    SCOPE_PATH = "enrolment__programme"

    enrolment = models.ForeignKey(
        Enrolment, verbose_name="inscription", on_delete=models.PROTECT, related_name="objectives"
    )
    words = PlainTextField(
        "objectif",
        max_length=300,
        help_text="Dans les mots de la personne\u00a0: «\u00a0passer mon permis\u00a0».",
    )
    strand = ReferenceField("pathway_strands", verbose_name="volet", null=True, blank=True)
    barrier = models.ForeignKey(
        Barrier,
        verbose_name="frein",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="objectives",
    )
    agreed_on = models.DateField("convenu le")
    due_on = models.DateField("pour le", null=True, blank=True)
    reached_on = models.DateField("atteint le", null=True, blank=True)
    abandoned_on = models.DateField("laissé de côté le", null=True, blank=True)

    class Meta:
        verbose_name = "objectif du parcours"
        verbose_name_plural = "objectifs du parcours"
        ordering = ["agreed_on", "pk"]
        constraints = [
            dates_in_order(
                "beneficiaries_objective_due",
                "agreed_on",
                "due_on",
                "L’échéance précède l’accord.",
            ),
            dates_in_order(
                "beneficiaries_objective_reached",
                "agreed_on",
                "reached_on",
                "L’objectif est atteint avant d’avoir été convenu.",
            ),
            dates_in_order(
                "beneficiaries_objective_abandoned",
                "agreed_on",
                "abandoned_on",
                "L’objectif est laissé de côté avant d’avoir été convenu.",
            ),
            models.CheckConstraint(
                name="beneficiaries_objective_ended",
                condition=Q(reached_on=None) | Q(abandoned_on=None),
                violation_error_message="Un objectif est atteint ou laissé de côté, pas les deux.",
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.enrolment.programme.territory_id


class StepQuerySet(ScopedQuerySet):
    """Reads of steps."""

    def unfinished(self) -> "StepQuerySet":
        """Return the steps neither done nor abandoned, those to launch included."""
        return self.filter(done_on=None, abandoned_on=None)

    def in_state(self, state: StepState) -> "StepQuerySet":
        """Return the steps in a state, as `Step.state` tells it of one."""
        match StepState(state):
            case StepState.DONE:
                return self.filter(done_on__isnull=False)
            case StepState.ABANDONED:
                return self.filter(abandoned_on__isnull=False, done_on=None)
            case StepState.STARTED:
                return self.unfinished().filter(started_on__isnull=False)
        return self.unfinished().filter(started_on=None)

    def during(self, period: Period) -> "StepQuerySet":
        """Return the steps that are planned, under way or ended on a day of the period.

        A step to launch stays on the list until it is; without a date it is on today's.
        """
        first = Coalesce("started_on", "planned_on", "abandoned_on")
        last = Coalesce("done_on", "abandoned_on")
        is_begun = Q(first__lte=period.end)
        if period.end >= timezone.localdate():
            is_begun |= Q(first=None)
        not_over = Q(last=None) | Q(last__gte=period.start)
        return self.alias(first=first, last=last).filter(is_begun, not_over)

    def to_follow(self, today: date, *, ahead: timedelta, slow: timedelta) -> "StepQuerySet":
        """Return the steps to launch within `ahead`, late or not, and those open for `slow`."""
        to_launch = Q(started_on=None, planned_on__lte=today + ahead)
        lasting = Q(started_on__lt=today - slow)
        still_here = Q(enrolment__left_on=None) | Q(enrolment__left_on__gte=today)
        return self.unfinished().filter(to_launch | lasting, still_here)


class Step(VersionedModel):
    """A step agreed with somebody; no diagnosis, no result of a health check: dates only."""

    SCOPE_PATH = "enrolment__programme"

    enrolment = models.ForeignKey(
        Enrolment, verbose_name="inscription", on_delete=models.PROTECT, related_name="steps"
    )
    strand = ReferenceField("pathway_strands", verbose_name="volet")
    kind = ReferenceField("step_kinds", verbose_name="démarche", null=True, blank=True)
    label = models.CharField("précision", max_length=160, blank=True)
    partner = models.ForeignKey(
        Organisation,
        verbose_name="partenaire",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="steps",
    )
    planned_on = models.DateField("prévue le", null=True, blank=True)
    started_on = models.DateField("engagée le", null=True, blank=True)
    done_on = models.DateField("aboutie le", null=True, blank=True)
    abandoned_on = models.DateField("abandonnée le", null=True, blank=True)
    result = PlainTextField("suite donnée", blank=True, max_length=500)
    objective = models.ForeignKey(
        Objective,
        verbose_name="pour l’objectif",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="steps",
    )
    minutes = MinutesField(
        "temps passé",
        null=True,
        blank=True,
        help_text="Temps de la personne\u00a0; une immersion compte toutes ses heures.",
    )

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = "démarche"
        verbose_name_plural = "démarches"
        ordering = ["strand__position", "started_on", "pk"]
        constraints = [
            dates_in_order(
                "beneficiaries_step_done",
                "started_on",
                "done_on",
                "La démarche aboutit avant d’avoir été engagée.",
            ),
            dates_in_order(
                "beneficiaries_step_abandoned",
                "started_on",
                "abandoned_on",
                "La démarche est abandonnée avant d’avoir été engagée.",
            ),
            models.CheckConstraint(
                name="beneficiaries_step_started",
                condition=Q(done_on=None) | Q(started_on__isnull=False),
                violation_error_message=(
                    "Une démarche aboutie a d’abord été engagée\u00a0: datez-la."
                ),
            ),
            models.CheckConstraint(
                name="beneficiaries_step_ended",
                condition=Q(done_on=None) | Q(abandoned_on=None),
                violation_error_message="Une démarche est aboutie ou abandonnée, pas les deux.",
            ),
            models.CheckConstraint(
                name="beneficiaries_step_named",
                condition=Q(kind__isnull=False) | ~Q(label=""),
                violation_error_message="Choisissez une démarche ou nommez-la.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the step of the catalogue, or the words that stand for one."""
        return self.kind.label if self.kind else self.label

    @property
    def detail(self) -> str:
        """Return the words that say more of a step of the catalogue."""
        return self.label if self.kind else ""

    @property
    def state(self) -> StepState:
        """Return where it is, from its dates."""
        if self.done_on:
            return StepState.DONE
        if self.abandoned_on:
            return StepState.ABANDONED
        return StepState.STARTED if self.started_on else StepState.PLANNED

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.enrolment.programme.territory_id

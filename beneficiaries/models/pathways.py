"""Steps of a pathway: what is started and done with somebody, by strand (« volet »)."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from autoprod.core.fields import PlainTextField
from autoprod.core.intervals import dates_in_order
from autoprod.core.models import VersionedModel
from autoprod.core.periods import Period
from autoprod.core.scoping import ScopedQuerySet
from beneficiaries.enums import StepState
from beneficiaries.models.enrolments import Enrolment
from programmes.models import Organisation, ReferenceField


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

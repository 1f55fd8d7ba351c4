"""Enrolment: somebody in a programme, from referral to exit."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from autoprod.core.intervals import dates_in_order
from autoprod.core.models import VersionedModel
from autoprod.core.periods import Period
from autoprod.core.scoping import ScopedQuerySet
from beneficiaries.enums import Level, Part
from beneficiaries.models.persons import Person
from programmes.models import Organisation, Programme, ReferenceField


class EnrolmentQuerySet(ScopedQuerySet):
    """Reads of enrolments."""

    def waiting(self) -> "EnrolmentQuerySet":
        """Return those referred or accepted who have not entered."""
        return self.filter(entered_on=None, left_on=None)

    def entered(self) -> "EnrolmentQuerySet":
        """Return those who have entered, whether they left since or not."""
        return self.filter(entered_on__isnull=False)

    def ongoing(self, on: date) -> "EnrolmentQuerySet":
        """Return the stays of a day, the day of exit included."""
        return self.filter(Q(left_on=None) | Q(left_on__gte=on), entered_on__lte=on)

    def during(self, period: Period) -> "EnrolmentQuerySet":
        """Return the stays that share a day with a period."""
        open_end = Q(left_on=None) | Q(left_on__gte=period.start)
        return self.filter(open_end, entered_on__lte=period.end)

    def exited_in(self, period: Period) -> "EnrolmentQuerySet":
        """Return the stays whose last day is in a period; not a request closed without entry."""
        return self.entered().filter(left_on__gte=period.start, left_on__lte=period.end)

    def with_exits(self) -> "EnrolmentQuerySet":
        """Read with each row what tells the category of its exit (`services.outcomes`)."""
        return self.select_related(
            "exit_motive", "exit_reason", "exit_outcome__kind", "exit_outcome__contract"
        )

    def not_asked_since(self) -> "EnrolmentQuerySet":
        """Return those nobody has asked news of since they left; « not reached » was asked."""
        return self.filter(follow_up=None)

    def followed_by(self, user_key: int | str) -> "EnrolmentQuerySet":
        """Return the enrolments somebody is a referent of (key; empty means nobody's)."""
        key = int(user_key or 0)
        return self.filter(Q(referent=key) | Q(co_referent=key))

    def to_follow(self, user_key: int | str) -> "EnrolmentQuerySet":
        """Return the enrolments somebody is a referent of, and those that have none."""
        return self.followed_by(user_key) | self.filter(referent=None)

    def participants(self) -> "EnrolmentQuerySet":
        """Return the enrolments that figures of persons count."""
        return self.filter(part=Part.PARTICIPANT)


class Enrolment(VersionedModel):
    """A person in a programme, at a level and in one part; several stays are several rows."""

    SCOPE_PATH = "programme"

    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.CASCADE, related_name="enrolments"
    )
    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.PROTECT, related_name="enrolments"
    )
    level = models.CharField(
        "accompagnement", max_length=14, choices=Level.choices, default=Level.PATHWAY
    )
    part = models.CharField(
        "à titre de", max_length=12, choices=Part.choices, default=Part.PARTICIPANT
    )
    referent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="référent",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enrolments",
    )
    co_referent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="second référent",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="shared_enrolments",
    )
    outside_referent = models.CharField(
        "référent extérieur",
        max_length=160,
        blank=True,
        help_text="Référent unique RSA, éducateur du foyer… et comment le joindre.",
    )
    referral_source = ReferenceField(
        "referral_sources", verbose_name="origine de la demande", null=True, blank=True
    )
    referred_by = models.ForeignKey(
        Organisation,
        verbose_name="orienté par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
    )
    referred_on = models.DateField("orienté le", null=True, blank=True)
    accepted_on = models.DateField("accepté le", null=True, blank=True)
    entered_on = models.DateField("entré le", null=True, blank=True)
    left_on = models.DateField("sorti le", null=True, blank=True)
    exit_motive = ReferenceField(
        "exit_motives", verbose_name="motif de sortie", null=True, blank=True
    )
    exit_reason = ReferenceField(
        "exit_reasons_asp", verbose_name="situation à la sortie", null=True, blank=True
    )
    exit_outcome = models.ForeignKey(
        "beneficiaries.Outcome",
        verbose_name="sortie vers",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        verbose_name_plural = "inscriptions"
        ordering = ["person__sort_key", "-entered_on", "pk"]
        indexes = [
            # Who is in a programme over a period.
            models.Index(fields=["programme", "entered_on"], name="beneficiaries_enrolment_entry"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_enrolment_open",
                fields=["person", "programme", "part"],
                condition=Q(left_on=None),
                violation_error_message="Cette personne est déjà inscrite dans cette action.",
            ),
            dates_in_order(
                "beneficiaries_enrolment_accepted",
                "referred_on",
                "accepted_on",
                "L’accord précède l’orientation.",
            ),
            dates_in_order(
                "beneficiaries_enrolment_entered",
                "accepted_on",
                "entered_on",
                "L’entrée précède l’accord.",
            ),
            dates_in_order(
                "beneficiaries_enrolment_referred",
                "referred_on",
                "entered_on",
                "L’entrée précède l’orientation.",
            ),
            models.CheckConstraint(
                name="beneficiaries_enrolment_left",
                condition=Q(left_on=None) | Q(entered_on=None) | Q(left_on__gte=F("entered_on")),
                violation_error_message="La sortie précède l’entrée.",
            ),
            models.CheckConstraint(
                name="beneficiaries_enrolment_motive",
                condition=Q(exit_motive=None) | Q(left_on__isnull=False),
                violation_error_message="Un motif de sortie demande une date de sortie.",
            ),
            models.CheckConstraint(
                name="beneficiaries_enrolment_reason",
                condition=Q(exit_reason=None) | Q(left_on__isnull=False),
                violation_error_message="Une situation à la sortie demande une date de sortie.",
            ),
            models.CheckConstraint(
                name="beneficiaries_enrolment_referents",
                condition=Q(co_referent=None)
                | (Q(referent__isnull=False) & ~Q(co_referent=F("referent"))),
                violation_error_message="Le second référent est quelqu’un d’autre que le premier.",
            ),
        ]

    def __str__(self) -> str:
        return f"Inscription n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id

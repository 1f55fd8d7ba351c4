"""Referrals: the prescriber's « fiche de liaison » and what is answered to it."""

from django.conf import settings
from django.db import models

from autoprod.core.fields import PhoneField, PlainTextField
from autoprod.core.models import VersionedModel
from beneficiaries.enums import ReferralAnswerKind
from beneficiaries.models.enrolments import Enrolment
from programmes.models import ReferenceCode


class Referral(VersionedModel):
    """Who sends somebody, whom to answer, and why; the enrolment has the organisation and day."""

    SCOPE_PATH = "enrolment__programme"

    enrolment = models.OneToOneField(
        Enrolment, verbose_name="inscription", on_delete=models.CASCADE, related_name="referral"
    )
    prescriber = models.CharField("prescripteur", max_length=120, blank=True)
    prescriber_phone = PhoneField("téléphone du prescripteur", blank=True)
    prescriber_email = models.EmailField("adresse électronique du prescripteur", blank=True)
    reason = PlainTextField("motif de l’orientation", max_length=1000, blank=True)
    expectations = PlainTextField("attentes de la personne", max_length=1000, blank=True)
    strands = models.ManyToManyField(
        ReferenceCode,
        verbose_name="volets concernés",
        limit_choices_to={"list": "pathway_strands"},
        related_name="+",
        blank=True,
    )

    class Meta:
        verbose_name = "fiche de liaison"
        verbose_name_plural = "fiches de liaison"
        ordering = ["enrolment", "pk"]

    def __str__(self) -> str:
        return f"Fiche de liaison n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.enrolment.programme.territory_id


class ReferralAnswer(VersionedModel):
    """One answer to the prescriber, on a day; the last one is the return at the end."""

    SCOPE_PATH = "referral__enrolment__programme"

    referral = models.ForeignKey(
        Referral, verbose_name="fiche de liaison", on_delete=models.CASCADE, related_name="answers"
    )
    kind = models.CharField("réponse", max_length=8, choices=ReferralAnswerKind.choices)
    sent_on = models.DateField("envoyée le")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="par",
        on_delete=models.PROTECT,
        null=True,
        related_name="referral_answers",
    )
    words = PlainTextField(
        "message", max_length=1000, blank=True, help_text="Il part tel quel au prescripteur."
    )

    class Meta:
        verbose_name = "réponse au prescripteur"
        verbose_name_plural = "réponses au prescripteur"
        ordering = ["referral", "sent_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_referralanswer_once",
                fields=["referral", "kind", "sent_on"],
                violation_error_message="Cette réponse est déjà notée ce jour-là.",
            ),
        ]

    def __str__(self) -> str:
        return f"Réponse n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.referral.enrolment.programme.territory_id

"""Answers to the FSE+ questionnaire: sensitive, refusable, under their own right."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from autoprod.core.models import VersionedModel
from beneficiaries.models.persons import Person
from programmes.models import Edition, ReferenceField

#: « Upon leaving » is within four weeks of the exit (regulation (EU) 2021/1057, annex I).
EXIT_DAYS = 28
#: Days after an exit when its answers are asked again, while there is still time.
EXIT_REMINDERS = (15, 25)


class FseAnswers(VersionedModel):
    """What one participant of one operation answered: one row however many stays.

    Source: regulation (EU) 2021/1057, annex I; « un participant = une opération » (Seine-et-Marne,
    ressources FSE). Not asked is empty; declined and no are codes.
    """

    SCOPE_PATH = "edition__programme"

    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.CASCADE, related_name="fse_answers"
    )
    edition = models.ForeignKey(
        Edition, verbose_name="opération", on_delete=models.PROTECT, related_name="fse_answers"
    )
    informed_on = models.DateField(
        "personne informée le",
        null=True,
        blank=True,
        help_text="Du cofinancement européen, de l’usage des réponses et de ses droits.",
    )
    collected_on = models.DateField("recueilli le", null=True, blank=True)
    disability = ReferenceField(
        "yes_no_declined",
        verbose_name="en situation de handicap",
        null=True,
        blank=True,
        help_text="RQTH, AAH ou déclaré par la personne.",
    )
    parent_born_abroad = ReferenceField(
        "yes_no_declined", verbose_name="un parent né à l’étranger", null=True, blank=True
    )
    minority = ReferenceField(
        "yes_no_declined",
        verbose_name="se dit d’une minorité",
        null=True,
        blank=True,
        help_text="Déclaré par la personne, et par elle seule.",
    )
    nationality = ReferenceField(
        "nationality_groups", verbose_name="nationalité", null=True, blank=True
    )
    exit_collected_on = models.DateField("recueilli à la sortie le", null=True, blank=True)
    exit_seeking = ReferenceField(
        "yes_no_declined", verbose_name="en recherche d’emploi à la sortie", null=True, blank=True
    )
    exit_training = ReferenceField(
        "yes_no_declined", verbose_name="en formation à la sortie", null=True, blank=True
    )
    exit_qualification = ReferenceField(
        "yes_no_declined", verbose_name="qualification obtenue", null=True, blank=True
    )
    qualification = models.CharField("intitulé de la qualification", max_length=160, blank=True)
    #: First typed, entry then exit: what a controller reads, so they never move.
    recorded_at = models.DateTimeField("saisi le", auto_now_add=True)
    exit_recorded_at = models.DateTimeField("sortie saisie le", null=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="recueilli par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="fse_answers",
    )

    class Meta:
        verbose_name = "réponses FSE+"
        verbose_name_plural = "réponses FSE+"
        ordering = ["edition", "person", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="beneficiaries_fseanswers_participation",
                fields=["person", "edition"],
                violation_error_message="Le questionnaire de cette opération est déjà ouvert.",
            ),
            models.CheckConstraint(
                name="beneficiaries_fseanswers_qualification",
                condition=Q(qualification="") | Q(exit_qualification__isnull=False),
                violation_error_message="Dites d’abord si une qualification a été obtenue.",
            ),
        ]

    def __str__(self) -> str:
        return f"Questionnaire FSE+ n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.edition.programme.territory_id

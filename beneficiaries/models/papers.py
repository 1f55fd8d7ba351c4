"""Papers: what was printed for somebody and put in their hands, on which day."""

from django.conf import settings
from django.db import models

from autoprod.core.models import VersionedModel
from beneficiaries.enums import PaperKind
from beneficiaries.models.enrolments import Enrolment


class Paper(VersionedModel):
    """One document handed over to its person; the document itself is theirs and is not kept."""

    SCOPE_PATH = "enrolment__programme"

    enrolment = models.ForeignKey(
        Enrolment, verbose_name="inscription", on_delete=models.CASCADE, related_name="papers"
    )
    kind = models.CharField("document", max_length=11, choices=PaperKind.choices)
    #: What it is about: a month, an organisation.
    about = models.CharField("objet", max_length=120, blank=True)
    handed_on = models.DateField("remis le")
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="remis par",
        on_delete=models.PROTECT,
        null=True,
        related_name="papers",
    )

    class Meta:
        verbose_name = "document remis"
        verbose_name_plural = "documents remis"
        ordering = ["-handed_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.enrolment.programme.territory_id

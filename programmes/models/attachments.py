"""Attachments of a programme: agreements, leases, letters of a funder."""

from django.db import models

from autoprod.core.files import StoredFile
from programmes.models.programmes import Programme


class Attachment(StoredFile):
    """A file kept with a programme."""

    SCOPE_PATH = "programme"

    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.PROTECT, related_name="attachments"
    )

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["-uploaded_at", "-pk"]

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id

"""Calendar feeds: the sessions of a programme in somebody's own calendar, by a secret address."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from autoprod.core.models import BaseModel
from autoprod.core.scoping import Action, Scope, ScopedQuerySet
from programmes.models.programmes import Programme


class OwnFeedQuerySet(ScopedQuerySet):
    """Reads of feeds."""

    def kept_from_others(self, scope: Scope, action: Action) -> Q:
        """Keep a feed for whoever asked for it."""
        return Q(user=int(scope.actor_key or 0))

    def open(self) -> "OwnFeedQuerySet":
        """Return the feeds whose address still answers."""
        return self.filter(revoked_at=None)


class CalendarFeed(BaseModel):
    """A secret address that gives the sessions of a programme, and nobody's name."""

    SCOPE_PATH = "programme"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="compte",
        on_delete=models.CASCADE,
        related_name="calendar_feeds",
    )
    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    #: SHA-256 of the secret: whoever reads the base cannot make the address again.
    digest = models.CharField("empreinte", max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    revoked_at = models.DateTimeField("retirée le", null=True, blank=True, editable=False)
    read_on = models.DateField("lue le", null=True, blank=True, editable=False)

    objects = OwnFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "adresse de calendrier"
        verbose_name_plural = "adresses de calendrier"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="programmes_calendarfeed_one",
                fields=["user", "programme"],
                condition=Q(revoked_at=None),
                violation_error_message="Cette action a déjà une adresse de calendrier.",
            ),
        ]

    def __str__(self) -> str:
        return f"Adresse de calendrier n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id

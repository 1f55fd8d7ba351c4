"""AuditEvent, and `record`, the only way to write one."""

from collections.abc import Iterable
from typing import Protocol

from django.db import models

from autoprod.audit.enums import Verb


class Actor(Protocol):
    """Whoever acts: a user's scope or a command's."""

    actor_key: str
    actor_label: str


class AuditEventQuerySet(models.QuerySet):
    """Reads of the journal."""

    def for_territories(self, keys: Iterable[int]) -> "AuditEventQuerySet":
        """Return the events of these territories; none without a key."""
        return self.filter(territory_key__in=[str(key) for key in keys])

    def between(self, start, end) -> "AuditEventQuerySet":
        """Return the events from `start` (included) to `end` (excluded), two instants."""
        return self.filter(at__gte=start, at__lt=end)


class AuditEvent(models.Model):
    """One thing done, in words and keys; no foreign key, so that nothing is lost by erasing.

    A person is « Personne n° 1042 », never a name (CNIL, délibération 2021-122: who, when,
    which record, no content).
    """

    at = models.DateTimeField("le", auto_now_add=True)
    actor_key = models.CharField("clé de l’auteur", max_length=40, blank=True)
    actor_label = models.CharField("auteur", max_length=254, blank=True)
    verb = models.CharField("fait", max_length=12, choices=Verb.choices)
    object_kind = models.CharField("nature", max_length=80, blank=True)
    object_key = models.CharField("clé", max_length=40, blank=True)
    object_label = models.CharField("objet", max_length=200, blank=True)
    changed = models.JSONField("champs modifiés", default=list, blank=True)
    reason = models.CharField("motif", max_length=500, blank=True)
    territory_key = models.CharField("territoire", max_length=40, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = "événement"
        verbose_name_plural = "événements"
        ordering = ["-at", "-pk"]
        indexes = [
            # The journal of a territory, month by month.
            models.Index(fields=["territory_key", "-at"], name="audit_territory_at"),
            # The history of one record.
            models.Index(fields=["object_kind", "object_key"], name="audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} · {self.object_label}"


def label_of(obj: models.Model) -> str:
    """Return « Organisation n° 12 »: what the journal may say of an object."""
    name = str(obj._meta.verbose_name)
    return f"{name[:1].upper()}{name[1:]} n° {obj.pk}"


def record(
    actor: Actor,
    verb: Verb,
    obj: models.Model | None = None,
    *,
    changed: Iterable[str] = (),
    reason: str = "",
    **written: str,
) -> AuditEvent:
    """Add an event to the journal and return it.

    `written` may give `label`, `kind` or `territory` where the object does not say them; the
    territory is otherwise read from the object's `audit_territory_key`.
    """
    kind, key, label, territory = "", "", "", ""
    if obj is not None:
        kind, key, label = obj._meta.label_lower, str(obj.pk), label_of(obj)
        territory = str(getattr(obj, "audit_territory_key", "") or "")
    return AuditEvent.objects.create(
        actor_key=actor.actor_key,
        actor_label=actor.actor_label,
        verb=verb,
        object_kind=written.get("kind", kind),
        object_key=key,
        object_label=written.get("label", label)[:200],
        changed=sorted(changed),
        reason=reason[:500],
        territory_key=str(written.get("territory", territory)),
    )

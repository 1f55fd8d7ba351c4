"""Who may read what: actions, the scope of a user, and the one way to query a model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import models
from django.db.models import Q


class Action(models.TextChoices):
    """What a role may do; the code of an action never changes, its label may."""

    VIEW_FRAME = "view_frame", "consulter les actions, sites et partenaires"
    EDIT_PROGRAMME = "edit_programme", "modifier l’action, ses éditions et ses objectifs"
    CREATE_PROGRAMME = "create_programme", "ouvrir une action sur le territoire"
    EDIT_PARTNERS = "edit_partners", "modifier les organisations et les partenariats"
    EDIT_SITES = "edit_sites", "modifier les sites"
    VIEW_ATTACHMENTS = "view_attachments", "ouvrir les pièces jointes de l’action"
    EXPORT_FRAME = "export_frame", "exporter les listes sans nom de personne"
    VIEW_BUDGET = "view_budget", "consulter les budgets et les financements"
    EDIT_BUDGET = "edit_budget", "modifier et valider les budgets et les financements"
    VIEW_SESSIONS = "view_sessions", "consulter le planning des séances"
    EDIT_SESSIONS = "edit_sessions", "planifier et annuler les séances"
    TICK_ATTENDANCE = "tick_attendance", "pointer les présences et clôturer les séances"
    LOCK_STATEMENTS = "lock_statements", "verrouiller et rouvrir les états de présence signés"
    VIEW_PERSONS = "view_persons", "voir le nom, le téléphone et les présences des personnes"
    EDIT_PERSONS = "edit_persons", "inscrire les personnes et modifier leur fiche"
    VIEW_IDENTITIES = "view_identities", "voir la naissance, le sexe et les adresses"
    VIEW_SITUATIONS = "view_situations", "voir les situations sociales"
    VIEW_FSE = "view_fse", "voir les réponses des personnes au questionnaire FSE+"
    VIEW_PATHWAYS = "view_pathways", "voir les parcours\u00a0: entretiens, freins, démarches"
    EDIT_PATHWAYS = "edit_pathways", "modifier les parcours et mener les entretiens"
    VIEW_NOTES = "view_notes", "lire les notes sociales des entretiens"
    RATE_SKILLS = "rate_skills", "observer les acquis des personnes"
    VIEW_GARDENS = "view_gardens", "voir les jardins, les cultures, le stock et les outils"
    EDIT_GARDENS = "edit_gardens", "cultiver, peser, répartir les récoltes et prêter les outils"
    VIEW_FIGURES = "view_figures", "consulter les chiffres destinés à la diffusion"
    VIEW_INTERNAL_FIGURES = (
        "view_internal_figures",
        "consulter tous les chiffres, petits effectifs compris",
    )
    EDIT_REPORTS = "edit_reports", "rédiger et publier les bilans"
    EDIT_TERRITORY = "edit_territory", "modifier le territoire, ses quartiers et ses réglages"
    EDIT_REFERENCES = "edit_references", "compléter les listes de référence"
    MANAGE_ACCOUNTS = "manage_accounts", "gérer les comptes et les droits"
    VIEW_AUDIT = "view_audit", "consulter le journal"


@dataclass(frozen=True)
class Scope:
    """What one user may do, computed once per request; an empty scope sees nothing.

    `programmes` and `territories` give, for each action, the keys of the rows it opens.
    `actor_key` is the user's key, for rows that belong to their author only.
    """

    actor_key: str = ""
    actor_label: str = ""
    programmes: Mapping[Action, frozenset[int]] = field(default_factory=dict)
    territories: Mapping[Action, frozenset[int]] = field(default_factory=dict)
    title: str = ""
    second_factor_required: bool = False
    unlimited_reason: str = ""

    @classmethod
    def everything(cls, *, reason: str) -> "Scope":
        """Return the scope of a command run on the machine; `reason` goes to the journal."""
        if not reason.strip():
            raise ValueError("a scope on everything states its reason")
        return cls(actor_label=f"commande\u00a0: {reason}", unlimited_reason=reason)

    @property
    def is_unlimited(self) -> bool:
        """Tell whether this is a command's scope."""
        return bool(self.unlimited_reason)

    @property
    def is_empty(self) -> bool:
        """Tell whether no membership opens anything."""
        return not (self.is_unlimited or self.programmes or self.territories)

    def allows(self, action: Action) -> bool:
        """Tell whether the action is open on at least one territory or programme."""
        return self.is_unlimited or bool(
            self.programmes.get(action) or self.territories.get(action)
        )

    def opens(self, action: Action, anchor: models.Model) -> bool:
        """Tell whether the action is open on this programme or territory, not only somewhere."""
        return self.is_unlimited or anchor.pk in self.keys(anchor.SCOPE_ANCHOR, action)

    def covers(self, other: "Scope") -> bool:
        """Tell whether this scope opens all that the other does."""
        return self.is_unlimited or all(
            other.keys(anchor, action) <= self.keys(anchor, action)
            for anchor in ("programme", "territory")
            for action in Action
        )

    def keys(self, anchor: str, action: Action) -> frozenset[int]:
        """Return the keys of the programmes or territories (`anchor`) open to the action."""
        opened = {"programme": self.programmes, "territory": self.territories}[anchor]
        return opened.get(action, frozenset())


NOTHING = Scope()

#: A path that means the row itself is the anchor (Programme, Territory).
SELF = "self"


@cache
def scope_paths(model: type[models.Model]) -> tuple[tuple[str, str, bool], ...]:
    """Return (path, anchor, to_many) for each path of the model's SCOPE_PATH.

    The last model of each path says with SCOPE_ANCHOR whether it is a programme or a territory.
    Raise ImproperlyConfigured when a path is missing, broken or ends elsewhere.
    """
    declared = model.__dict__.get("SCOPE_PATH")
    if not declared:
        raise ImproperlyConfigured(f"{model._meta.label} declares no SCOPE_PATH")
    paths = (declared,) if isinstance(declared, str) else tuple(declared)
    return tuple(_resolve(model, path) for path in paths)


def _resolve(model: type[models.Model], path: str) -> tuple[str, str, bool]:
    current, to_many = model, False
    if path != SELF:
        for name in path.split("__"):
            try:
                relation = current._meta.get_field(name)
            except FieldDoesNotExist as error:
                raise ImproperlyConfigured(f"{model._meta.label}.SCOPE_PATH: {error}") from error
            to_many = to_many or relation.one_to_many or relation.many_to_many
            current = relation.related_model
    anchor = getattr(current, "SCOPE_ANCHOR", None)
    if anchor not in {"programme", "territory"}:
        raise ImproperlyConfigured(
            f"{model._meta.label}.SCOPE_PATH {path!r} ends on {current}, not on an anchor"
        )
    return ("pk" if path == SELF else path), anchor, to_many


class ScopedQuerySet(models.QuerySet):
    """The queryset of every model: `for_scope` first, then the subject's own filters."""

    def for_scope(self, scope: Scope, action: Action) -> "ScopedQuerySet":
        """Return the rows this scope opens to this action; none when it opens nothing."""
        if not isinstance(scope, Scope):  # a lazy scope passes: isinstance asks its class
            raise TypeError("for_scope takes the Scope of a user or of a command")
        if scope.is_unlimited or getattr(self.model, "PUBLIC", False):
            return self.all() if (scope.is_unlimited or not scope.is_empty) else self.none()
        return self._opened(scope, action).filter(self.kept_from_others(scope, action))

    def kept_from_others(self, scope: Scope, action: Action) -> Q:
        """Return what narrows the rows further: some belong to their author, or to a referent.

        Nothing by default; a model with such rows says it here, once for every page and export.
        """
        return Q()

    def _opened(self, scope: Scope, action: Action) -> "ScopedQuerySet":
        condition = Q()
        for path, anchor, to_many in scope_paths(self.model):
            keys = scope.keys(anchor, action)
            if not keys:
                continue
            if to_many:
                # A sub-query, not a join: a row reached twice is still one row.
                rows = self.model._base_manager.filter(**{f"{path}__in": keys}).values("pk")
                condition |= Q(pk__in=rows)
            else:
                condition |= Q(**{f"{path}__in": keys})
        return self.filter(condition) if condition else self.none()

    def of(self, parent: models.Model) -> "ScopedQuerySet":
        """Return the rows whose only foreign key (or one-to-one) to the parent's model is it."""
        names = [
            relation.name
            for relation in self.model._meta.get_fields()
            if relation.concrete and relation.is_relation and relation.related_model is type(parent)
        ]
        if len(names) != 1:
            raise ImproperlyConfigured(
                f"{self.model._meta.label} has {len(names)} links to {type(parent).__name__}"
            )
        return self.filter(**{names[0]: parent})

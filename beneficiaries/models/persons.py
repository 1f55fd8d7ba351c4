"""Person (what the team needs to greet and call somebody); identity and address, apart."""

from datetime import date

from django.db import models
from django.db.models import Q

from autoprod.core.fields import PhoneField, PlainTextField, SortKeyField, sort_key
from autoprod.core.models import VersionedModel
from autoprod.core.periods import age_on
from autoprod.core.scoping import Action, Scope, ScopedQuerySet
from programmes.models import Organisation, ReferenceField, Territory


class PersonQuerySet(ScopedQuerySet):
    """Reads of persons."""

    def matching(self, typed: str) -> "PersonQuerySet":
        """Return the persons whose names hold every word typed, accents and order apart."""
        rows = self
        for word in sort_key(typed).split():
            rows = rows.filter(sort_key__contains=word)
        return rows


class Person(VersionedModel):
    """Somebody, on one territory: names, telephone, whom to call; created with an enrolment."""

    SCOPE_PATH = "enrolments__programme"

    territory = models.ForeignKey(
        Territory, verbose_name="territoire", on_delete=models.PROTECT, related_name="persons"
    )
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)
    usual_name = models.CharField(
        "nom d’usage", max_length=80, blank=True, help_text="S’il est différent du nom."
    )
    sort_key = SortKeyField(source=("last_name", "first_name", "usual_name"))
    phone = PhoneField("téléphone", blank=True)
    contact_name = models.CharField(
        "référent de contact",
        max_length=120,
        blank=True,
        help_text="Par qui joindre la personne, quand elle n’a ni téléphone ni adresse.",
    )
    contact_phone = PhoneField("téléphone du référent de contact", blank=True)
    emergency_name = models.CharField("personne à prévenir", max_length=120, blank=True)
    emergency_phone = PhoneField("téléphone de la personne à prévenir", blank=True)
    activity_notes = PlainTextField(
        "consignes d’activité",
        max_length=300,
        blank=True,
        help_text="Pour l’encadrant\u00a0: «\u00a0pas de ruches\u00a0». Jamais pourquoi.",
    )
    created_at = models.DateTimeField("fiche ouverte le", auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "personne"
        verbose_name_plural = "personnes"
        ordering = ["sort_key", "pk"]

    def __str__(self) -> str:
        return f"{self.first_name} {self.usual_name or self.last_name}"

    @property
    def short_name(self) -> str:
        """Return « Karim D. », what a roll call shows."""
        return f"{self.first_name} {(self.usual_name or self.last_name)[:1].upper()}."

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.territory_id


class PersonIdentity(VersionedModel):
    """Birth, sex, e-mail, domiciliation: their own right, never open to who takes the roll."""

    SCOPE_PATH = "person__enrolments__programme"

    person = models.OneToOneField(
        Person, verbose_name="personne", on_delete=models.CASCADE, related_name="identity"
    )
    sex = ReferenceField("sex", verbose_name="sexe", null=True, blank=True)
    #: When the year alone is known, its first day: the age is then the one reached in the year.
    born_on = models.DateField("date de naissance", null=True, blank=True)
    is_birth_year_only = models.BooleanField("année de naissance seule", default=False)
    birthplace = models.CharField(
        "commune de naissance",
        max_length=100,
        blank=True,
        help_text="Ou «\u00a0à l’étranger\u00a0».",
    )
    email = models.EmailField("adresse électronique", blank=True)
    domiciled_by = models.ForeignKey(
        Organisation,
        verbose_name="domiciliation auprès de",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="domiciled_persons",
    )
    domiciled_until = models.DateField("domiciliation jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "identité"
        verbose_name_plural = "identités"
        ordering = ["person", "pk"]
        constraints = [
            models.CheckConstraint(
                name="beneficiaries_personidentity_birth",
                condition=Q(born_on=None) | Q(born_on__gte=date(1900, 1, 1)),
                violation_error_message="Vérifiez l’année de naissance.",
            ),
            models.CheckConstraint(
                name="beneficiaries_personidentity_birth_year",
                condition=Q(is_birth_year_only=False) | Q(born_on__isnull=False),
                violation_error_message="Écrivez l’année de naissance.",
            ),
            models.CheckConstraint(
                name="beneficiaries_personidentity_domiciled",
                condition=Q(domiciled_until=None) | Q(domiciled_by__isnull=False),
                violation_error_message="Dites auprès de qui la personne est domiciliée.",
            ),
        ]

    def __str__(self) -> str:
        return f"Identité n° {self.pk}"

    def age_on(self, day: date) -> int | None:
        """Return the completed years on a day, None when the birth is unknown or later."""
        if self.born_on is None or self.born_on > day:
            return None
        return age_on(self.born_on, day)

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.person.territory_id


class PersonAddressQuerySet(ScopedQuerySet):
    """Reads of addresses."""

    def kept_from_others(self, scope: Scope, action: Action) -> Q:
        """Keep a hidden address for who follows the person now, as referent."""
        key = int(scope.actor_key or 0)
        followed = Person._base_manager.filter(
            Q(enrolments__referent=key) | Q(enrolments__co_referent=key),
            enrolments__left_on=None,
        )
        return Q(is_hidden=False) | Q(person__in=followed.values("pk"))


class PersonAddress(VersionedModel):
    """Where somebody lives; hidden, nobody but their referent reads it (a violent home, say)."""

    SCOPE_PATH = "person__enrolments__programme"

    person = models.OneToOneField(
        Person, verbose_name="personne", on_delete=models.CASCADE, related_name="address"
    )
    street = models.CharField("adresse", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("commune", max_length=100, blank=True)
    is_hidden = models.BooleanField(
        "adresse masquée",
        default=False,
        help_text="Seul le référent de la personne la voit, ni l’équipe ni le chef de projet.",
    )

    objects = PersonAddressQuerySet.as_manager()

    class Meta:
        verbose_name = "adresse"
        verbose_name_plural = "adresses"
        ordering = ["person", "pk"]

    def __str__(self) -> str:
        return f"Adresse n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.person.territory_id

"""Forms of species and varieties: what a territory adds to the list, without doubles."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.html import format_html

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.fields import GramsField, sort_key
from autoprod.core.forms import FilterForm, ScopedModelForm
from autoprod.core.scoping import Action
from gardens.models import Product, Species, Variety
from programmes.models import Programme, ReferenceCode

KNOWN = 'Elle est déjà dans la liste\u00a0: <a href="{}">{}</a>.'
SHOWN_AS = "Elle y est déjà\u00a0: «\u00a0{name}\u00a0»."
_WHOSE = (("", "Toutes"), ("ours", "Ajoutées par le territoire"), ("heirloom", "Avec une ancienne"))


class OfTerritoryForm(ScopedModelForm):
    """What a territory adds; `fixed` gives the territory, `programme` where its pages are."""

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        """Keep the programme, for the links of the messages."""
        self.programme = programme
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        """Refuse a name already there under another spelling."""
        name = " ".join(self.cleaned_data["name"].split())
        key = sort_key(name)
        if not key:
            raise ValidationError("Écrivez un nom.", code="required")
        if row := self.rivals().filter(sort_key=key).exclude(pk=self.instance.pk).first():
            raise ValidationError(self.told(row), code="double")
        return name

    def rivals(self) -> models.QuerySet:
        """Return the rows a name must differ from: shipped, or of the territory."""
        rows = self._meta.model.objects.for_scope(self.scope, self.action)
        territory = self.programme.territory
        return rows.filter(models.Q(territory=None) | models.Q(territory=territory))

    def told(self, row: models.Model) -> str:
        """Return the message that leads to the row already there."""
        return SHOWN_AS.format(name=row)


class SpeciesForm(OfTerritoryForm):
    """A species a territory adds, and the product it is weighed as."""

    category = forms.ModelChoiceField(
        label="Se pèse parmi les",
        queryset=ReferenceCode.objects.none(),
        help_text="Le produit du même nom s’ajoute avec l’espèce\u00a0: on le pèse aussitôt.",
    )
    piece_weight = GramsField("poids d’une pièce (kg)", blank=True).formfield(
        required=False, label="Poids d’une pièce (kg)", help_text="Pour compter au lieu de peser."
    )

    class Meta:
        model = Species
        fields = ["name", "family", "rotation_years"]
        labels = {"rotation_years": "Rotation (années)"}
        help_texts = {
            "rotation_years": (
                "Le nombre d’années avant que la même famille revienne sur la même terre. Laissez "
                "vide pour ce qui reste en place."
            )
        }

    def __init__(self, *args, **kwargs) -> None:
        """Ask for the product of a new species only."""
        super().__init__(*args, **kwargs)
        if self.is_edit:
            del self.fields["category"], self.fields["piece_weight"]
        else:
            self.fields["rotation_years"].widget.attrs |= {"min": 0, "max": 10}

    def choices_of_category(self, rows: models.QuerySet) -> models.QuerySet:
        """Offer what grows."""
        codes = ReferenceCode.objects.for_scope(self.scope, self.action)
        codes = codes.in_list("product_categories")
        return codes.filter(code__in=("legumes", "fruits", "aromatiques"))

    def told(self, row: Species) -> str:
        """Lead to the page of the species."""
        url = reverse("gardens:species_detail", args=[self.programme.pk, row.pk])
        return format_html(KNOWN, url, row.name)

    def clean(self) -> dict:
        """Refuse a name that a product has, when it is not this species'."""
        super().clean()
        name = self.cleaned_data.get("name")
        self.product = None
        if name and not self.is_edit:
            rows = Product.objects.for_scope(self.scope, self.action)
            rows = rows.filter(models.Q(territory=None) | models.Q(territory=self.territory))
            self.product = rows.filter(sort_key=sort_key(name)).first()
        return self.cleaned_data

    @property
    def territory(self) -> models.Model:
        """Return whose list it is."""
        return self.programme.territory

    @transaction.atomic
    def save(self, commit: bool = True) -> Species:
        """Save, with its code and its product when it is new; a product of that name is kept."""
        if not self.is_edit:
            self.instance.code = _code(self.cleaned_data["name"])
        species = super().save(commit=commit)
        if not self.is_edit and self.product is None:
            product = Product(
                code=species.code,
                name=species.name,
                category=self.cleaned_data["category"],
                species=species,
                piece_weight=self.cleaned_data["piece_weight"],
                territory=self.territory,
            )
            product.save()
            record(self.scope, Verb.CREATE, product)
        return species


def _code(name: str) -> str:
    """Return the code of a name: « Chou de Milan » → chou_de_milan."""
    return sort_key(name).replace(" ", "_")[:60]


class VarietyForm(OfTerritoryForm):
    """A variety a territory adds to a species, which `fixed` gives."""

    class Meta:
        model = Variety
        fields = ["name", "is_heirloom"]
        labels = {"name": "Nom de la variété"}
        help_texts = {"is_heirloom": "Une variété d’autrefois, dont on garde et ressème la graine."}

    def rivals(self) -> models.QuerySet:
        """Return the varieties of the same species."""
        return super().rivals().of(self.instance.species)


class SpeciesFilter(FilterForm):
    """Narrow the species to some letters, a family, or what the territory added."""

    words = forms.CharField(label="Nom", max_length=60)
    family = forms.ModelChoiceField(label="Famille", queryset=ReferenceCode.objects.none())
    whose = forms.ChoiceField(label="Lesquelles", choices=_WHOSE)

    def __init__(self, *args, **kwargs) -> None:
        """Offer the families of the list."""
        super().__init__(*args, **kwargs)
        codes = ReferenceCode.objects.for_scope(self.scope, Action.VIEW_GARDENS)
        self.fields["family"].queryset = codes.in_list("plant_families").order_by("label")

    def narrow(self, rows: models.QuerySet) -> models.QuerySet:
        """Return the species that match: a word may be that of a variety."""
        asked = self.cleaned_data
        known = Variety.objects.for_scope(self.scope, Action.VIEW_GARDENS)
        if key := sort_key(asked.get("words") or ""):
            of_name = known.filter(sort_key__contains=key).values("species")
            rows = rows.filter(models.Q(sort_key__contains=key) | models.Q(pk__in=of_name))
        if asked.get("family"):
            rows = rows.filter(family=asked["family"])
        if asked.get("whose") == "ours":
            added = known.filter(territory__isnull=False).values("species")
            rows = rows.filter(models.Q(territory__isnull=False) | models.Q(pk__in=added))
        elif asked.get("whose") == "heirloom":
            rows = rows.filter(pk__in=known.filter(is_heirloom=True).values("species"))
        return rows

"""Form of a plot: what it is, and its place on the plan, in metres."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models

from autoprod.core.fields import AmountFormField
from autoprod.core.fields.amounts import Unit
from autoprod.core.forms import ScopedModelForm
from gardens.models import Plot

METRES = Unit(1, ("m",), "12,5", "Écrivez cette longueur avec un chiffre après la virgule au plus.")
WHOLE = "Pour placer la parcelle sur le plan, donnez aussi cette longueur."
FLAT = "Une parcelle a au moins dix centimètres de côté."
FAR = "C’est plus d’un kilomètre\u00a0: vérifiez cette longueur."
HAS_BEDS = "Cette parcelle en contient d’autres\u00a0: elle ne va pas elle-même dans une autre."
#: In decimetres.
_FARTHEST = 10_000
_PLACE = ("plan_x", "plan_y", "plan_width", "plan_height")


class MetresField(AmountFormField):
    """Reads « 12,5 » metres and gives whole decimetres, as the plan keeps them."""

    def __init__(self, **kwargs) -> None:
        """Ask for metres."""
        super().__init__(unit=METRES, required=False, **kwargs)

    def prepare_value(self, value: object) -> object:
        """Write decimetres as metres; leave what was typed alone."""
        is_stored = isinstance(value, int) and not isinstance(value, bool)
        return super().prepare_value(Decimal(value).scaleb(-1) if is_stored else value)

    def to_python(self, value: object) -> int | None:
        """Return decimetres; a ValidationError for a length that no garden has."""
        metres = super().to_python(value)
        if metres is None:
            return None
        if metres * 10 > _FARTHEST:
            raise ValidationError(FAR, code="far")
        return int(metres * 10)


class PlotForm(ScopedModelForm):
    """A plot of a garden; `fixed` gives the garden."""

    plan_x = MetresField(label="Du bord ouest du jardin à la parcelle (m)")
    plan_y = MetresField(label="Du bord nord du jardin à la parcelle (m)")
    plan_width = MetresField(label="Sa longueur d’ouest en est (m)")
    plan_height = MetresField(label="Sa longueur du nord au sud (m)")

    class Meta:
        model = Plot
        fields = ["name", "kind", "parent", "area", "lender", "starts_on", "ends_on", *_PLACE]
        help_texts = {
            "parent": "La zone ou la serre où elle se trouve, s’il y en a une.",
            "area": "Vide, elle se calcule des deux longueurs du plan, s’il les a.",
            "starts_on": "Pour une serre empruntée quelques mois, par exemple.",
        }

    def choices_of_parent(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the plots of the garden that lie in no other one."""
        choices = choices.for_scope(self.scope, self.action).of(self.instance.garden)
        return choices.filter(parent=None).exclude(pk=self.instance.pk)

    def choices_of_lender(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the organisations of the garden's territory."""
        choices = choices.for_scope(self.scope, self.action)
        return choices.filter(territory=self.instance.garden.site.territory_id)

    def clean_parent(self) -> Plot | None:
        """Refuse to put what has beds in another plot: a garden has zones, and beds in them."""
        parent = self.cleaned_data["parent"]
        if parent and self.is_edit:
            beds = Plot.objects.for_scope(self.scope, self.action).of(self.instance)
            if beds.exists():
                raise ValidationError(HAS_BEDS, code="beds")
        return parent

    def clean(self) -> dict:
        """Ask for a whole place or none; take the area from it when none is written."""
        cleaned = super().clean()
        if self.errors.keys() & set(_PLACE):
            return cleaned
        given = {name: cleaned.get(name) for name in _PLACE if cleaned.get(name) is not None}
        if given:
            self._check_place(given)
        if len(given) == len(_PLACE) and cleaned.get("area") is None and "area" not in self.errors:
            cleaned["area"] = Decimal(given["plan_width"] * given["plan_height"]) / 100
        return cleaned

    def _check_place(self, given: dict[str, int]) -> None:
        for name in _PLACE:
            if name not in given:
                self.add_error(name, ValidationError(WHOLE, code="whole"))
        for name in ("plan_width", "plan_height"):
            if given.get(name) == 0:
                self.add_error(name, ValidationError(FLAT, code="flat"))

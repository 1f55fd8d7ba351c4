"""Forms of operations: to do or done, how it was done, its photo, the filter of the list."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction

from autoprod.core.fields import AmountFormField
from autoprod.core.fields.amounts import Unit
from autoprod.core.files import JPEG, PNG, CheckedUpload, DocumentField, gone_with_rows
from autoprod.core.forms import NOTHING_CHOSEN, ScopedModelForm
from autoprod.core.scoping import Action
from autoprod.core.uploads import StoredFileForm
from beneficiaries.forms.pathways import refuse_future
from gardens.forms.crops import GardensFilter, InGardensForm, plots_by_garden
from gardens.models import Garden, Operation, OperationPhoto, Planting
from gardens.services import operations
from programmes.models import ReferenceCode

#: Pixels: wider than any page shows it.
LONGEST_SIDE = 1_600
NOT_A_PHOTO = "Choisissez une photo (JPEG, PNG, HEIC)\u00a0: un PDF se joint à l’action."
OTHER_PLACE = "Cette parcelle est dans un autre jardin. Changez l’un ou l’autre."
OTHER_CROP = "Cette culture est sur une autre parcelle. Changez l’une ou l’autre."
NO_DAY = "Dites quand c’est prévu, ou quand c’est fait."
QUANTITY = Unit(
    3,
    ("kg", "l", "litres", "litre"),
    "12,5",
    "Écrivez cette quantité avec trois chiffres après la virgule au plus.",
)
_STATES = (("", "Tout"), ("planned", "À faire"), ("done", "Faits"))


def kind_label(kind: ReferenceCode) -> str:
    """Return « Arrosage (L) »: what its quantity is counted in."""
    unit = operations.unit_of(kind)
    return f"{kind.label} ({unit})" if unit else kind.label


class PhotoField(DocumentField):
    """A photograph, reduced; a PDF is refused."""

    def __init__(self, **kwargs) -> None:
        """Say what is taken, and what is not shown."""
        options = {
            "label": "Photo",
            "longest": LONGEST_SIDE,
            "help_text": "JPEG, PNG ou HEIC, 10\u00a0Mo au plus. Sans visage que l’on reconnaisse.",
        }
        super().__init__(**options | kwargs)

    def to_python(self, data: object) -> CheckedUpload | None:
        """Refuse what is not a picture."""
        document = super().to_python(data)
        if document and document.content_type not in (JPEG, PNG):
            raise ValidationError(NOT_A_PHOTO, code="not_a_photo")
        return document


class KeepsPhoto(ScopedModelForm):
    """A form of an operation that may bring its photo; another one takes the place of the first."""

    def save(self, commit: bool = True) -> Operation:
        """Save, then the photo."""
        with gone_with_rows(), transaction.atomic():
            operation = super().save(commit=commit)
            if photo := self.cleaned_data.get("photo"):
                operations.keep_photo(scope=self.scope, operation=operation, photo=photo)
            return operation


class OperationForm(KeepsPhoto, InGardensForm):
    """Something to do or done: what, where, when, how much, by how many."""

    parts = (
        ("Quoi et où", ("kind", "garden", "plot", "planting")),
        ("Quand", ("done_on", "planned_on")),
        ("Combien", ("quantity", "minutes", "people")),
        ("Ce que l’on a vu", ("note", "photo")),
    )

    quantity = AmountFormField(
        label="Quantité",
        unit=QUANTITY,
        required=False,
        help_text="En litres ou en kilogrammes, comme le dit le geste.",
    )
    photo = PhotoField(required=False)

    class Meta:
        model = Operation
        fields = [
            "kind",
            "garden",
            "plot",
            "planting",
            "done_on",
            "planned_on",
            "quantity",
            "minutes",
            "people",
            "note",
        ]
        help_texts = {
            "minutes": "Le temps de chacun, par exemple 1 h 30.",
            "people": "Le nombre de personnes, sans leur nom.",
            "note": "Ce que l’on a vu\u00a0: maladies, insectes, levée… Aucun nom.",
        }

    def __init__(self, *args, **kwargs) -> None:
        """Say the unit of each kind; name the crops with their plot."""
        super().__init__(*args, **kwargs)
        self.fields["kind"].label_from_instance = kind_label
        plot, planting = self.fields["plot"], self.fields["planting"]
        plot.choices = [("", "Tout le jardin"), *plots_by_garden(plot.queryset)[1:]]
        planting.label_from_instance = lambda row: f"{row} · {row.plot}"
        planting.empty_label = NOTHING_CHOSEN
        gardens = list(self.fields["garden"].queryset[:2])
        if len(gardens) == 1:
            self.fields["garden"].initial = gardens[0].pk

    def choices_of_garden(self, rows: models.QuerySet) -> models.QuerySet:
        """Offer the gardens of the programme."""
        rows = Garden.objects.for_scope(self.scope, self.action).select_related("site")
        return rows.filter(site__programmes=self.programme)

    def choices_of_planting(self, rows: models.QuerySet) -> models.QuerySet:
        """Offer the crops that are not over, and the one kept."""
        rows = Planting.objects.for_scope(self.scope, self.action).of(self.programme)
        is_open = models.Q(ended_on=None) | models.Q(pk=self.instance.planting_id or 0)
        return rows.filter(is_open).described()

    def clean(self) -> dict:
        """Fill the place from the crop; refuse what does not hold together."""
        super().clean()
        refuse_future(self, ["done_on"], operations.TO_COME)
        self._place()
        cleaned = self.cleaned_data
        try:
            operations.refuse_quantity(cleaned.get("kind"), cleaned.get("quantity"))
        except ValidationError as error:
            self.add_error("quantity", error)
        if not any(cleaned.get(n) or n in self.errors for n in ("done_on", "planned_on")):
            self.add_error("done_on", ValidationError(NO_DAY, code="required"))
        return cleaned

    def _place(self) -> None:
        """Take the plot of the crop when none is told; refuse two places at once."""
        cleaned = self.cleaned_data
        garden, plot, planting = (cleaned.get(n) for n in ("garden", "plot", "planting"))
        if planting and plot and planting.plot_id != plot.pk:
            self.add_error("planting", ValidationError(OTHER_CROP, code="place"))
        elif planting and plot is None:
            plot = cleaned["plot"] = planting.plot
        if plot and garden and plot.garden_id != garden.pk:
            self.add_error("plot", ValidationError(OTHER_PLACE, code="place"))

    def save(self, commit: bool = True) -> Operation:
        """Save, tied to the session of the day it was done."""
        _tie(self, self.cleaned_data.get("done_on"))
        return super().save(commit=commit)


class DoneForm(KeepsPhoto):
    """How something planned was done."""

    quantity = AmountFormField(label="Quantité", unit=QUANTITY, required=False)
    photo = PhotoField(required=False)

    class Meta:
        model = Operation
        fields = ["done_on", "minutes", "people", "quantity", "note"]
        help_texts = OperationForm.Meta.help_texts

    def __init__(self, *args, **kwargs) -> None:
        """Ask for the quantity where the kind has one."""
        super().__init__(*args, **kwargs)
        self.fields["done_on"].required = True
        if unit := operations.unit_of(self.instance.kind):
            self.fields["quantity"].label = f"Quantité ({unit})"
        else:
            del self.fields["quantity"]

    def clean(self) -> dict:
        """Refuse a day that has not come."""
        super().clean()
        refuse_future(self, ["done_on"], operations.TO_COME)
        return self.cleaned_data

    def save(self, commit: bool = True) -> Operation:
        """Save, tied to the session of the day."""
        _tie(self, self.cleaned_data["done_on"])
        return super().save(commit=commit)


def _tie(form: ScopedModelForm, on: date | None) -> None:
    """Tie an operation to the session of the day it was done, once: a day corrected, again."""
    row = form.instance
    if on and ("done_on" in form.changed_data or row._state.adding):
        row.session = operations.session_of(form.scope, row.garden, row.programme, on)
    if row._state.adding and form.scope.actor_key:
        row.noted_by_id = int(form.scope.actor_key)


class OperationPhotoForm(StoredFileForm):
    """The photo of an operation, in place of the one there was; `fixed` gives the operation."""

    document = PhotoField()

    class Meta:
        model = OperationPhoto
        fields = ["title"]
        labels = {"title": "Légende"}

    def validate_unique(self) -> None:
        """Accept a second one: it takes the place of the first."""

    def save(self, commit: bool = True) -> OperationPhoto:
        """Store the photo, the one before taken away with its file."""
        with gone_with_rows(), transaction.atomic():
            operations.drop_photo(scope=self.scope, operation=self.fixed["operation"])
            return super().save(commit=commit)


class OperationFilter(GardensFilter):
    """Narrow the operations to a garden, a kind, or what is to do."""

    kind = forms.ModelChoiceField(label="Geste", queryset=ReferenceCode.objects.none())
    state = forms.ChoiceField(label="État", choices=_STATES)

    def __init__(self, *args, **kwargs) -> None:
        """Offer the kinds of the list."""
        super().__init__(*args, **kwargs)
        codes = ReferenceCode.objects.for_scope(self.scope, Action.VIEW_GARDENS)
        self.fields["kind"].queryset = codes.in_list("operation_kinds")

    def narrow(self, rows: models.QuerySet) -> models.QuerySet:
        """Return the operations that match."""
        asked = self.cleaned_data
        for name in ("garden", "kind"):
            if asked.get(name):
                rows = rows.filter(**{name: asked[name]})
        if asked.get("state"):
            rows = rows.filter(done_on__isnull=asked["state"] == "planned")
        return rows

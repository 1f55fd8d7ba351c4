"""Forms of crops: one or several series, the filter of the list, the plan of last year."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.fields import sort_key
from autoprod.core.forms import CHOOSE, FilterForm, RowsField, ScopedModelForm
from autoprod.core.scoping import Action
from beneficiaries.forms.pathways import refuse_future
from gardens.enums import PlantingState
from gardens.forms.typed import ListInput, TypedField
from gardens.models import Garden, Planting, Plot, Species, Variety
from gardens.models.crops import PLANNED_DATES
from gardens.services import crops
from gardens.services.plots import in_order
from programmes.models import Programme, ReferenceCode

TO_COME = "Cette date est à venir\u00a0: ce qui est prévu se note plus haut."
NO_DAY = "Dites au moins un jour, prévu ou déjà fait."
NOT_LISTED = (
    "«\u00a0{name}\u00a0» n’est pas dans les variétés de cette espèce. Si c’est bien son nom, "
    "cochez la case pour l’ajouter à la liste du territoire."
)
HOW_OFTEN = "Dites aussi tous les combien de semaines."
REAL_DATES = ("sown_on", "planted_on", "ended_on")


def plots_by_garden(plots: models.QuerySet) -> list:
    """Return the choices of a plot, under the gardens."""
    groups: dict[str, list] = {}
    for plot in plots:
        groups.setdefault(str(plot.garden), []).append(plot)
    listed = [
        (garden, [(plot.pk, plot.name) for plot in in_order(of_garden)])
        for garden, of_garden in groups.items()
    ]
    return [("", CHOOSE), *listed]


class InGardensForm(ScopedModelForm):
    """What is done in the gardens of a programme, which `fixed` gives."""

    #: What the page gathers under a title: (title, names of the fields).
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    #: Parts folded until something is told in them.
    folded: frozenset[str] = frozenset()

    @property
    def sections(self) -> list[dict]:
        """Return the parts that have fields: title, fields, and whether it starts folded."""
        found = []
        for title, names in self.parts:
            fields = [self[name] for name in names if name in self.fields]
            is_folded = title in self.folded and not any(map(self._is_told, fields))
            found.append({"title": title, "fields": fields, "is_folded": is_folded})
        return [part for part in found if part["fields"]]

    @property
    def has_folded(self) -> bool:
        """Tell whether some part starts folded."""
        return any(part["is_folded"] for part in self.sections)

    @staticmethod
    def _is_told(field: forms.BoundField) -> bool:
        """Tell whether a field says something, or is refused."""
        is_usual = str(field.value()) == str(field.field.initial)
        return bool(field.errors) or not (field.value() in (None, "", True) or is_usual)

    @property
    def programme(self) -> Programme:
        """Return the programme of the row."""
        return self.fixed["programme"]

    def choices_of_plot(self, rows: models.QuerySet) -> models.QuerySet:
        """Offer the plots of the programme's gardens that are there today, and the one kept."""
        usable = Plot.objects.for_scope(self.scope, self.action).usable(timezone.localdate())
        kept = models.Q(pk__in=usable.values("pk")) | models.Q(pk=self.instance.plot_id or 0)
        rows = Plot.objects.for_scope(self.scope, self.action)
        rows = rows.filter(kept, garden__site__programmes=self.programme)
        rows = rows.select_related("garden__site", "parent")
        return rows.order_by("garden__site__sort_key", "garden", "sort_key", "pk")


class PlantingForm(InGardensForm):
    """A crop: what, where, when. Its variety is typed; one that is new is added knowingly."""

    parts = (
        ("Quoi et où", ("species", "variety", "adds_variety", "plot", "method")),
        ("Ce qui est prévu", PLANNED_DATES),
        ("Plusieurs séries", ("series", "weeks")),
        ("Ce qui est déjà fait", REAL_DATES),
        ("Détails", ("plant_count", "area", "expected", "is_organic_seed", "note")),
    )
    folded = frozenset({"Plusieurs séries", "Ce qui est déjà fait", "Détails"})

    variety = forms.CharField(
        label="Variété",
        max_length=80,
        required=False,
        widget=ListInput,
        help_text="Laissez vide si vous ne la connaissez pas.",
    )
    adds_variety = forms.BooleanField(label="Ajouter cette variété à la liste", required=False)

    class Meta:
        model = Planting
        fields = [
            "species",
            "variety",
            "plot",
            "method",
            *PLANNED_DATES,
            *REAL_DATES,
            "plant_count",
            "area",
            "expected",
            "is_organic_seed",
            "note",
        ]
        field_classes = {"species": TypedField}
        help_texts = {"species": "Tapez ses premières lettres."}

    def __init__(self, *args, **kwargs) -> None:
        """Propose the names of species and varieties, and show the stored variety's."""
        super().__init__(*args, **kwargs)
        self.order_fields(["species", "variety", "adds_variety"])
        self.fields["plot"].choices = plots_by_garden(self.fields["plot"].queryset)
        species = self.fields["species"]
        species.widget.options = [
            (name, family) for name, family in species.queryset.values_list("name", "family__label")
        ]
        self.known = Variety.objects.for_scope(self.scope, self.action)
        listed = self.known.order_by("species__sort_key", "sort_key")
        self.fields["variety"].widget.options = listed.values_list("name", "species__name")
        variety = self.instance.variety
        self.initial["variety"] = self._stored["variety"] = variety.name if variety else ""
        self.new_variety: Variety | None = None
        if not self.data.get(self.add_prefix("variety")):
            del self.fields["adds_variety"]

    def choices_of_species(self, rows: models.QuerySet) -> models.QuerySet:
        """Offer the shipped species and those of the programme's territory."""
        rows = Species.objects.for_scope(self.scope, self.action)
        return rows.filter(models.Q(territory=None) | models.Q(territory=self.programme.territory))

    def clean(self) -> dict:
        """Find the variety, refuse what is done in the future, ask for one day at least."""
        super().clean()
        self.cleaned_data["variety"] = self._variety()
        refuse_future(self, REAL_DATES, TO_COME)
        names = (*PLANNED_DATES, *REAL_DATES)
        told = any(self.cleaned_data.get(name) or name in self.errors for name in names)
        if not told:
            self.add_error("plant_on", ValidationError(NO_DAY, code="required"))
        return self.cleaned_data

    def _variety(self) -> Variety | None:
        """Return the variety typed; one that is new is kept aside until the form is saved."""
        name = " ".join((self.cleaned_data.get("variety") or "").split())
        species = self.cleaned_data.get("species")
        if not name or species is None:
            return None
        rows = self.known.of(species).filter(sort_key=sort_key(name))
        if row := rows.order_by(models.F("territory").asc(nulls_first=True)).first():
            self.fields.pop("adds_variety", None)
            return row
        if not self.cleaned_data.get("adds_variety"):
            said = NOT_LISTED.format(name=name)
            self.add_error("variety", ValidationError(said, code="unknown"))
            return None
        territory = self.programme.territory
        self.new_variety = Variety(species=species, name=name, territory=territory)
        return None

    def save(self, commit: bool = True) -> Planting:
        """Save, the new variety first."""
        with transaction.atomic():
            if self.new_variety:
                self.new_variety.save()
                record(self.scope, Verb.CREATE, self.new_variety)
                self.instance.variety = self.new_variety
            return super().save(commit=commit)


class PlantingCreateForm(PlantingForm):
    """A crop, once or in several series."""

    series = forms.IntegerField(
        label="Nombre de séries",
        min_value=1,
        max_value=20,
        initial=1,
        required=False,
        help_text="Pour échelonner la récolte\u00a0: radis, salades, haricots…",
    )
    weeks = forms.IntegerField(
        label="Une série toutes les (semaines)", min_value=1, max_value=26, required=False
    )

    def clean(self) -> dict:
        """Ask how often a series comes back."""
        super().clean()
        if (self.cleaned_data.get("series") or 1) > 1 and not self.cleaned_data.get("weeks"):
            self.add_error("weeks", ValidationError(HOW_OFTEN, code="required"))
        return self.cleaned_data

    @transaction.atomic
    def save(self, commit: bool = True) -> Planting:
        """Save the crop and the series after it."""
        planting = super().save(commit=commit)
        times = (self.cleaned_data.get("series") or 1) - 1
        if times:
            weeks = self.cleaned_data["weeks"]
            crops.repeat(scope=self.scope, planting=planting, times=times, weeks=weeks)
        return planting


class PlaceForm(forms.Form):
    """What a form of a crop says so far: enough to tell what it would follow."""

    species = TypedField(queryset=Species.objects.none())
    plot = forms.ModelChoiceField(queryset=Plot.objects.none())
    planted_on = forms.DateField(required=False)
    plant_on = forms.DateField(required=False)
    sown_on = forms.DateField(required=False)
    sow_on = forms.DateField(required=False)

    def __init__(self, *args, scope, programme: Programme, **kwargs) -> None:
        """Narrow the choices to the scope."""
        super().__init__(*args, **kwargs)
        action = Action.EDIT_GARDENS
        plots = Plot.objects.for_scope(scope, action).select_related("garden")
        self.fields["species"].queryset = Species.objects.for_scope(scope, action)
        self.fields["plot"].queryset = plots.filter(garden__site__programmes=programme)

    @property
    def season(self) -> int:
        """Return the year the crop would take its plot, this one when no day is told."""
        names = ("planted_on", "plant_on", "sown_on", "sow_on")
        days = (self.cleaned_data.get(name) for name in names)
        return next((day for day in days if day), timezone.localdate()).year


class GardensFilter(FilterForm):
    """The rows of one garden of the programme, or of all."""

    garden = forms.ModelChoiceField(label="Jardin", queryset=Garden.objects.none())

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        """Offer the gardens of the programme."""
        super().__init__(*args, **kwargs)
        gardens = Garden.objects.for_scope(self.scope, Action.VIEW_GARDENS).select_related("site")
        self.fields["garden"].queryset = gardens.filter(site__programmes=programme)


class PlantingFilter(GardensFilter):
    """Narrow the crops to a garden, a family or where they are."""

    family = forms.ModelChoiceField(label="Famille", queryset=ReferenceCode.objects.none())
    state = forms.ChoiceField(label="État", choices=[("", "Tout"), *PlantingState.choices])

    def __init__(self, *args, **kwargs) -> None:
        """Offer the families of the list."""
        super().__init__(*args, **kwargs)
        codes = ReferenceCode.objects.for_scope(self.scope, Action.VIEW_GARDENS)
        self.fields["family"].queryset = codes.in_list("plant_families").order_by("label")

    def narrow(self, rows: models.QuerySet) -> models.QuerySet:
        """Return the crops that match."""
        asked = self.cleaned_data
        if asked.get("garden"):
            rows = rows.filter(plot__garden=asked["garden"])
        if asked.get("family"):
            rows = rows.filter(species__family=asked["family"])
        return rows.in_state(asked["state"]) if asked.get("state") else rows


class PlanField(RowsField):
    """Crops of last year, told with their plot."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Planting) -> str:
        """Return « Tomate, Marmande · Le Rôleur, Planche 3 »."""
        return f"{obj} · {obj.plot.garden}, {obj.plot}"


class PlanForm(forms.Form):
    """Which crops of last year are planned again."""

    plantings = PlanField(
        label="Cultures à reprendre",
        queryset=Planting.objects.none(),
        error_messages={"required": "Cochez au moins une culture."},
    )

    def __init__(self, *args, plantings: models.QuerySet, **kwargs) -> None:
        """Offer these crops, all ticked."""
        super().__init__(*args, **kwargs)
        field = self.fields["plantings"]
        field.queryset = plantings
        rows = crops.laid_out(plantings)
        field.initial = [row.pk for row in rows]
        # As people list their beds: 2 before 10.
        field.choices = [(row.pk, field.label_from_instance(row)) for row in rows]

"""Export of the crops of a programme over a year; it names nobody."""

from import_export.fields import Field

from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import ScopedResource
from gardens.models import Planting


class PlantingResource(ScopedResource):
    """One line per crop, planned then real."""

    action = Action.VIEW_GARDENS
    title = "Cultures"

    garden = Field("plot__garden__site__name", "Jardin")
    plot = Field("plot__name", "Parcelle")
    species = Field("species__name", "Espèce")
    family = Field("species__family__label", "Famille")
    variety = Field("variety__name", "Variété")
    is_heirloom = Field(column_name="Variété ancienne")
    method = Field("get_method_display", "Mode")
    state = Field("state__label", "État")
    sow_on = Field("sow_on", "Semis prévu")
    plant_on = Field("plant_on", "Plantation prévue")
    harvest_on = Field("harvest_on", "Première récolte prévue")
    end_on = Field("end_on", "Fin prévue")
    sown_on = Field("sown_on", "Semé le")
    planted_on = Field("planted_on", "Planté le")
    ended_on = Field("ended_on", "Arraché le")
    plant_count = Field("plant_count", "Plants")
    area = Field("area", "Surface (m²)")
    expected = Field("expected", "Récolte attendue (kg)")
    is_organic_seed = Field(column_name="Semence bio")
    note = Field("note", "Remarques")

    class Meta:
        model = Planting
        fields = (
            *("garden", "plot", "species", "family", "variety", "is_heirloom", "method", "state"),
            *("sow_on", "plant_on", "harvest_on", "end_on", "sown_on", "planted_on", "ended_on"),
            *("plant_count", "area", "expected", "is_organic_seed", "note"),
        )
        export_order = fields

    def get_queryset(self):
        """Return the rows with what the columns read."""
        return super().get_queryset().described()

    def dehydrate_is_heirloom(self, row: Planting) -> str:
        """Return « oui » for an heirloom variety, « non », nothing without a variety."""
        if row.variety is None:
            return ""
        return "oui" if row.variety.is_heirloom else "non"

    def dehydrate_is_organic_seed(self, row: Planting) -> str:
        """Return « oui » or « non »."""
        return "oui" if row.is_organic_seed else "non"

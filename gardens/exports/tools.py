"""Exports of the tools, and of the loans of a period."""

from collections.abc import Mapping

from import_export.fields import Field
from import_export.widgets import DateWidget

from autoprod.core.scoping import Action, Scope
from autoprod.core.spreadsheets import ScopedResource
from autoprod.core.spreadsheets.resources import FormFieldWidget
from gardens.models import Loan, Tool

#: A day stays a day, which a spreadsheet sorts.
_DAY = DateWidget(coerce_to_string=False)


class ToolResource(ScopedResource):
    """One line per tool; `words` says where each one is, by key."""

    action = Action.VIEW_GARDENS
    title = "Outillothèque"

    number = Field("number", "Numéro")
    name = Field("name", "Outil")
    kind = Field("kind__label", "Catégorie")
    site = Field("site__name", "Rangé à")
    standing = Field(column_name="État")
    accessories = Field("accessories", "Accessoires")
    value = Field("value", "Valeur (€)", FormFieldWidget(Tool._meta.get_field("value")))
    giver = Field("giver__name", "Donné par")
    acquired_on = Field("acquired_on", "Acquis le", _DAY)
    note = Field("note", "Remarques")

    class Meta:
        model = Tool
        fields = (
            "number",
            "name",
            "kind",
            "site",
            "standing",
            "accessories",
            "value",
            "giver",
            "acquired_on",
            "note",
        )
        export_order = fields

    def __init__(self, *, scope: Scope, words: Mapping[int, str]) -> None:
        """Keep where each tool is."""
        super().__init__(scope=scope)
        self.words = words

    def get_queryset(self):
        """Return the rows with what the columns read."""
        return super().get_queryset().select_related("kind", "site", "giver")

    def dehydrate_standing(self, row: Tool) -> str:
        """Return where the tool is, as the list says it."""
        return self.words.get(row.pk, "")


class LoanResource(ScopedResource):
    """One line per loan; `names` says who had the tool, by key, as the reader may know it."""

    action = Action.VIEW_GARDENS
    title = "Prêts d’outils"

    number = Field("tool__number", "Numéro")
    tool = Field("tool__name", "Outil")
    holder = Field(column_name="Prêté à")
    lent_on = Field("lent_on", "Sorti le", _DAY)
    due_on = Field("due_on", "Retour prévu le", _DAY)
    returned_on = Field("returned_on", "Rendu le", _DAY)
    state_out = Field("state_out", "État à la sortie")
    state_in = Field("state_in", "État au retour")
    override_reason = Field("override_reason", "Prêté malgré un obstacle, parce que")

    class Meta:
        model = Loan
        fields = (
            "number",
            "tool",
            "holder",
            "lent_on",
            "due_on",
            "returned_on",
            "state_out",
            "state_in",
            "override_reason",
        )
        export_order = fields

    def __init__(self, *, scope: Scope, names: Mapping[int, str]) -> None:
        """Keep who had each tool."""
        super().__init__(scope=scope)
        self.names = names

    def get_queryset(self):
        """Return the rows with what the columns read."""
        return super().get_queryset().select_related("tool")

    def dehydrate_holder(self, row: Loan) -> str:
        """Return who had the tool."""
        return self.names.get(row.pk, "")

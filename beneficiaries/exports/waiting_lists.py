"""Export of a waiting list; it names persons."""

from import_export.fields import Field

from autoprod.core.scoping import Action, Scope
from autoprod.core.spreadsheets import ScopedResource
from beneficiaries.models import Enrolment
from programmes.models import Programme

#: Where somebody comes from is of their pathway.
ORIGIN = ("referred_by", "referral_source")


class WaitingResource(ScopedResource):
    """One line per request, with the name of the person."""

    action = Action.EDIT_PERSONS
    title = "Liste d’attente"

    last_name = Field("person__last_name", "Nom")
    first_name = Field("person__first_name", "Prénom")
    usual_name = Field("person__usual_name", "Nom d’usage")
    phone = Field("person__phone", "Téléphone")
    referred_on = Field("referred_on", "Demande du")
    accepted_on = Field("accepted_on", "Accord du")
    referred_by = Field("referred_by__name", "Orienté par")
    referral_source = Field("referral_source__label", "Origine")

    class Meta:
        model = Enrolment
        fields = (
            "last_name",
            "first_name",
            "usual_name",
            "phone",
            "referred_on",
            "accepted_on",
            *ORIGIN,
        )
        export_order = fields

    def __init__(self, *, scope: Scope, programme: Programme, **kwargs) -> None:
        """Leave out where people come from for who may not see pathways there."""
        super().__init__(scope=scope, **kwargs)
        self.has_origin = scope.opens(Action.VIEW_PATHWAYS, programme)

    def get_export_fields(self, selected_fields: list | None = None) -> list[Field]:
        """Return the columns this user may read."""
        fields = super().get_export_fields(selected_fields)
        hidden = () if self.has_origin else ORIGIN
        return [field for field in fields if field.attribute.split("__")[0] not in hidden]

    def get_queryset(self):
        """Return the rows with what the columns read."""
        return super().get_queryset().select_related("person", "referred_by", "referral_source")

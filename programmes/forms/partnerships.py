"""Form of a partnership."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from autoprod.core.forms import ScopedModelForm
from autoprod.core.scoping import Action
from programmes.access import gives_access
from programmes.models import Partnership

#: What decides to whom a partnership opens its programme.
_OPENING = frozenset({"organisation", "role", "starts_on", "ends_on"})


class PartnershipForm(ScopedModelForm):
    """What an organisation is in a programme; `fixed` gives the programme."""

    class Meta:
        model = Partnership
        fields = ["organisation", "role", "theme", "purpose", "agreement", "starts_on", "ends_on"]

    def clean(self) -> dict:
        """Leave to the programme's manager the roles that open it to other accounts.

        Otherwise whoever notes partners could give rights, to themselves for a start.
        """
        cleaned = super().clean()
        if self._gives_access() and not self.scope.opens(
            Action.EDIT_PROGRAMME, self.fixed["programme"]
        ):
            self.add_error(
                "role",
                ValidationError(
                    "Des comptes sont rattachés à cette organisation\u00a0: ce rôle leur ouvrirait "
                    "l’action. Demandez à la personne qui pilote l’action de le noter.",
                    code="gives_access",
                ),
            )
        return cleaned

    def _gives_access(self) -> bool:
        cleaned, today = self.cleaned_data, timezone.localdate()
        organisation, role = cleaned.get("organisation"), cleaned.get("role")
        if not (organisation and role and _OPENING & set(self.changed_data)):
            return False
        is_over = cleaned.get("ends_on") and cleaned["ends_on"] < today
        return not is_over and gives_access(organisation, role, on=today)

"""Form of a partnership."""

from autoprod.core.forms import ScopedModelForm
from programmes.models import Partnership


class PartnershipForm(ScopedModelForm):
    """What an organisation is in a programme."""

    class Meta:
        model = Partnership
        fields = ["organisation", "role", "theme", "purpose", "agreement", "starts_on", "ends_on"]

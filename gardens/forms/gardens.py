"""Form of a garden."""

from autoprod.core.forms import ScopedModelForm
from gardens.models import Garden


class GardenForm(ScopedModelForm):
    """What is known of a garden; its address is its site's."""

    class Meta:
        model = Garden
        fields = ["cultivated", "water", "is_organic", "note"]

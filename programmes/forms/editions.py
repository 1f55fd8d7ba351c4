"""Form of an edition."""

from autoprod.core.forms import ScopedModelForm
from programmes.models import Edition


class EditionForm(ScopedModelForm):
    """The year or operation of a programme."""

    class Meta:
        model = Edition
        fields = [
            "label",
            "starts_on",
            "ends_on",
            "capacity",
            "target_persons",
            "operation_title",
            "operation_number",
        ]

"""Form of a reference price."""

from django.db import models

from autoprod.core.forms import ScopedModelForm
from gardens.forms.acts import READ_BY_ALL, products_of
from gardens.models import ProductPrice

SOURCE = f"Par exemple le relevé d’un marché, et son jour. {READ_BY_ALL}"


class PriceForm(ScopedModelForm):
    """What a kilogram costs, since when, and where it was read."""

    class Meta:
        model = ProductPrice
        fields = ["product", "price", "starts_on", "source"]
        help_texts = {"source": SOURCE}

    def __init__(self, *args, programme, **kwargs) -> None:
        """Keep the programme whose products are offered."""
        self.programme = programme
        super().__init__(*args, **kwargs)

    def choices_of_product(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the products shipped and the territory's."""
        return products_of(self.scope, self.programme)

"""Form of a reference price."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models

from autoprod.core.forms import ScopedModelForm
from gardens.forms.acts import READ_BY_ALL, products_of
from gardens.models import ProductPrice

SOURCE = f"Par exemple le relevé d’un marché, et son jour. {READ_BY_ALL}"
NO_PRICE = "Écrivez un prix au-dessus de zéro, ou laissez ce produit sans prix."
TOO_DEAR = "C’est le prix d’un kilo, en euros\u00a0: vérifiez la virgule."
#: Saffron aside, nothing grown costs more a kilogram.
_DEAREST = Decimal(500)


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

    def clean_price(self) -> Decimal:
        """Ask about a price that would make every value of the product wrong."""
        price = self.cleaned_data["price"]
        if not price:
            raise ValidationError(NO_PRICE)
        if price > _DEAREST:
            raise ValidationError(TOO_DEAR)
        return price

    def choices_of_product(self, choices: models.QuerySet) -> models.QuerySet:
        """Offer the products shipped and the territory's."""
        return products_of(self.scope, self.programme)

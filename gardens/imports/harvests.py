"""Harvests written in a spreadsheet or typed back from paper, read line by line.

A line is known again by what it says: the same file twice weighs nothing twice. Two lines that say
the same in one file are two crates, told apart by their rank.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from uuid import NAMESPACE_URL, UUID, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from autoprod.core.fields import AmountFormField, sort_key
from autoprod.core.fields.amounts import KILOGRAMS
from autoprod.core.scoping import Action, Scope
from gardens.enums import Destination, Origin, Quality
from gardens.models import Harvest, Product, Variety
from gardens.services.harvests import FUTURE, Weighing
from gardens.services.lots import check_day, check_weight
from gardens.services.movements import Out
from gardens.services.weighings import DESTINATIONS, offered, session_at, weigh_out
from programmes.models import Organisation, Programme, Session, Site

A = Action.EDIT_GARDENS
#: The titles of a file, and what else they may be called.
TITLES = {
    "day": ("Jour", "Date", "Récolté le"),
    "site": ("Jardin", "Site", "Lieu"),
    "product": ("Produit", "Espèce", "Légume"),
    "variety": ("Variété",),
    "weight": ("Poids (kg)", "Poids", "kg", "Quantité (kg)"),
    "pieces": ("Pièces", "Nombre"),
    "where": ("Vers", "Destination"),
    "receiver": ("Association", "Organisation"),
}
REQUIRED = ("day", "site", "product")
#: What one writes on paper to go quickly.
LETTERS = {
    "j": Destination.GROWERS,
    "p": Destination.BASKET,
    "e": Destination.GROCERY,
    "t": Destination.TABLE,
    "a": Destination.ORGANISATION,
    "c": Destination.COMPOST,
}
_STOCK = frozenset({"", "s", "stock", "au stock"})
_MARK = uuid5(NAMESPACE_URL, "autoprod:recoltes")

NO_DAY = "Écrivez le jour, par exemple 14/03/2026."
NO_SITE = "«\u00a0{said}\u00a0» n’est pas un jardin de cette action."
CLOSE = " Vouliez-vous dire «\u00a0{close}\u00a0»\u00a0?"
NO_PRODUCT = "«\u00a0{said}\u00a0» n’est pas un produit connu."
NO_VARIETY = "«\u00a0{said}\u00a0» n’est pas une variété connue de {product}."
NO_WEIGHT = "Écrivez un poids en kilogrammes, ou un nombre de pièces."
NO_PIECE = "Une pièce de {product} n’a pas de poids connu\u00a0: écrivez des kilogrammes."
NOT_WHOLE = "Un nombre de pièces est un nombre entier."
NO_WAY = "«\u00a0{said}\u00a0» n’est pas une destination\u00a0: {known}."
NO_RECEIVER = "Dites à quelle association."
UNKNOWN_RECEIVER = "«\u00a0{said}\u00a0» n’est pas une organisation connue."


class MissingColumn(Exception):  # noqa: N818 - what people are told, more than an error of ours
    """A file without a column it needs; its text says in French which."""


@dataclass
class Line:
    """One line: what it said, what it asks, what is wrong with it."""

    number: int
    cells: Mapping[str, str]
    weighing: Weighing | None = None
    outs: list[Out] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    #: Weighed already: the file was imported before.
    is_known: bool = False


def columns_of(header: Iterable[str]) -> dict[str, str]:
    """Return {what: title in the file}; MissingColumn when one that is needed is not there."""
    told = {sort_key(title): title for title in header}
    found = {}
    for name, titles in TITLES.items():
        title = next((told[key] for key in map(sort_key, titles) if key in told), None)
        if title is not None:
            found[name] = title
    missing = [name for name in REQUIRED if name not in found]
    if not missing and not {"weight", "pieces"} & found.keys():
        missing = ["weight"]
    if missing:
        titles = ", ".join(f"«\u00a0{TITLES[name][0]}\u00a0»" for name in missing)
        raise MissingColumn(
            f"Il manque une colonne\u00a0: {titles}. Reprenez les titres du modèle."
        )
    return found


def _singular(key: str) -> str:
    """Return a name without the marks of the plural: « pommes de terre » is pomme de terre."""
    return " ".join(word.rstrip("sx") for word in key.split())


class Reader:
    """Reads lines against what the scope opens; its queries do not grow with the lines."""

    def __init__(self, scope: Scope, programme: Programme) -> None:
        """Read the sites, products, varieties and organisations once."""
        self.scope, self.programme = scope, programme
        sites = list(Site.objects.for_scope(scope, A).used_by(programme).select_related("garden"))
        self.known_sites = {sort_key(s.short_name): s for s in sites} | {
            s.sort_key: s for s in sites
        }
        products = offered(Product.objects.for_scope(scope, A), programme)
        # The territory's own comes before a shipped one of the same name.
        ordered = sorted(products, key=lambda product: product.territory_id is not None)
        self.known_products = {_singular(product.sort_key): product for product in ordered}
        varieties = offered(Variety.objects.for_scope(scope, A), programme)
        self.known_varieties = {(one.species_id, one.sort_key): one for one in varieties}
        receivers = Organisation.objects.for_scope(scope, A)
        receivers = receivers.filter(territory=programme.territory_id)
        self.known_receivers = {sort_key(one.name): one for one in receivers}
        labels = {sort_key(d.label): d for d in DESTINATIONS}
        self.ways = labels | LETTERS | {"partage jardiniers": Destination.GROWERS}
        self.met: dict[tuple[int, date], Session | None] = {}
        self.ranks: Counter = Counter()

    def read(self, number: int, cells: Mapping[str, str], mark: UUID | None = None) -> Line:
        """Return a line read; `cells` are by the names of TITLES; `mark` tells it from others."""
        line = Line(number, cells)
        steps = (self._day, self._site, self._product)
        on, site, product = (self._try(line, step) for step in steps)
        variety = self._try(line, self._variety, product) if product else None
        weight = self._try(line, self._weight, product) if product else None
        way = self._try(line, self._way)
        if line.faults:
            return line
        (grams, pieces), (where, receiver) = weight, way
        told = (site.pk, on, product.pk, variety and variety.pk, grams, where, receiver)
        session = self._session(site, on)
        line.weighing = Weighing(
            programme=self.programme,
            site=site,
            product=product,
            variety=variety,
            grams=grams,
            pieces=pieces,
            is_estimated=pieces is not None,
            on=on,
            session=session,
            quality=Quality.TO_COMPOST if where == Destination.COMPOST else Quality.FIRST,
            client_uuid=mark or self._mark(told),
        )
        if where:
            known = {"destination": where, "organisation": receiver, "session": session}
            line.outs = [Out(grams=grams, on=on, **known)]
        return line

    def _try(self, line: Line, step, *known):
        try:
            return step(line.cells, *known)
        except ValidationError as error:
            line.faults += error.messages
        return None

    def _mark(self, told: tuple) -> UUID:
        words = "|".join(str(one) for one in (self.programme.pk, *told))
        self.ranks[words] += 1
        return uuid5(_MARK, f"{words}|{self.ranks[words]}")

    def _session(self, site: Site, on: date) -> Session | None:
        key = (site.pk, on)
        if key not in self.met:
            self.met[key] = session_at(self.scope, self.programme, site, on)
        return self.met[key]

    @staticmethod
    def _day(cells: Mapping[str, str]) -> date:
        try:
            on = forms.DateField().clean(cells.get("day", ""))
        except ValidationError as error:
            raise ValidationError(NO_DAY) from error
        if on > timezone.localdate():
            raise ValidationError(FUTURE)
        check_day(on)
        return on

    def _site(self, cells: Mapping[str, str]) -> Site:
        said = cells.get("site", "")
        if (site := self.known_sites.get(sort_key(said))) is None:
            raise ValidationError(NO_SITE.format(said=said))
        return site

    def _product(self, cells: Mapping[str, str]) -> Product:
        said = cells.get("product", "")
        key = _singular(sort_key(said))
        if found := self.known_products.get(key):
            return found
        close = get_close_matches(key, self.known_products, n=1)
        hint = CLOSE.format(close=self.known_products[close[0]]) if close else ""
        raise ValidationError(NO_PRODUCT.format(said=said) + hint)

    def _variety(self, cells: Mapping[str, str], product: Product) -> Variety | None:
        said = cells.get("variety", "")
        if not said:
            return None
        found = self.known_varieties.get((product.species_id, sort_key(said)))
        if found is None:
            words = {"said": said, "product": str(product).lower()}
            raise ValidationError(NO_VARIETY.format(**words))
        return found

    @staticmethod
    def _weight(cells: Mapping[str, str], product: Product) -> tuple[Decimal, int | None]:
        reader = AmountFormField(unit=KILOGRAMS, required=False)
        weight = reader.clean(cells.get("weight", ""))
        pieces = reader.clean(cells.get("pieces", ""))
        if weight:
            check_weight(weight, Origin.HARVEST)
            return weight, None
        if not pieces:
            raise ValidationError(NO_WEIGHT)
        if pieces % 1:
            raise ValidationError(NOT_WHOLE)
        if product.piece_weight is None:
            raise ValidationError(NO_PIECE.format(product=str(product).lower()))
        check_weight(pieces * product.piece_weight, Origin.HARVEST)
        return pieces * product.piece_weight, int(pieces)

    def _way(self, cells: Mapping[str, str]) -> tuple[Destination | None, Organisation | None]:
        said, receiver = cells.get("where", ""), cells.get("receiver", "")
        where = self.ways.get(sort_key(said))
        if receiver and sort_key(said) in _STOCK:
            where = Destination.ORGANISATION
        if where is None and sort_key(said) not in _STOCK:
            known = ", ".join(destination.label.lower() for destination in DESTINATIONS)
            raise ValidationError(NO_WAY.format(said=said, known=f"{known} ou au stock"))
        if where != Destination.ORGANISATION:
            return where, None
        if not receiver:
            raise ValidationError(NO_RECEIVER)
        if (found := self.known_receivers.get(sort_key(receiver))) is None:
            raise ValidationError(UNKNOWN_RECEIVER.format(said=receiver))
        return where, found


def tell_known(scope: Scope, lines: Iterable[Line]) -> None:
    """Mark the lines that were weighed already; one query."""
    read = {line.weighing.client_uuid: line for line in lines if line.weighing}
    rows = Harvest.objects.for_scope(scope, A).filter(client_uuid__in=read.keys())
    for key in rows.values_list("client_uuid", flat=True):
        read[key].is_known = True


@transaction.atomic
def write(scope: Scope, lines: Iterable[Line]) -> int:
    """Weigh the lines that are right and new, all or none; return how many.

    ValidationError, its line named, when the ledger refuses one.
    """
    written = 0
    for line in lines:
        if line.weighing is None or line.is_known:
            continue
        try:
            weigh_out(scope=scope, weighing=line.weighing, outs=line.outs)
        except ValidationError as error:
            said = " ".join(error.messages)
            raise ValidationError(f"Ligne {line.number}\u00a0: {said}") from error
        written += 1
    return written

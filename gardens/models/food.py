"""The food ledger: lots come in whole, movements take from them, and nothing is ever rewritten."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from autoprod.core.fields import CentsField, GramsField, PlainTextField, TenthsField
from autoprod.core.files import StoredFile
from autoprod.core.models import BaseModel, VersionedModel
from autoprod.core.periods import Period
from autoprod.core.scoping import ScopedQuerySet
from gardens.enums import DateKind, Destination, Origin
from gardens.models.harvests import Harvest
from gardens.models.species import Product, Variety
from programmes.models import Organisation, Programme, Session, Site

#: What may add to a lot as well as take from it; both say why.
CORRECTIONS = (Destination.WEIGHING, Destination.COUNT)
#: What leaves a lot to become another one of ours.
INTO_A_LOT = (Destination.TRANSFORMATION, Destination.TRANSFER)
#: What somebody receives: « redistribué ».
GIVEN = (
    Destination.GROWERS,
    Destination.BASKET,
    Destination.GROCERY,
    Destination.TABLE,
    Destination.ORGANISATION,
    Destination.OWNER,
)

#: What somebody may eat: nothing past its use-by date, nothing recalled.
EATEN = (*GIVEN, Destination.TRANSFORMATION)


class LotQuerySet(ScopedQuerySet):
    """Reads of lots."""

    def in_stock(self) -> "LotQuerySet":
        """Return the lots of which something is left."""
        return self.filter(balance__left__gt=0)

    def entered_in(self, period: Period) -> "LotQuerySet":
        """Return the lots that came in during a period."""
        return self.filter(on__gte=period.start, on__lte=period.end)

    def oldest_first(self) -> "LotQuerySet":
        """Return the lots in the order they are to be eaten."""
        return self.order_by(F("expires_on").asc(nulls_last=True), "on", "pk")


class Lot(VersionedModel):
    """Food of one product that came in at once; `balance.left` is what remains of it.

    Its weight, product and origin never change (trigger): a wrong weighing is a movement.
    """

    SCOPE_PATH = "programme"

    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.PROTECT, related_name="lots"
    )
    number = models.CharField("numéro de lot", max_length=20, editable=False)
    product = models.ForeignKey(
        Product, verbose_name="produit", on_delete=models.PROTECT, related_name="lots"
    )
    variety = models.ForeignKey(
        Variety,
        verbose_name="variété",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lots",
    )
    origin = models.CharField("origine", max_length=14, choices=Origin.choices, editable=False)
    harvest = models.OneToOneField(
        Harvest,
        verbose_name="récolte",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="lot",
    )
    on = models.DateField("entré le")
    grams = GramsField("poids (kg)")
    pieces = models.PositiveIntegerField("pièces", null=True, blank=True)
    site = models.ForeignKey(
        Site, verbose_name="lieu", on_delete=models.PROTECT, related_name="lots"
    )
    #: Of the whole lot. The value is what it would cost; the cost, what was paid.
    value = CentsField("valeur (€)", null=True, blank=True)
    value_source = models.CharField("source de la valeur", max_length=200, blank=True)
    cost = CentsField("coût (€)", null=True, blank=True)
    supplier = models.ForeignKey(
        Organisation,
        verbose_name="donné ou vendu par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supplied_lots",
    )
    through = models.ForeignKey(
        Organisation,
        verbose_name="commandé ou livré par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="delivered_lots",
    )
    slip = models.CharField("bordereau n°", max_length=60, blank=True)
    supplier_lot = models.CharField("lot du fournisseur", max_length=60, blank=True)
    temperature = TenthsField("température à l’arrivée", null=True, blank=True, allow_negative=True)
    date_kind = models.CharField("date limite", max_length=11, choices=DateKind.choices, blank=True)
    expires_on = models.DateField("à consommer jusqu’au", null=True, blank=True)
    is_public_money = models.BooleanField("acheté sur crédits publics", default=False)
    is_organic = models.BooleanField("bio", default=False)
    recalled_on = models.DateField("rappelé le", null=True, blank=True, editable=False)
    recall_reason = PlainTextField("motif du rappel", blank=True, max_length=300)

    objects = LotQuerySet.as_manager()

    class Meta:
        verbose_name = "lot"
        verbose_name_plural = "lots"
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["programme", "on"], name="gardens_lot_days")]
        constraints = [
            models.UniqueConstraint(
                name="gardens_lot_number",
                fields=["programme", "number"],
                violation_error_message="Ce numéro de lot est déjà pris.",
            ),
            models.CheckConstraint(
                name="gardens_lot_weight",
                condition=Q(grams__gt=0),
                violation_error_message="Un lot pèse quelque chose.",
            ),
            models.CheckConstraint(
                name="gardens_lot_origin",
                condition=Q(origin=Origin.HARVEST, harvest__isnull=False)
                | ~Q(origin=Origin.HARVEST) & Q(harvest=None),
                violation_error_message="Un lot de récolte vient d’une pesée.",
            ),
            models.CheckConstraint(
                name="gardens_lot_expiry",
                condition=Q(date_kind="", expires_on=None)
                | ~Q(date_kind="") & Q(expires_on__isnull=False),
                violation_error_message="Une date limite dit laquelle\u00a0: DLC ou DDM.",
            ),
            models.CheckConstraint(
                name="gardens_lot_value",
                condition=Q(value=None) | ~Q(value_source=""),
                violation_error_message="Une valeur dit d’où elle vient.",
            ),
            models.CheckConstraint(
                name="gardens_lot_recall",
                condition=Q(recalled_on=None, recall_reason="")
                | Q(recalled_on__isnull=False) & ~Q(recall_reason=""),
                violation_error_message="Un rappel a un motif.",
            ),
        ]

    def __str__(self) -> str:
        return f"Lot {self.number}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id


class LotBalance(BaseModel):
    """What is left of a lot: written by triggers only, so that it always follows from the rows."""

    SCOPE_PATH = "lot__programme"

    lot = models.OneToOneField(
        Lot,
        verbose_name="lot",
        on_delete=models.CASCADE,
        primary_key=True,
        editable=False,
        related_name="balance",
    )
    left = GramsField("reste (kg)", editable=False)

    class Meta:
        verbose_name = "reste d’un lot"
        verbose_name_plural = "restes de lots"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="gardens_lotbalance_left",
                condition=Q(left__gte=0),
                violation_error_message="Il ne reste pas autant de ce lot.",
            ),
        ]

    def __str__(self) -> str:
        return f"Reste du lot n° {self.pk}"


class MovementQuerySet(ScopedQuerySet):
    """Reads of movements."""

    def in_period(self, period: Period) -> "MovementQuerySet":
        """Return the movements of a period."""
        return self.filter(on__gte=period.start, on__lte=period.end)

    def given(self) -> "MovementQuerySet":
        """Return what went to somebody, what was taken back included."""
        return self.filter(destination__in=GIVEN)

    def standing(self) -> "MovementQuerySet":
        """Return what nobody took back, without the lines that take back."""
        return self.filter(reverses=None, reversed_by=None)


class Movement(BaseModel):
    """Food that leaves a lot: append-only, a mistake is a reverse line with its reason.

    `grams` is what goes out; a reverse line, or a correction that finds more, is negative.
    `recipients` is a number, never names: growers of the share-out, baskets, portions.
    """

    SCOPE_PATH = "lot__programme"

    lot = models.ForeignKey(
        Lot, verbose_name="lot", on_delete=models.PROTECT, related_name="movements"
    )
    destination = models.CharField("vers", max_length=14, choices=Destination.choices)
    grams = GramsField("poids (kg)", allow_negative=True)
    on = models.DateField("sorti le")
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="food_movements",
    )
    session = models.ForeignKey(
        Session,
        verbose_name="séance",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="food_movements",
    )
    into = models.ForeignKey(
        Lot,
        verbose_name="devient le lot",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sources",
    )
    recipients = models.PositiveIntegerField("pour combien", null=True, blank=True)
    note = models.CharField("précision", max_length=160, blank=True)
    reverses = models.OneToOneField(
        "self",
        verbose_name="annule",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="reversed_by",
    )
    reason = models.CharField("motif", max_length=300, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="noté par",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    client_uuid = models.UUIDField("appui", unique=True, default=uuid.uuid4, editable=False)
    recorded_at = models.DateTimeField("noté le", auto_now_add=True)

    objects = MovementQuerySet.as_manager()

    class Meta:
        verbose_name = "mouvement"
        verbose_name_plural = "mouvements"
        ordering = ["-on", "-pk"]
        indexes = [
            models.Index(fields=["on", "destination"], name="gardens_movement_days"),
        ]
        constraints = [
            models.CheckConstraint(
                name="gardens_movement_weight",
                condition=Q(reverses=None, grams__gt=0)
                | Q(reverses__isnull=False) & ~Q(grams=0)
                | Q(destination__in=CORRECTIONS) & ~Q(grams=0),
                violation_error_message="Une sortie pèse quelque chose.",
            ),
            models.CheckConstraint(
                name="gardens_movement_reason",
                condition=Q(reverses=None) & ~Q(destination__in=CORRECTIONS) | ~Q(reason=""),
                violation_error_message="Une correction a un motif.",
            ),
            models.CheckConstraint(
                name="gardens_movement_receiver",
                condition=~Q(destination=Destination.ORGANISATION) | Q(organisation__isnull=False),
                violation_error_message="Dites à quelle association.",
            ),
            models.CheckConstraint(
                name="gardens_movement_into",
                condition=Q(destination__in=INTO_A_LOT, into__isnull=False)
                | ~Q(destination__in=INTO_A_LOT) & Q(into=None),
                violation_error_message="Une transformation ou un transfert devient un lot.",
            ),
        ]

    def __str__(self) -> str:
        return f"Mouvement n° {self.pk}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.lot.programme.territory_id


class GiftNote(VersionedModel):
    """A note of what was given to an organisation on a day, to sign by both."""

    SCOPE_PATH = "programme"

    programme = models.ForeignKey(
        Programme, verbose_name="action", on_delete=models.PROTECT, related_name="gift_notes"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="organisation",
        on_delete=models.PROTECT,
        related_name="gift_notes",
    )
    number = models.CharField("bon n°", max_length=20, editable=False)
    on = models.DateField("donné le")
    movements = models.ManyToManyField(
        Movement, verbose_name="mouvements", related_name="gift_notes", editable=False
    )
    signed_on = models.DateField("signé le", null=True, blank=True)

    class Meta:
        verbose_name = "bon de don"
        verbose_name_plural = "bons de don"
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="gardens_giftnote_number",
                fields=["programme", "number"],
                violation_error_message="Ce numéro de bon est déjà pris.",
            ),
        ]

    def __str__(self) -> str:
        return f"Bon {self.number}"

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.programme.territory_id


class GiftNoteFile(StoredFile):
    """The signed note, scanned."""

    SCOPE_PATH = "note__programme"

    note = models.OneToOneField(
        GiftNote, verbose_name="bon", on_delete=models.PROTECT, related_name="file_kept"
    )

    class Meta:
        verbose_name = "bon de don signé"
        verbose_name_plural = "bons de don signés"
        ordering = ["-uploaded_at", "-pk"]

    @property
    def audit_territory_key(self) -> int:
        """Return the territory the journal files the row under."""
        return self.note.programme.territory_id

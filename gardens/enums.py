"""States that gardens and the ledger branch on; the rest is ReferenceCode rows."""

from django.db import models


class PlantingMethod(models.TextChoices):
    """How a crop begins: what is prepared before it is in the ground."""

    SOWN = "sown", "Semis en place"
    RAISED = "raised", "Plants maison"
    BOUGHT = "bought", "Plants achetés"
    BULB = "bulb", "Bulbes, caïeux ou tubercules"
    PERENNIAL = "perennial", "Déjà en place"


class PlantingState(models.TextChoices):
    """Where a crop is; its dates say it."""

    PLANNED = "planned", "Prévue"
    RAISED = "raised", "Semée, à planter"
    GROWING = "growing", "En place"
    OVER = "over", "Terminée"


class Quality(models.TextChoices):
    """What a harvest is good for."""

    FIRST = "first", "Premier choix"
    TO_TRANSFORM = "to_transform", "À transformer"
    TO_COMPOST = "to_compost", "À composter"


class DateKind(models.TextChoices):
    """What the date on a food says: past the first it is thrown away, past the second eaten soon.

    Source: regulation (EU) 1169/2011, articles 24 and annex X.
    """

    USE_BY = "use_by", "DLC (à consommer jusqu’au)"
    BEST_BEFORE = "best_before", "DDM (à consommer de préférence avant)"


class Origin(models.TextChoices):
    """Where a lot comes from."""

    HARVEST = "harvest", "Récolte"
    HONEY = "honey", "Miel"
    DONATION = "donation", "Don"
    PURCHASE = "purchase", "Achat"
    TRANSFORMATION = "transformation", "Transformation"
    TRANSFER = "transfer", "Transfert"


class Destination(models.TextChoices):
    """Where food goes when it leaves a lot."""

    GROWERS = "growers", "Partage entre jardiniers"
    BASKET = "basket", "Paniers"
    GROCERY = "grocery", "Épicerie"
    TABLE = "table", "Table solidaire"
    ORGANISATION = "organisation", "Association"
    OWNER = "owner", "Part du propriétaire"
    SEEDS = "seeds", "Semences"
    TRANSFORMATION = "transformation", "Transformation"
    TRANSFER = "transfer", "Transfert"
    COMPOST = "compost", "Compost"
    LOSS = "loss", "Perte"
    WEIGHING = "weighing", "Pesée corrigée"
    COUNT = "count", "Écart d’inventaire"


class ColonyEnd(models.TextChoices):
    """Why a colony is no more."""

    DEAD = "dead", "Morte"
    MERGED = "merged", "Réunie à une autre"
    SWARMED = "swarmed", "Essaimée"
    GIVEN = "given", "Cédée"


class ToolState(models.TextChoices):
    """What a tool is, besides lent or in repair, which its loans and repairs say."""

    IN_USE = "in_use", "En service"
    LOST = "lost", "Perdu"
    RETIRED = "retired", "Réformé"


class ToolStanding(models.TextChoices):
    """Where a tool is: what its state, its loan and its repair say together."""

    AVAILABLE = "available", "Disponible"
    LENT = "lent", "Prêté"
    LATE = "late", "En retard"
    MENDED = "mended", "En réparation"
    LOST = "lost", "Perdu"
    RETIRED = "retired", "Réformé"

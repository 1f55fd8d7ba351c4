"""States and roles the code branches on; the rest is ReferenceCode rows."""

from django.db import models


class Role(models.TextChoices):
    """What somebody is in a programme; what a role may do is in `access.py`."""

    SOCIAL_WORKER = "social_worker", "Travailleur social"
    WORKSHOP_LEADER = "workshop_leader", "Encadrant technique"
    PROGRAMME_MANAGER = "programme_manager", "Chef de projet"
    COMMITTEE_MEMBER = "committee_member", "Membre du comité de pilotage"
    NETWORK_COORDINATOR = "network_coordinator", "Tête de réseau"
    ADMINISTRATOR = "administrator", "Administrateur"


class ProgrammeKind(models.TextChoices):
    """A starting set of modules, nothing more: each programme then has its own."""

    GARDEN = "garden", "Jardin d’insertion ou jardin partagé"
    KITCHEN = "kitchen", "Ateliers de cuisine"
    BASKETS = "baskets", "Paniers solidaires"
    GROCERY = "grocery", "Épicerie solidaire"
    WORKSITES = "worksites", "Autoréhabilitation accompagnée"
    ENTERPRISE = "enterprise", "Création d’activité"
    OTHER = "other", "Autre action"


class Module(models.TextChoices):
    """What a programme does; switches pages and navigation on."""

    GARDEN = "garden", "Jardins et récoltes"
    KITCHEN = "kitchen", "Cuisine et tables"
    BASKETS = "baskets", "Paniers solidaires"
    GROCERY = "grocery", "Épicerie solidaire"
    WORKSITES = "worksites", "Chantiers d’autoréhabilitation"
    ENTERPRISE = "enterprise", "Création d’activité"


#: The modules proposed for a kind of programme.
DEFAULT_MODULES = {
    ProgrammeKind.GARDEN: [Module.GARDEN, Module.KITCHEN],
    ProgrammeKind.KITCHEN: [Module.KITCHEN],
    ProgrammeKind.BASKETS: [Module.BASKETS],
    ProgrammeKind.GROCERY: [Module.GROCERY],
    ProgrammeKind.WORKSITES: [Module.WORKSITES],
    ProgrammeKind.ENTERPRISE: [Module.ENTERPRISE],
    ProgrammeKind.OTHER: [],
}


class PartnerRole(models.TextChoices):
    """What an organisation is in one programme: the role is in the relation."""

    OPERATOR = "operator", "Porteur de l’action"
    FUNDER = "funder", "Financeur"
    COMMITTEE = "committee", "Membre du comité de pilotage"
    NETWORK = "network", "Tête de réseau"
    REFERRER = "referrer", "Orienteur"
    PARTNER = "partner", "Partenaire opérationnel"
    RECIPIENT = "recipient", "Destinataire de produits"
    PATRON = "patron", "Mécène ou prêteur de terrain"


class LineTemplate(models.TextChoices):
    """The plan of lines a budget follows; each is a reference list, versioned by its funder."""

    CERFA = "budget_lines_cerfa", "Cerfa 12156*06 (associations)"
    DAUPHIN = "budget_lines_dauphin", "Dauphin (contrat de ville)"
    PSL_2016 = "budget_lines_psl2016", "Budget d’action, modèle 2016"


class BudgetSide(models.TextChoices):
    """The two columns of a budget, as the lists of lines name them."""

    CHARGE = "charge", "Charges"
    PRODUCT = "produit", "Produits"


class GrantState(models.TextChoices):
    """Where a grant is; its dates and its four amounts say it."""

    REQUESTED = "requested", "sollicité"
    AWARDED = "awarded", "attribué"
    REFUSED = "refused", "refusé"
    SETTLED = "settled", "soldé"

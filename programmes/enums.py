"""States and roles the code branches on; the rest is ReferenceCode rows."""

from django.db import models


class Role(models.TextChoices):
    """What somebody is in a programme; what a role may do is in `access.py`."""

    SOCIAL_WORKER = "social_worker", "travailleur social"
    WORKSHOP_LEADER = "workshop_leader", "encadrant technique"
    PROGRAMME_MANAGER = "programme_manager", "chef de projet"
    COMMITTEE_MEMBER = "committee_member", "membre du comité de pilotage"
    NETWORK_COORDINATOR = "network_coordinator", "tête de réseau"
    ADMINISTRATOR = "administrator", "administrateur"


class ProgrammeKind(models.TextChoices):
    """A starting set of modules, nothing more: each programme then has its own."""

    GARDEN = "garden", "jardin d’insertion ou jardin partagé"
    KITCHEN = "kitchen", "ateliers de cuisine"
    BASKETS = "baskets", "paniers solidaires"
    GROCERY = "grocery", "épicerie solidaire"
    WORKSITES = "worksites", "autoréhabilitation accompagnée"
    ENTERPRISE = "enterprise", "création d’activité"
    OTHER = "other", "autre action"


class Module(models.TextChoices):
    """What a programme does; switches pages and navigation on."""

    GARDEN = "garden", "jardins et récoltes"
    KITCHEN = "kitchen", "cuisine et tables"
    BASKETS = "baskets", "paniers solidaires"
    GROCERY = "grocery", "épicerie solidaire"
    WORKSITES = "worksites", "chantiers d’autoréhabilitation"
    ENTERPRISE = "enterprise", "création d’activité"


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

    OPERATOR = "operator", "porteur de l’action"
    FUNDER = "funder", "financeur"
    COMMITTEE = "committee", "membre du comité de pilotage"
    NETWORK = "network", "tête de réseau"
    REFERRER = "referrer", "orienteur"
    PARTNER = "partner", "partenaire opérationnel"
    RECIPIENT = "recipient", "destinataire de produits"
    PATRON = "patron", "mécène ou prêteur de terrain"

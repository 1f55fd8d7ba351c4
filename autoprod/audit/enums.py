"""What the journal can say was done."""

from django.db import models


class Verb(models.TextChoices):
    """One word per kind of event."""

    CREATE = "create", "création"
    UPDATE = "update", "modification"
    DELETE = "delete", "suppression"
    READ = "read", "consultation"
    EXPORT = "export", "export"
    IMPORT = "import", "import"
    DOCUMENT = "document", "document"
    LOGIN = "login", "connexion"
    LOGOUT = "logout", "déconnexion"
    REFUSED = "refused", "refus"
    ACCOUNT = "account", "compte"
    RIGHTS = "rights", "droits"
    COMMAND = "command", "commande"

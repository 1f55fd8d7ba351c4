"""States the code branches on; the rest is ReferenceCode rows."""

from django.db import models


class Level(models.TextChoices):
    """How far somebody is accompanied."""

    PARTICIPATION = "participation", "Participation simple"
    PATHWAY = "pathway", "Parcours accompagné"


class Part(models.TextChoices):
    """What somebody is in a programme; figures of persons count the participants."""

    PARTICIPANT = "participant", "Participant"
    VOLUNTEER = "volunteer", "Bénévole"
    MEMBER = "member", "Adhérent"
    TRAINEE = "trainee", "Stagiaire"


class Presence(models.TextChoices):
    """What the roll call says of somebody."""

    PRESENT = "present", "Présent"
    EXCUSED = "excused", "Excusé"
    ABSENT = "absent", "Absent"


class StatementState(models.TextChoices):
    """Where the statement of a month is; from « signed » on, its presences stay as they are."""

    TO_SIGN = "to_sign", "à signer"
    SIGNED = "signed", "signé"
    LOCKED = "locked", "verrouillé"
    UNSIGNED = "unsigned", "clos sans signature"
    REOPENED = "reopened", "rouvert"


class SigningWay(models.TextChoices):
    """How a statement was signed."""

    PAPER = "paper", "sur papier"
    SCREEN = "screen", "sur l’écran"


class StatementFileKind(models.TextChoices):
    """What a file of a statement is."""

    PRINTED = "printed", "état imprimé"
    SCANNED = "scanned", "état signé, numérisé"
    DRAWN = "drawn", "signature à l’écran"


class PageState(models.TextChoices):
    """What became of a page of a scan."""

    FILED = "filed", "classée"
    DOUBTFUL = "doubtful", "à regarder"
    SET_ASIDE = "set_aside", "mise de côté"


class StepState(models.TextChoices):
    """Where a step is; its dates say it."""

    PLANNED = "planned", "à lancer"
    STARTED = "started", "en cours"
    DONE = "done", "aboutie"
    ABANDONED = "abandoned", "abandonnée"


class Whereabouts(models.TextChoices):
    """Where somebody is in a programme over a period; a request closed without entry has left."""

    PRESENT = "present", "Dans l’action"
    WAITING = "waiting", "En attente"
    LEFT = "left", "Sortis"


class Whose(models.TextChoices):
    """Whose persons a caseload or an agenda shows."""

    MINE = "mine", "Mes suivis"
    NOBODY = "nobody", "Sans référent"
    TEAM = "team", "Toute l’équipe"


class ReferralAnswerKind(models.TextChoices):
    """What is answered to a prescriber."""

    RECEIVED = "received", "Demande reçue"
    WAITING = "waiting", "En attente d’une place"
    STARTED = "started", "Parcours démarré"
    DECLINED = "declined", "Demande non retenue"
    ENDED = "ended", "Fin du parcours"


class ExitCategory(models.TextChoices):
    """What an exit counts as; the first five codes are those of the list `exit_categories`."""

    DURABLE = "durable", "emploi durable"
    TRANSITION = "transition", "emploi de transition"
    POSITIVE = "positive", "sortie positive"
    OTHER = "autre", "autre sortie"
    WITHDRAWN = "retrait", "retrait des sorties constatées"
    UNKNOWN_LENGTH = "unknown_length", "durée du contrat inconnue"
    OUTSIDE = "outside", "hors des catégories de sortie"
    UNDOCUMENTED = "undocumented", "sortie non documentée"


class BarrierState(models.TextChoices):
    """Where a barrier is; its dates say it."""

    IDENTIFIED = "identified", "repéré"
    WORKED_ON = "worked_on", "travaillé"
    LIFTED = "lifted", "levé"
    TO_REASSESS = "to_reassess", "à réévaluer"


class InterviewState(models.TextChoices):
    """What became of an interview."""

    PLANNED = "planned", "Prévu"
    HELD = "held", "Tenu"
    MISSED = "missed", "La personne n’est pas venue"
    CANCELLED = "cancelled", "Annulé"


class Rhythm(models.TextChoices):
    """Where somebody accompanied is with the interview of the month."""

    DONE = "done", "Entretien fait"
    TO_SEE = "to_see", "À voir"
    UNSEEN = "unseen", "À revoir"


class NoteLevel(models.TextChoices):
    """Who may read a note; one row per level, so that one right opens one row."""

    LOGISTIC = "logistic", "Pour l’équipe"
    SOCIAL = "social", "Note sociale"
    PRIVATE = "private", "Pour moi seul"


class Mastery(models.IntegerChoices):
    """How far a gesture is mastered, in words that a person says of themselves."""

    DISCOVERS = 1, "découvre"
    WITH_HELP = 2, "fait avec de l’aide"
    ALONE = 3, "fait seul"
    SHOWS_OTHERS = 4, "peut montrer aux autres"


class Observer(models.TextChoices):
    """Who says it of a skill."""

    LEADER = "leader", "observé par l’encadrant"
    ONESELF = "oneself", "dit par la personne"


class PaperKind(models.TextChoices):
    """What is printed for a person and handed over."""

    BOOKLET = "booklet", "Livret de parcours"
    REVIEW = "review", "Bilan mensuel"
    CERTIFICATE = "certificate", "Attestation de participation"
    LETTER = "letter", "Lettre d’orientation"

"""What each kind of session counts for: its correspondences, and how they read."""

from dataclasses import dataclass

from programmes.models import ReferenceCode

LIST = "session_kinds"


@dataclass(frozen=True)
class Count:
    """Something a kind of session counts for: its key in the list, its words, what it means."""

    key: str
    label: str
    help: str


TABLE, HEALTH, MEETING = "table", "health", "meeting"
OUTREACH, INDIRECT, OPEN = "outreach", "indirect", "open"

#: Beside the presences and their hours, which every kind counts.
COUNTS = (
    Count(TABLE, "table solidaire", "dans le bilan des tables organisées dans les quartiers"),
    Count(HEALTH, "animation de prévention santé", "dans le bilan de la santé"),
    Count(MEETING, "temps de réunion", "parmi les temps passés avec les participants"),
    Count(
        OUTREACH,
        "personnes rencontrées, orientées, entrées",
        "trois nombres sans nom, notés à la séance",
    ),
    Count(INDIRECT, "public indirect", "compté sans nom, jamais parmi les personnes touchées"),
    Count(OPEN, "sans personne attendue", "l’appel n’attend personne, on y ajoute qui vient"),
)


def counts_of(code: ReferenceCode) -> list[str]:
    """Return the keys of what a kind of session counts for, in order."""
    return [one.key for one in COUNTS if code.meta.get(one.key)]


def words_of(code: ReferenceCode) -> str:
    """Return « présences et heures · public indirect »."""
    told = [one.label for one in COUNTS if code.meta.get(one.key)]
    return " · ".join(["présences et heures", *told])


def with_counts(meta: dict, keys: list[str]) -> dict:
    """Return the correspondences of a kind that counts for these keys, and no other."""
    kept = {key: value for key, value in meta.items() if key not in {one.key for one in COUNTS}}
    return kept | dict.fromkeys(keys, True)

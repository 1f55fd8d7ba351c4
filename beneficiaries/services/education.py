"""Levels of education: two facts, the class and the diploma, read on every scale.

The scale of 1969 mixes the class reached and the diploma held; that of 2019 and the international
one (CITE) count diplomas. So the two facts are kept, and each scale is read from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from beneficiaries.models import Situation
from programmes.models import ReferenceCode

#: Level of whoever holds a CAP or a BEP.
CAP_BEP = "N_V"

#: How each scale is called.
SCALES = (
    ("former", "1969"),
    ("level_2019", "2019"),
    ("isced", "CITE"),
    ("fse", "FSE+"),
    ("cnaf", "CNAF"),
    ("asp", "ASP"),
    ("france_travail", "France Travail"),
)

Levels = Mapping[str, ReferenceCode]


@dataclass(frozen=True)
class Scales:
    """A level on every scale, in the codes of each; empty when it cannot be told."""

    level: ReferenceCode | None = None
    former: str = ""
    level_2019: str = ""
    isced: str = ""
    fse: str = ""
    cnaf: str = ""
    asp: str = ""
    france_travail: str = ""


def levels() -> dict[str, ReferenceCode]:
    """Return the levels of the shipped list, by code."""
    rows = ReferenceCode.objects.in_list("education_levels").filter(territory=None)
    return {row.code: row for row in rows.order_by("pk")}


def level_of(situation: Situation, known: Levels | None = None) -> ReferenceCode | None:
    """Return the French level of a situation, None when it cannot be told.

    A diploma wins over the class, except a CAP or BEP after a « terminale »: the level of 1969 is
    then IV. A foreign diploma that is not recognised has no French level. When neither is known,
    the level noted otherwise (an import) stays. Source: nomenclature of 1969, decree 2019-14.
    """
    if not (situation.last_class or situation.diploma):
        return situation.education_level
    known = levels() if known is None else known
    reached, held = _reached(situation, known), _held(situation, known)
    if situation.diploma_abroad:
        held = None
    if _is_cap_after_terminale(reached, held):
        return reached
    return held or reached or _without_diploma(situation, known)


def scales_of(situation: Situation, known: Levels | None = None) -> Scales:
    """Return the level of a situation on every scale.

    CITE and the FSE+ groups need to know which diploma is held, wherever it comes from: as long as
    it has not been asked they stay empty, unless the level was noted as such. Source: regulation
    (EU) 2021/1057, annex I; the correspondences are those of the reference list.
    """
    known = levels() if known is None else known
    level = level_of(situation, known)
    held, french = _held(situation, known), level.meta if level else {}
    has_cap = _is_cap_after_terminale(level, held) and not situation.diploma_abroad
    isced, fse = _international(situation, level, held)
    return Scales(
        level=level,
        former=french.get("old_level", ""),
        level_2019=held.meta["level_2019"] if has_cap else french.get("level_2019", ""),
        isced=isced,
        fse=fse,
        cnaf=french.get("cnaf", ""),
        asp=_asp(french, has_cap),
        france_travail=french.get("ft", ""),
    )


def other_scales(situation: Situation, known: Levels) -> str:
    """Return « 1969 : V · 2019 : 3 · CITE : 3 »: the level on each scale that tells it."""
    found = scales_of(situation, known)
    said = [(name, getattr(found, code)) for code, name in SCALES]
    return " · ".join(f"{name}\u00a0: {code}" for name, code in said if code)


def is_told(situation: Situation) -> bool:
    """Tell whether the level and the FSE+ group are both known, as stored."""
    needs_diploma = situation.last_class_id and not situation.diploma_id
    return bool(situation.education_level_id) and not needs_diploma


def in_words(situation: Situation) -> str:
    """Return the level in the words of both scales, empty when it cannot be told."""
    level, diploma = situation.education_level, situation.diploma
    if level is None:
        return ""
    has_cap = diploma and diploma.meta.get("level") == CAP_BEP and not situation.diploma_abroad
    if has_cap and "fse_with_cap_bep" in level.meta:
        return f"{level.label}, CAP ou BEP obtenu — actuel niveau 3"
    return level.label


def _reached(situation: Situation, known: Levels) -> ReferenceCode | None:
    """Return the level of the last class."""
    return known.get(situation.last_class.meta.get("level")) if situation.last_class else None


def _held(situation: Situation, known: Levels) -> ReferenceCode | None:
    """Return the level of the diploma, wherever it was obtained; None for « aucun »."""
    return known.get(situation.diploma.meta.get("level")) if situation.diploma else None


def _is_cap_after_terminale(reached: ReferenceCode | None, held: ReferenceCode | None) -> bool:
    goes_further = reached is not None and "fse_with_cap_bep" in reached.meta
    return goes_further and held is not None and held.code == CAP_BEP


def _without_diploma(situation: Situation, known: Levels) -> ReferenceCode | None:
    """Return the level noted otherwise, once it is known that no diploma comes with it.

    « Niveau V » was noted for those who have the CAP and for those who stopped just before.
    """
    stored = situation.education_level
    if stored is None or not stored.meta["diploma"]:
        return stored
    if situation.diploma_abroad:
        return None
    former = stored.meta["old_level"]
    same = [row for row in known.values() if row.meta["old_level"] == former]
    return next((row for row in same if not row.meta["diploma"]), None)


def _international(
    situation: Situation, level: ReferenceCode | None, held: ReferenceCode | None
) -> tuple[str, str]:
    """Return CITE and the FSE+ group."""
    if _is_cap_after_terminale(level, held):
        return level.meta["isced_with_cap_bep"], level.meta["fse_with_cap_bep"]
    if situation.last_class and not situation.diploma:
        return "", ""
    counted = held or level
    return (counted.meta["isced"], counted.meta["fse"]) if counted else ("", "")


def _asp(french: dict, has_cap: bool) -> str:
    """Return the code of the ASP: of the two of « terminale », the second is with a CAP."""
    code = french.get("asp", "")
    if "fse_with_cap_bep" not in french:
        return code
    without, _, with_cap = code.partition("/")
    return with_cap if has_cap else without

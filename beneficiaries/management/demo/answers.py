"""What the demo's people answered beyond their file: schooling, work, home, means to move, care.

Drawn so that it agrees with the level, the work and the home that the files write.
"""

from beneficiaries.management.demo.cohorts import Someone
from beneficiaries.management.demo.lots import draw, lot

#: The classes and the diploma that give each level.
_SCHOOLING = {
    "N_I": (("etudes_superieures",), "bac_5"),
    "N_II": (("etudes_superieures",), "bac_3_4"),
    "N_III": (("etudes_superieures",), "bac_2"),
    "N_IV": (("terminale", "etudes_superieures"), "baccalaureat"),
    "N_IV_SD": (("terminale",), "aucun"),
    "N_V": (("cap_bep_annee_terminale", "seconde_ou_premiere"), "cap_bep"),
    "N_V_SD": (("cap_bep_annee_terminale", "seconde_ou_premiere"), "aucun"),
    "N_VBIS": (
        ("troisieme_generale", "quatrieme_troisieme_techno", "cap_bep_avant_terminale"),
        "aucun",
    ),
    "N_VI": (("sixieme_a_quatrieme", "sixieme_a_quatrieme", "preprofessionnelle_un_an"), "aucun"),
    "N_VII": (("jamais_scolarise",), "aucun"),
}
_DURATIONS = ("01", "02", "03", "03", "04", "04", "04")
_HOMES = {
    "stable": ("parc_social", "parc_social", "parc_prive"),
    "heberge": ("tiers", "parents"),
    "exclusion_logement": ("chrs_chu_cph_cada", "insalubre"),
    "sans_abri": ("sans_hebergement",),
}
#: Partners that shelter people, as the fiche names them.
_SHELTERS = ("Croix-Rouge", "PACT", "La Pose")
_LICENCES = ("aucun", "aucun", "aucun", "b", "en_cours", "non_valide", "ne_souhaite_pas_repondre")
_MEANS = ("transports", "transports", "a_pied", "velo", "accompagne", "voiture")
_COVERS = ("css", "css", "css", "complete", "sans_complementaire", "ne_souhaite_pas_repondre")
_DOCTORS = ("oui", "oui", "oui", "non", "ne_souhaite_pas_repondre")
#: What of the participants were asked the second half of the questions.
_ASKED = 0.85

#: The column of each answer, and the list of its codes.
LISTS = {
    "last_class": "last_classes",
    "diploma": "diplomas",
    "unemployment_duration": "unemployment_durations",
    "accommodation": "accommodation_mss",
    "driving_licence": "driving_licences",
    "transport": "transport_means",
    "health_cover": "health_covers",
    "regular_doctor": "yes_no_declined",
}


def answers_of(someone: Someone, values: dict[str, str]) -> dict[str, str]:
    """Return the codes of what somebody answered the day they said the values of a situation."""
    answers = _schooling(someone, values["education_level"])
    if someone.row["part"] != "participant":
        return answers
    if values["employment_status"] == "chomage":
        answers["unemployment_duration"] = draw(_DURATIONS, "duration", *someone.key)
    if lot("asked", *someone.key) >= _ASKED:
        return answers
    if homes := _HOMES.get(values["housing_status"]):
        answers["accommodation"] = draw(homes, "home", *someone.key)
    lists = {"driving_licence": _LICENCES, "transport": _MEANS, "health_cover": _COVERS}
    drawn = {name: draw(codes, name, *someone.key) for name, codes in lists.items()}
    if drawn["transport"] == "voiture":
        drawn["driving_licence"] = "b"
    return answers | drawn | {"regular_doctor": draw(_DOCTORS, "doctor", *someone.key)}


def shelter_of(someone: Someone, told: dict[str, str]) -> str:
    """Return the partner that runs the home somebody told of, nothing for any other home."""
    if told.get("accommodation") != "chrs_chu_cph_cada":
        return ""
    sent_by = someone.row["referred_by"]
    return sent_by if sent_by in _SHELTERS else draw(_SHELTERS, "shelter", *someone.key)


def children_of(someone: Someone, kind: str) -> int | None:
    """Return how many children somebody has with them, None when nobody asked of their home."""
    if not kind or someone.row["part"] != "participant":
        return None
    if kind == "seul":
        return 0
    return int(lot("children", *someone.key) * 3) + (kind == "monoparental")


def resources_of(someone: Someone, values: dict[str, str]) -> list[str]:
    """Return the codes of the resources beside the minimum incomes."""
    is_asked = someone.row["part"] == "participant" and lot("asked", *someone.key) < _ASKED
    if not is_asked or not values["minimum_income"]:
        return []
    found = ["apl"] if values["housing_status"] == "stable" else []
    if children_of(someone, values["household_type"]):
        found.append("prestations_familiales")
    return found or ["aucune"]


def _schooling(someone: Someone, level: str) -> dict[str, str]:
    if level not in _SCHOOLING:
        return {}
    classes, diploma = _SCHOOLING[level]
    return {"last_class": draw(classes, "class", level, *someone.key), "diploma": diploma}

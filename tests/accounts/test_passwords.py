"""What a password must be."""

import pytest
from django.contrib.auth.hashers import get_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import override_settings

from autoprod.accounts.models import User
from autoprod.accounts.passwords import EXAMPLE, HELP, kinds_of, words_of
from autoprod.settings import security


@pytest.mark.parametrize(
    "password",
    [
        "Bêche+Semis7",  # 12 characters, 4 kinds
        "Rateau4Binette9x",  # 3 kinds, 16 characters
        "rateau-binette-42",  # lower, digits, signs
        "huit poules rousses picorent mes salades vertes",
        "Huit-poules-rousses-picorent-mes-salades-vertes",
    ],
)
def test_strong_passwords_pass(password):
    validate_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "Bêche+Semi7",  # 11 characters, 4 kinds
        "Rateau4Binett",  # 13 characters, 3 kinds
        "rateauxbinettesfourches",  # long, but one kind and one word
        "six mots ne font pas assez",  # 6 words of 2 letters or more
        "oui oui oui oui oui oui oui oui",  # one word again and again
        "a b c d e f g h",  # letters are not words
        "Aaaaaaaaaaaaaaaaaa1!",  # a key held down
    ],
)
def test_weak_passwords_are_refused(password):
    with pytest.raises(ValidationError) as refusal:
        validate_password(password)
    assert "password_too_weak" in {error.code for error in refusal.value.error_list}


@pytest.mark.parametrize("password", [EXAMPLE, EXAMPLE.title(), EXAMPLE.replace(" ", "-")])
def test_the_example_shown_is_refused(password):
    assert EXAMPLE in HELP
    with pytest.raises(ValidationError) as refusal:
        validate_password(password)
    assert {error.code for error in refusal.value.error_list} == {"password_copied"}


def test_own_name_is_refused():
    user = User(first_name="Maximilienne", last_name="Vasseur", email="mv@exemple.fr")
    with pytest.raises(ValidationError) as refusal:
        validate_password("Maximilienne1+", user)
    assert {error.code for error in refusal.value.error_list} == {"password_too_similar"}


def test_kinds_and_words():
    assert kinds_of("aé") == 1
    assert kinds_of("aB") == 2
    assert kinds_of("aB3 ") == 4
    assert words_of("Le chat, le Chat et l’âne") == 4


@override_settings(PASSWORD_HASHERS=security.PASSWORD_HASHERS)
def test_stored_by_a_memory_hard_function():
    stored = make_password("Bêche+Semis7")
    assert stored.startswith("scrypt$")
    assert get_hasher().verify("Bêche+Semis7", stored)
    assert not get_hasher().verify("Bêche+Semis8", stored)

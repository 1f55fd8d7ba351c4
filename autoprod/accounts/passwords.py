"""What a password must be: CNIL, délibération 2022-100 of 21 July 2022, 80 bits of entropy."""

import re

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError

from autoprod.core.fields import sort_key

_WORD = re.compile(r"[^\W\d_]{2,}")

#: (length, kinds of characters): the examples the CNIL gives for 80 bits.
_ENOUGH = ((12, 4), (14, 3))
_WORDS = 7
# Below this a long password is one key held down; the CNIL's count supposes drawn characters.
_DIFFERENT = 8

#: Shown to everyone, so refused.
EXAMPLE = "sept tomates rouges dansent sous la pluie"
HELP = (
    f"Au choix : une phrase de 7 mots différents, facile à retenir (« {EXAMPLE} ») ; "
    "14 caractères avec majuscules, minuscules et chiffres ; "
    "ou 12 caractères avec aussi un signe (@ % + …)."
)
TOO_WEAK = (
    "Ce mot de passe est trop facile à deviner. Allongez-le : 7 mots différents, ou 14 caractères "
    "avec majuscules, minuscules et chiffres, ou 12 caractères avec aussi un signe (@ % + …)."
)
COPIED = "Cette phrase est notre exemple, que tout le monde voit : inventez la vôtre."


def kinds_of(password: str) -> int:
    """Return how many kinds of characters are used: lower, upper, digits, signs (0 to 4)."""
    tests = (str.islower, str.isupper, str.isdigit, lambda char: not char.isalnum())
    return sum(any(test(char) for char in password) for test in tests)


def words_of(password: str) -> int:
    """Return how many different words of two letters or more are in it."""
    return len({word.casefold() for word in _WORD.findall(password)})


class EntropyValidator:
    """Accepts a long password of several kinds of characters, or a phrase."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise a ValidationError when the password is under 80 bits by the CNIL's count."""
        if sort_key(password) == EXAMPLE:
            raise ValidationError(COPIED, code="password_copied")
        if words_of(password) >= _WORDS:
            return
        kinds = kinds_of(password)
        long_enough = any(len(password) >= size and kinds >= least for size, least in _ENOUGH)
        if not long_enough or len(set(password)) < _DIFFERENT:
            raise ValidationError(TOO_WEAK, code="password_too_weak")

    def get_help_text(self) -> str:
        """Return what to say beside the field."""
        return HELP

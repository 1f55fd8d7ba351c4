"""Users for tests."""

from functools import cache
from itertools import count

from django.contrib.auth.hashers import make_password

from autoprod.accounts.models import User

PASSWORD = "brouette-soleil-navet-mardi"
#: Of as many digits, so that sorted as texts they keep their order.
_numbers = count(100_001)


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


def make_user(
    first_name: str = "Claire", last_name: str = "Vasseur", *, email: str = "", **fields
) -> User:
    """Return a saved user whose password is PASSWORD."""
    values = {
        "first_name": first_name,
        "last_name": last_name,
        "email": email or f"compte{next(_numbers)}@exemple.fr",
        "password": _hashed(),
    }
    return User.objects.create(**values | fields)

"""Forms of the accounts: login, codes, passwords."""

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from autoprod.accounts import devices, passwords, second_factor
from autoprod.accounts.models import Device, User
from autoprod.core.fields import validate_no_nir

NOT_YOURS = "Ce mot de passe n’est pas le vôtre. Vérifiez les majuscules, puis réessayez."
_CODE_LENGTH = 20
_LABEL_LENGTH = 60


def _password_field(label: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
    return forms.CharField(label=label, strip=False, widget=widget)


class LoginForm(AuthenticationForm):
    """E-mail and password; one message whatever is wrong."""

    username = forms.EmailField(
        label="Adresse e-mail",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = _password_field("Mot de passe")

    error_messages = {
        "invalid_login": (
            "Adresse e-mail ou mot de passe incorrect. Vérifiez les majuscules, puis réessayez. "
            "Après 5 essais manqués, la connexion se bloque 15 minutes."
        ),
    }

    def clean_username(self) -> str:
        """Return the address as it is stored."""
        return User.objects.normalize_email(self.cleaned_data["username"])


class CodeForm(forms.Form):
    """A code of the application, or a recovery code."""

    code = forms.CharField(
        label="Code",
        max_length=_CODE_LENGTH,
        help_text="Les 6 chiffres de votre application, ou un de vos codes de secours.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        """Keep whose code it is."""
        self.user, self.device = user, None
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        """Keep the device the code is good for; refuse any other code."""
        code = self.cleaned_data["code"]
        try:
            self.device = second_factor.verify(self.user, code)
        except second_factor.TooSoonError as error:
            wait = f"{error.seconds} seconde{'s' if error.seconds > 1 else ''}"
            message = f"Trop d’essais rapprochés. Attendez {wait}, puis entrez un nouveau code."
            raise ValidationError(message, code="too_soon") from error
        if self.device is None:
            raise ValidationError(
                "Ce code n’est pas valable ou a déjà servi. Attendez le code suivant de votre "
                "application, puis réessayez.",
                code="wrong",
            )
        return code


class SetupForm(forms.Form):
    """The first code of a new application."""

    code = forms.CharField(
        label="Code affiché par l’application",
        max_length=_CODE_LENGTH,
        help_text="6 chiffres, qui changent toutes les 30 secondes.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        """Return the digits alone: applications show « 123 456 »."""
        return "".join(self.cleaned_data["code"].split())


class _DigitsField(forms.CharField):
    """Six digits, hidden as they are typed, on the keyboard of digits of a phone."""

    def __init__(self, **kwargs) -> None:
        """Say so to the browser, which must neither keep the code nor invent one."""
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}
        super().__init__(max_length=_CODE_LENGTH, widget=forms.PasswordInput(attrs=attrs), **kwargs)

    def clean(self, value: str) -> str:
        """Return the digits; refuse anything else."""
        code = "".join(super().clean(value).split())
        if len(code) != devices.CODE_LENGTH or not (code.isascii() and code.isdigit()):
            raise ValidationError("Le code a 6 chiffres.", code="not_digits")
        return code


class DeviceForm(forms.ModelForm):
    """The name and the code of a device, the code typed twice."""

    label = forms.CharField(
        label="Nom de l’appareil", max_length=_LABEL_LENGTH, validators=[validate_no_nir]
    )
    code = _DigitsField(
        label="Code à 6 chiffres",
        help_text="Que vous seul connaissez : ni 123456, ni celui d’une carte bancaire.",
    )
    code_again = _DigitsField(label="Le même, une deuxième fois")

    class Meta:
        model = Device
        fields = ("label",)

    def clean_code(self) -> str:
        """Refuse the codes that are tried first."""
        code = self.cleaned_data["code"]
        if devices.is_weak(code):
            raise ValidationError(
                "Ce code est trop facile à deviner. Choisissez 6 chiffres qui ne se suivent pas "
                "et ne se répètent pas.",
                code="weak",
            )
        return code

    def clean_code_again(self) -> str:
        """Refuse two codes that differ."""
        code = self.cleaned_data["code_again"]
        if code != self.cleaned_data.get("code", code):
            raise ValidationError("Les deux codes sont différents.", code="differs")
        return code


class UnlockForm(forms.Form):
    """The code of a device."""

    code = _DigitsField(label="Code de cet appareil")
    code.widget.attrs["autofocus"] = True


class PasswordCheckForm(forms.Form):
    """The user's own password, asked again before an act that weakens their account.

    It is checked like a login: wrong ones count, and lock.
    """

    password = _password_field("Votre mot de passe")

    def __init__(self, request: HttpRequest, *args, **kwargs) -> None:
        """Keep the request: the lock is counted by it."""
        self.request = request
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """Refuse a password that is not the user's."""
        return _own_password(self.request, self.cleaned_data["password"])


class NewPasswordForm(SetPasswordForm):
    """A new password, typed twice."""

    new_password1, new_password2 = SetPasswordForm.create_password_fields(
        label1="Nouveau mot de passe", label2="Le même, une deuxième fois"
    )
    new_password1.help_text = passwords.HELP
    new_password2.help_text = ""

    def validate_password_for_user(self, user, *_: str) -> None:
        """Say that it is weak beside the first field, where it is chosen."""
        super().validate_password_for_user(user, "new_password1")


class PasswordChangeForm(NewPasswordForm):
    """A new password, by somebody who knows the present one."""

    old_password = _password_field("Mot de passe actuel")
    field_order = ("old_password", "new_password1", "new_password2")

    def __init__(self, request: HttpRequest, *args, **kwargs) -> None:
        """Keep the request: the lock is counted by it."""
        self.request = request
        super().__init__(request.user, *args, **kwargs)

    def clean_old_password(self) -> str:
        """Refuse a password that is not the user's."""
        return _own_password(self.request, self.cleaned_data["old_password"])


class ForgottenForm(forms.Form):
    """The address of somebody who forgot their password."""

    email = forms.EmailField(
        label="Adresse e-mail",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


def _own_password(request: HttpRequest, password: str) -> str:
    user = authenticate(request, username=request.user.get_username(), password=password)
    if user is None or user.pk != request.user.pk:
        raise ValidationError(NOT_YOURS, code="wrong")
    return password

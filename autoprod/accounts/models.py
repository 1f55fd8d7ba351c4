"""User (logs in by e-mail), one-time links, enrolled devices, sessions a user can revoke."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from autoprod.accounts.enums import LinkKind
from autoprod.core.fields import SortKeyField


class UserQuerySet(models.QuerySet):
    """Reads of users."""

    def active(self) -> "UserQuerySet":
        """Return the users who may log in."""
        return self.filter(is_active=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Creates users; an e-mail is stored in lower case."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Return the address as it is stored and looked for."""
        return (email or "").strip().lower()

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """Create a user; without a password nobody can log in until a link sets one."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user of an e-mail, whatever its case."""
        return self.get(email=self.normalize_email(username))


class User(AbstractBaseUser):
    """Somebody of the team or of a partner; what they may do is said by memberships."""

    email = models.EmailField("adresse e-mail", unique=True)
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)
    sort_key = SortKeyField(source=("last_name", "first_name"))
    is_active = models.BooleanField("actif", default=True)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                name="accounts_user_email_lower",
                condition=models.Q(email=Lower("email")),
                violation_error_message="L’adresse e-mail s’écrit en minuscules.",
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def clean(self) -> None:
        """Lower the e-mail's case before a form looks for doubles."""
        super().clean()
        self.email = type(self).objects.normalize_email(self.email)

    def get_full_name(self) -> str:
        """Return « Claire Vasseur »."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        """Return « Claire »."""
        return self.first_name

    @property
    def initials(self) -> str:
        """Return « CV »."""
        return "".join(word[:1] for word in (self.first_name, self.last_name)).upper()


class AccessLinkQuerySet(models.QuerySet):
    """Reads of one-time links."""

    def of(self, user: User) -> "AccessLinkQuerySet":
        """Return the links made for a user."""
        return self.filter(user=user.pk)

    def usable(self, at=None) -> "AccessLinkQuerySet":
        """Return the links neither used nor expired."""
        return self.filter(used_at=None, expires_at__gt=at or timezone.now(), user__is_active=True)

    def matching(self, token: str) -> "AccessLinkQuerySet":
        """Return the link of a token; only its hash is stored."""
        return self.filter(token_hash=AccessLink.hash_of(token))


class AccessLink(models.Model):
    """An invitation or a reset: opens once, then never; handed over or sent by e-mail."""

    user = models.ForeignKey(User, verbose_name="compte", on_delete=models.CASCADE)
    kind = models.CharField("nature", max_length=12, choices=LinkKind.choices)
    token_hash = models.CharField("empreinte", max_length=64, unique=True)
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    created_by_key = models.CharField("créé par", max_length=40, blank=True)
    expires_at = models.DateTimeField("expire le")
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)

    objects = AccessLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "lien à usage unique"
        verbose_name_plural = "liens à usage unique"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.created_at:%d/%m/%Y}"

    @staticmethod
    def hash_of(token: str) -> str:
        """Return the SHA-256 of a token, as stored."""
        return hashlib.sha256(token.encode()).hexdigest()

    @staticmethod
    def new_token() -> str:
        """Return 256 random bits, fit for an URL."""
        return secrets.token_urlsafe(32)

    @staticmethod
    def lifetime(kind: str) -> timedelta:
        """Return how long a link of this kind opens: 7 days to arrive, 1 day to come back."""
        return timedelta(days=7 if kind == LinkKind.INVITATION else 1)


class DeviceQuerySet(models.QuerySet):
    """Reads of enrolled devices."""

    def of(self, user: User) -> "DeviceQuerySet":
        """Return the devices of a user."""
        return self.filter(user=user.pk)

    def living(self, at: datetime | None = None) -> "DeviceQuerySet":
        """Return those that still open: not taken away, used of late, their account active."""
        since = (at or timezone.now()) - Device.UNUSED
        return self.filter(revoked_at=None, last_used_at__gt=since, user__is_active=True)

    def ended(self, *, before: datetime) -> "DeviceQuerySet":
        """Return those that had stopped opening by then."""
        return self.filter(
            models.Q(revoked_at__lt=before) | models.Q(last_used_at__lt=before - Device.UNUSED)
        )

    def matching(self, token: str) -> "DeviceQuerySet":
        """Return the device of a secret; only its digest is stored."""
        return self.filter(digest=Device.digest_of(token))


class Device(models.Model):
    """A browser its user chose to open with a code: for attendance in a garden, nothing else."""

    #: After so long without its code, the password is asked again.
    UNUSED = timedelta(days=180)

    user = models.ForeignKey(User, verbose_name="compte", on_delete=models.CASCADE)
    label = models.CharField("nom de l’appareil", max_length=60)
    digest = models.CharField("empreinte", max_length=64, unique=True)
    code = models.CharField("code", max_length=200)
    password_mark = models.CharField("marque du mot de passe", max_length=64)
    enrolled_at = models.DateTimeField("enrôlé le", auto_now_add=True)
    last_used_at = models.DateTimeField("utilisé le", default=timezone.now)
    failures = models.PositiveSmallIntegerField("codes refusés de suite", default=0)
    revoked_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = "appareil"
        verbose_name_plural = "appareils"
        ordering = ["-last_used_at", "-pk"]

    def __str__(self) -> str:
        return self.label

    @staticmethod
    def new_token() -> str:
        """Return 256 random bits, fit for a cookie."""
        return secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(token: str) -> str:
        """Return the SHA-256 of a secret, as stored."""
        return hashlib.sha256(token.encode()).hexdigest()


class UserSessionQuerySet(models.QuerySet):
    """Reads of sessions."""

    def of(self, user: User) -> "UserSessionQuerySet":
        """Return the sessions of a user."""
        return self.filter(user=user.pk)

    def alive(self) -> "UserSessionQuerySet":
        """Return those that the session store still holds."""
        stored = Session.objects.filter(expire_date__gt=timezone.now())
        return self.filter(session_key__in=stored.values("session_key"))


class UserSession(models.Model):
    """A device where a user is logged in, shown to them so that they can close it."""

    user = models.ForeignKey(User, verbose_name="compte", on_delete=models.CASCADE)
    session_key = models.CharField("clé", max_length=40, unique=True)
    device = models.CharField("appareil", max_length=120, blank=True)
    opened_with = models.ForeignKey(
        Device,
        verbose_name="ouverte par le code de",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField("ouverte le", auto_now_add=True)
    last_seen_at = models.DateTimeField("vue le", default=timezone.now)

    objects = UserSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "session ouverte"
        verbose_name_plural = "sessions ouvertes"
        ordering = ["-last_seen_at", "-pk"]

    def __str__(self) -> str:
        return self.device or "appareil inconnu"

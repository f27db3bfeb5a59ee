"""What PostgreSQL keeps of staff besides Django's own users: failures to sign in, and the second factor."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device

from plumbing.encryption import decrypt


class SignInFailure(models.Model):
    """A wrong password or code, counted for a name, a browser or an address. Kept for a day."""

    counted_as = models.CharField(max_length=120)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["counted_as", "at"], name="signinfailure_counted_as"),
            models.Index(fields=["at"], name="signinfailure_at"),
        ]

    def __str__(self) -> str:
        return f"{self.counted_as} {self.at}"


class AuthenticatorApp(Device):
    """The app on a person's phone that shows a new code every thirty seconds (RFC 6238). One for each person."""

    # The secret that phone and service share. Whoever reads it can make codes, so it is encrypted.
    sealed_key = models.TextField(editable=False)
    # Which thirty seconds the last accepted code was of: no code counts twice.
    last_step = models.BigIntegerField(default=-1, editable=False)

    class Meta:
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")
        constraints = [models.UniqueConstraint(fields=["user"], name="authenticatorapp_one_each")]

    def owner(self) -> str:
        """For whom the secret is sealed: it opens in no other person's row."""
        return sealed_for(self.user_id)

    @property
    def key(self) -> str:
        """The secret in base32, as the phone has it. Raises DecryptionFailed."""
        return decrypt(self.sealed_key, owner=self.owner())


class RecoveryCode(models.Model):
    """A code on paper that opens the admin once, in place of a phone that is lost."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    # The code has 120 random bits: nobody guesses one, so a plain digest of it is enough.
    digest = models.CharField(max_length=64, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recoverycode_once")]

    def __str__(self) -> str:
        return str(self.pk)


def sealed_for(user_id: int) -> str:
    """The owner of a person's secret, as :mod:`plumbing.encryption` knows owners."""
    return f"user:{user_id}:authenticator"

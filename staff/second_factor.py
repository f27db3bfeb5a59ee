"""The second factor: an app on the phone that shows codes, and codes on paper for the day when the phone is lost."""

import base64
import re
import secrets
import time
from binascii import Error as NoBase32
from hashlib import sha256
from urllib.parse import quote, urlencode

import django_otp
import segno
from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django_otp.oath import TOTP

from plumbing.encryption import encrypt

from .models import AuthenticatorApp, RecoveryCode, sealed_for

ISSUER = "Bázico"
RECOVERY_CODES = 8
_KEY_BYTES, _RECOVERY_BYTES = 20, 15
# A phone's clock may be half a minute off.
_STEPS_ASIDE = 1
_CODE = re.compile(r"[0-9]{6}")
_RECOVERY_LETTERS = _RECOVERY_BYTES * 8 // 5


def is_required() -> bool:
    """Whether this machine asks staff for a second factor: production does."""
    return bool(settings.SECOND_FACTOR_REQUIRED)


def app_of(user: User) -> AuthenticatorApp | None:
    """The person's app, None before they have set one up."""
    found: AuthenticatorApp | None = AuthenticatorApp.objects.filter(user=user).first()
    return found


def is_proven(request: HttpRequest) -> bool:
    """Whether whoever sends this request has proven a second factor, or need not."""
    return not is_required() or bool(getattr(request.user, "otp_device", None))


def new_key() -> str:
    """A secret for an app that is to be set up, in base32."""
    return base64.b32encode(secrets.token_bytes(_KEY_BYTES)).decode()


def address_of(key: str, name: str) -> str:
    """What the QR code says: whose secret `key` is, in the form that all authenticator apps read."""
    label = quote(f"{ISSUER}:{name}", safe=":")
    return f"otpauth://totp/{label}?{urlencode({'secret': key, 'issuer': ISSUER}, quote_via=quote)}"


def qr_code(key: str, name: str) -> str:
    """The QR code as the address of an image, drawn here: no other party sees the secret."""
    return str(segno.make(address_of(key, name), error="m", micro=False).svg_data_uri(scale=5, border=3))


def set_up(user: User, key: str, code: str) -> list[str] | None:
    """Keep `key` as the person's app if `code` is of now. Returns recovery codes, to be shown once; None if not.

    Nobody's app is replaced: whoever comes second, with the same password, gets None too.
    """
    step = _step_of(key, code, after=-1)
    if step is None:
        return None
    sealed = encrypt(key, owner=sealed_for(user.pk))
    codes = [_new_recovery_code() for _ in range(RECOVERY_CODES)]
    try:
        with transaction.atomic():
            AuthenticatorApp.objects.create(user=user, name="app", sealed_key=sealed, last_step=step)
            RecoveryCode.objects.filter(user=user).delete()
            RecoveryCode.objects.bulk_create([RecoveryCode(user=user, digest=_digest(code)) for code in codes])
    except IntegrityError:
        return None
    return codes


def is_recovery_code(text: str) -> bool:
    """Whether `text` has the form of a recovery code, which nobody can guess: it needs no limit."""
    return len(_letters(text)) == _RECOVERY_LETTERS


def proven_by(user: User, code: str) -> AuthenticatorApp | None:
    """The person's app if `code` is one that it shows now, or a recovery code; it is used up by this. Else None."""
    app = app_of(user)
    if app is None:
        return None
    accepted = _accepts_recovery_code(user, code) if is_recovery_code(code) else _accepts(app, code)
    return app if accepted else None


def prove(request: HttpRequest, app: AuthenticatorApp) -> None:
    """Note in the session that its owner has proven a second factor; the session gets a new name."""
    django_otp.login(request, app)
    request.session.cycle_key()


def reset(user: User) -> bool:
    """Forget the person's app and recovery codes; the next sign-in sets up new ones. False if there was none."""
    with transaction.atomic():
        RecoveryCode.objects.filter(user=user).delete()
        deleted, _ = AuthenticatorApp.objects.filter(user=user).delete()
    return bool(deleted)


def _accepts(app: AuthenticatorApp, code: str) -> bool:
    step = _step_of(app.key, code, after=app.last_step)
    # Of two requests at once with the same code one moves the step.
    return step is not None and bool(
        AuthenticatorApp.objects.filter(pk=app.pk, last_step__lt=step).update(last_step=step)
    )


def _accepts_recovery_code(user: User, text: str) -> bool:
    deleted, _ = RecoveryCode.objects.filter(user=user, digest=_digest(text)).delete()
    return deleted == 1


def _step_of(key: str, code: str, *, after: int) -> int | None:
    digits = code.replace(" ", "")
    if not _CODE.fullmatch(digits):
        return None
    try:
        totp = TOTP(base64.b32decode(key))
    except NoBase32:
        return None
    totp.time = time.time()
    return int(totp.t()) if totp.verify(int(digits), _STEPS_ASIDE, after + 1) else None


def _new_recovery_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower()
    return "-".join(letters[place : place + 4] for place in range(0, len(letters), 4))


def _letters(text: str) -> str:
    return re.sub(r"[^a-z2-7]", "", text.lower())


def _digest(code: str) -> str:
    return sha256(_letters(code).encode()).hexdigest()

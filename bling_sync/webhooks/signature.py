"""Proof that an event is Bling's: HMAC-SHA256 over the raw bytes with the app's client secret."""

import hashlib
import hmac

from django.conf import settings

HEADER = "X-Bling-Signature-256"
_PREFIX = "sha256="
_HEX_DIGITS = 64


def sign(body: bytes) -> str:
    """The header's value for these bytes."""
    return _PREFIX + hmac.new(settings.BLING_CLIENT_SECRET.encode(), body, hashlib.sha256).hexdigest()


def is_genuine(body: bytes, header: str | None) -> bool:
    """Whether `header` is the signature of `body`. Without a secret of ours nothing is genuine."""
    if not settings.BLING_CLIENT_SECRET or not header or len(header) != len(_PREFIX) + _HEX_DIGITS:
        return False
    return hmac.compare_digest(header.lower().encode("utf-8", "replace"), sign(body).encode())

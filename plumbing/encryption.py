"""Secrets at rest: encrypted, and bound to the row that owns them.

Fernet authenticates what it encrypts, so it refuses a ciphertext that somebody changed. It knows nothing about rows, so
we seal the owner inside: a ciphertext copied into another shop's row does not open there. The first of
``ENCRYPTION_KEYS`` encrypts and all of them decrypt; :mod:`plumbing.key_rotation` writes everything anew under the
first.
"""

import hmac
import json
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class DecryptionFailed(Exception):
    """No key opens this ciphertext, or it belongs to another owner. The error reveals nothing of the content."""


def encrypt(text: str, *, owner: str) -> str:
    """Seal `text` for `owner` (such as ``shop:12:shopify``), as ASCII."""
    return _ring(tuple(settings.ENCRYPTION_KEYS)).encrypt(json.dumps([owner, text]).encode()).decode()


def decrypt(token: str, *, owner: str) -> str:
    """Open what :func:`encrypt` sealed for the same `owner`. Raises DecryptionFailed."""
    try:
        opened = json.loads(_ring(tuple(settings.ENCRYPTION_KEYS)).decrypt(token.encode()))
    except (InvalidToken, ValueError) as error:
        raise DecryptionFailed from error
    # In constant time, so that nobody has to prove that an owner is no secret.
    sealed_for, text = opened
    if not hmac.compare_digest(sealed_for.encode(), owner.encode()):
        raise DecryptionFailed
    return str(text)


def needs_rotation(token: str) -> bool:
    """Whether `token` was not written with the first key, so that removing the others would lose it."""
    try:
        _ring(tuple(settings.ENCRYPTION_KEYS[:1])).decrypt(token.encode())
    except (InvalidToken, ValueError):
        return True
    return False


@lru_cache(maxsize=8)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])

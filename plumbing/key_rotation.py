"""Encrypt everything anew under the first key, so that operators can throw an old key away.

Each module that stores ciphertext registers its columns here. We change a row only where it still holds what we read: a
token that was refreshed meanwhile keeps its new value, which the first key has encrypted anyway.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from plumbing.encryption import DecryptionFailed, decrypt, encrypt, needs_rotation

logger = logging.getLogger(__name__)

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class EncryptedColumn:
    """A column whose text is encrypted for ``owner(row)``."""

    model: type[Model]
    name: str
    owner: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Rotation:
    """How many values we encrypted anew, and how many no key opens."""

    rotated: int
    unreadable: int


_columns: dict[tuple[type[Model], str], EncryptedColumn] = {}


def register(model: type[Model], *names: str, owner: Callable[[Any], str]) -> None:
    """Register these columns of `model` for :func:`rotate`; empty text is no secret."""
    for name in names:
        _columns[model, name] = EncryptedColumn(model, name, owner)


def registered() -> list[EncryptedColumn]:
    """Every column that holds ciphertext."""
    return list(_columns.values())


def rotate() -> Rotation:
    """Encrypt anew every registered value that the first key did not encrypt."""
    rotated = unreadable = 0
    for column in registered():
        rows = column.model._default_manager.exclude(**{column.name: ""}).order_by("pk")
        for row in rows.iterator(chunk_size=_CHUNK):
            stored = getattr(row, column.name)
            if not needs_rotation(stored):
                continue
            try:
                rotated += _rotate(column, row, stored)
            except DecryptionFailed:
                unreadable += 1
                logger.exception("no key opens %s.%s of row %s", column.model.__name__, column.name, row.pk)
    return Rotation(rotated, unreadable)


def _rotate(column: EncryptedColumn, row: Any, stored: str) -> int:
    owner = column.owner(row)
    fresh = encrypt(decrypt(stored, owner=owner), owner=owner)
    # Compare and swap: a token that was refreshed since we read it stays.
    named = {"pk": row.pk, **({"shop": row.shop_id} if hasattr(row, "shop_id") else {})}
    unchanged = column.model._default_manager.filter(**named, **{column.name: stored})
    return unchanged.update(**{column.name: fresh})

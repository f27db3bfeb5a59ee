"""Reservation ids: UUIDv7 (RFC 9562), with 74 random bits unguessable, and cheaper for an index than version 4."""

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """A fresh id whose first 48 bits are this machine's clock in milliseconds; nothing reads that time back."""
    milliseconds = time.time_ns() // 1_000_000 & 0xFFFFFFFFFFFF
    random = int.from_bytes(os.urandom(10))
    return UUID(int=milliseconds << 80 | 0x7 << 76 | (random >> 68) << 64 | 0b10 << 62 | random & 0x3FFFFFFFFFFFFFFF)

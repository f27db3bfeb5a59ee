"""The same key gets the same answer, and one effect.

The answer is stored in the transaction of its effect, so either both are there or neither. Two requests with one key
at the same instant are told apart by an advisory lock that is tried and never waited for: the second is told
``request_in_progress``. The record is looked for in a later statement than the lock, so what the first committed is
seen.
"""

from collections.abc import Sequence
from datetime import datetime

import psycopg

from .book.arrays import binary, plain, text
from .book.transaction import Row, Session
from .commands import Command
from .errors import EngineError, IdempotencyKeyReused, RequestInProgress
from .values import AlreadyAnswered, Answer, Idempotency, Outcome

_TRY_LOCK = """
SELECT pg_try_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) WITH ORDINALITY AS n(name, place)
ORDER BY place
"""
_FIND = """
SELECT r.credential, r.key, r.fingerprint, r.status, r.body
FROM reservations_idempotencyrecord AS r
JOIN unnest(%s::text[], %s::text[]) AS asked(credential, key) ON r.credential = asked.credential AND r.key = asked.key
WHERE r.shop_id = %s
"""
_KEEP = """
INSERT INTO reservations_idempotencyrecord (shop_id, created_at, credential, key, fingerprint, status, body)
SELECT %s, %s, c.* FROM unnest(%s::text[], %s::text[], %s::bytea[], %s::smallint[], %s::bytea[]) AS c
"""

Cursor = psycopg.Cursor[Row]
Name = tuple[str, str]
Kept = tuple[bytes, Answer]


class KeyRing:
    """The idempotency keys of one batch of requests: ask, then find, then learn, as often as requests join it."""

    def __init__(self, session: Session, shop_id: int) -> None:
        self._session, self._shop_id = session, shop_id
        self._asked: list[Name] = []
        self._locked: Cursor | None = None
        self._found: Cursor | None = None
        self._kept: dict[Name, Kept] = {}
        self._fresh: dict[Name, Kept] = {}
        self._busy: set[Name] = set()

    def ask(self, commands: Sequence[Command], *, lock: bool = True) -> None:
        """Take these commands' keys, and queue the tries to lock them."""
        names = [(c.idempotency.credential, c.idempotency.key) for c in commands if c.idempotency]
        self._asked = list(dict.fromkeys(names))
        if self._asked and lock:
            tried = text(f"{self._shop_id}/{credential}/{key}" for credential, key in self._asked)
            self._locked = self._session.queue(_TRY_LOCK, (tried,))

    def find(self) -> None:
        """Queue the search for answers that were given before."""
        if self._asked:
            credentials, keys = zip(*self._asked, strict=True)
            self._found = self._session.queue(_FIND, (text(credentials), text(keys), self._shop_id))

    def learn(self) -> None:
        """Take in what the statements said."""
        if self._locked is not None:
            tried = zip(self._asked, self._locked.fetchall(), strict=True)
            self._busy.update(name for name, (mine,) in tried if not mine)
        if self._found is not None:
            for credential, key, fingerprint, status, body in self._found.fetchall():
                self._kept.setdefault((credential, key), (bytes(fingerprint), Answer(status, bytes(body))))
        self._locked = self._found = None

    def refuse_or_replay(self, idempotency: Idempotency) -> EngineError | AlreadyAnswered | None:
        """What a request with this key gets before anything is done for it, if not a run of its own."""
        name = (idempotency.credential, idempotency.key)
        if name in self._kept:
            fingerprint, answer = self._kept[name]
            return AlreadyAnswered(answer) if fingerprint == idempotency.fingerprint else IdempotencyKeyReused()
        return RequestInProgress() if name in self._busy else None

    def keep(self, idempotency: Idempotency, outcome: Outcome) -> None:
        """Remember the outcome's answer, if it is one that is kept."""
        answer = idempotency.render(outcome)
        if answer is None:
            return
        name = (idempotency.credential, idempotency.key)
        self._kept[name] = self._fresh[name] = idempotency.fingerprint, answer

    def write(self, now: datetime) -> None:
        """Queue the answers to be stored."""
        if not self._fresh:
            return
        credentials, keys = zip(*self._fresh, strict=True)
        kept = self._fresh.values()
        self._session.queue(
            _KEEP,
            (
                self._shop_id,
                now,
                text(credentials),
                text(keys),
                binary(fingerprint for fingerprint, _ in kept),
                plain(answer.status for _, answer in kept),
                binary(answer.body for _, answer in kept),
            ),
        )

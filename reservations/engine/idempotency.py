"""The same key gets the same answer, and one effect.

The answer is stored in the transaction of its effect, so either both are there or neither. Two requests with one key
at the same instant are told apart by an advisory lock that is tried and never waited for: the second is told
``request_in_progress``. The record is looked for in a later statement than the lock, so what the first committed is
seen.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from .commands import Command
from .errors import EngineError, IdempotencyKeyReused, RequestInProgress
from .session import Session
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

Name = tuple[str, str]
Kept = tuple[bytes, Answer]


class KeyRing:
    """The idempotency keys of one batch of requests."""

    def __init__(self, session: Session, shop_id: int, commands: Sequence[Command]) -> None:
        self._session, self._shop_id = session, shop_id
        names = [(c.idempotency.credential, c.idempotency.key) for c in commands if c.idempotency]
        self._names: list[Name] = list(dict.fromkeys(names))
        self._kept: dict[Name, Kept] = {}
        self._fresh: list[tuple[Any, ...]] = []
        self._busy: set[Name] = set()

    def __bool__(self) -> bool:
        return bool(self._names)

    def lock(self) -> Any:
        """Queue the tries; must come before the row locks, so that no one waits in a ring."""
        return self._session.queue(_TRY_LOCK, ([f"{self._shop_id}/{c}/{k}" for c, k in self._names],))

    def find(self) -> Any:
        """Queue the search for answers that were given before."""
        credentials, keys = (list(part) for part in zip(*self._names, strict=True))
        return self._session.queue(_FIND, (credentials, keys, self._shop_id))

    def learn(self, locked: Any, found: Any) -> None:
        """Take in what the two statements said."""
        if locked is not None:
            self._busy = {name for name, (mine,) in zip(self._names, locked.fetchall(), strict=True) if not mine}
        for credential, key, fingerprint, status, body in found.fetchall():
            self._kept[credential, key] = bytes(fingerprint), Answer(status, bytes(body))

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
        self._kept[name] = idempotency.fingerprint, answer
        self._fresh.append((*name, idempotency.fingerprint, answer.status, answer.body))

    def write(self, now: datetime) -> None:
        """Queue the answers to be stored."""
        if self._fresh:
            columns = [list(column) for column in zip(*self._fresh, strict=True)]
            self._session.queue(_KEEP, (self._shop_id, now, *columns))

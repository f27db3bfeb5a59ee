"""The same key gets the same answer, and one effect.

The transaction of an effect stores its answer too, so either both are there or neither. Of two requests with one key at
the same instant the first takes an advisory lock; the second tries it, does not wait, and answers
``request_in_progress``. A later statement than the lock looks for the record, so it sees what the first committed.
"""

from collections.abc import Sequence

from reservations.engine.book import Book, Query
from reservations.engine.book.arrays import binary, plain, text
from reservations.engine.errors import EngineError, IdempotencyKeyReused, RequestInProgress
from reservations.engine.values import AlreadyAnswered, Answer, Idempotency, Outcome

from .commands import Command

# WITH ORDINALITY: unnest alone promises no order, and the answers are matched to the keys by their place.
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
    """The idempotency keys of one batch of requests: ask, then find, then learn, as often as requests join it."""

    def __init__(self, shop_id: int) -> None:
        self._shop_id = shop_id
        self._asked: list[Name] = []
        self._locked: Query | None = None
        self._found: Query | None = None
        self._kept: dict[Name, Kept] = {}
        self._fresh: dict[Name, Kept] = {}
        self._busy: set[Name] = set()

    def ask(self, commands: Sequence[Command], *, lock: bool = True) -> list[Query]:
        """Take these commands' keys; return the query that tries to lock them, to be sent before the row's lock."""
        names = [(c.idempotency.credential, c.idempotency.key) for c in commands if c.idempotency]
        self._asked = list(dict.fromkeys(names))
        if self._asked and lock:
            tried = text(f"{self._shop_id}/{credential}/{key}" for credential, key in self._asked)
            self._locked = Query(_TRY_LOCK, (tried,))
        return [self._locked] if self._locked else []

    def find(self) -> list[Query]:
        """Return the query for the keys' earlier answers, to be sent after the locks."""
        if self._asked:
            credentials, keys = zip(*self._asked, strict=True)
            self._found = Query(_FIND, (text(credentials), text(keys), self._shop_id))
        return [self._found] if self._found else []

    def learn(self) -> None:
        """Note what both queries found."""
        if self._locked is not None:
            tried = zip(self._asked, self._locked.rows, strict=True)
            self._busy.update(name for name, (mine,) in tried if not mine)
        if self._found is not None:
            for credential, key, fingerprint, status, body in self._found.rows:
                self._kept.setdefault((credential, key), (bytes(fingerprint), Answer(status, bytes(body))))
        self._locked = self._found = None

    def refuse_or_replay(self, idempotency: Idempotency) -> EngineError | AlreadyAnswered | None:
        """The answer that this key already has, or the refusal of its second use; None if its request is to run."""
        name = (idempotency.credential, idempotency.key)
        if name in self._kept:
            fingerprint, answer = self._kept[name]
            return AlreadyAnswered(answer) if fingerprint == idempotency.fingerprint else IdempotencyKeyReused()
        return RequestInProgress() if name in self._busy else None

    def keep(self, idempotency: Idempotency, outcome: Outcome) -> None:
        """Keep the outcome's answer, if callers get this kind again."""
        answer = idempotency.render(outcome)
        if answer is None:
            return
        name = (idempotency.credential, idempotency.key)
        self._kept[name] = self._fresh[name] = idempotency.fingerprint, answer

    def write(self, book: Book) -> None:
        """Queue the new answers, so that they commit with what the book changed."""
        if not self._fresh:
            return
        credentials, keys = zip(*self._fresh, strict=True)
        kept = self._fresh.values()
        book.transaction.queue(
            _KEEP,
            (
                self._shop_id,
                book.now,
                text(credentials),
                text(keys),
                binary(fingerprint for fingerprint, _ in kept),
                plain(answer.status for _, answer in kept),
                binary(answer.body for _, answer in kept),
            ),
        )

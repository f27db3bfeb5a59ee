"""A PostgreSQL connection that never waits for ever.

The server enforces ``statement_timeout``, so a server that is frozen, or gone without a word, enforces nothing and
would block one web thread after the other. This connection gives up by its own clock and closes itself.

Each time the pool lends a connection it checks that it still lives: a round trip, in a flash sale as much as a tenth of
a transaction. We skip the check for one that answered a moment ago and whose socket has had no news since: a server
that ends closes its sockets, and that is news.
"""

import select
from time import monotonic
from typing import Any

import psycopg
from psycopg import errors

# A little more than statement_timeout: a living server's own refusal comes first.
ANSWER_SECONDS = 3.5
# How long an answer proves that a connection lives.
TRUSTED_SECONDS = 1.0
# The pool's check (``ConnectionPool.check_connection``); nobody else runs an empty statement.
_ARE_YOU_THERE = ""


class BoundedConnection(psycopg.Connection[Any]):
    """Raises OperationalError, and closes itself, when an answer takes longer than `ANSWER_SECONDS`."""

    _answered_at = float("-inf")

    def wait(self, *args: Any, **kwargs: Any) -> Any:
        """Wait for the answer to what was sent, but not for ever."""
        kwargs.setdefault("timeout", ANSWER_SECONDS)
        try:
            answer = super().wait(*args, **kwargs)
        except errors._WaitTimeout as error:
            self.pgconn.finish()
            raise psycopg.OperationalError(f"PostgreSQL did not answer within {ANSWER_SECONDS} s") from error
        self._answered_at = monotonic()
        return answer

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        """Run a statement, but skip the pool's check when the server has just answered."""
        if query == _ARE_YOU_THERE and self._answered_just_now():
            return self.cursor()
        return super().execute(query, *args, **kwargs)

    def _answered_just_now(self) -> bool:
        if monotonic() - self._answered_at > TRUSTED_SECONDS or self.closed:
            return False
        news = select.poll()
        news.register(self.fileno(), select.POLLIN)
        return not news.poll(0)

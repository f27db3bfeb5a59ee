"""A PostgreSQL connection that never waits for ever.

``statement_timeout`` is kept by the server, so a server that is frozen, or gone without a word, keeps no limit at all
and would take one web thread after the other with it. This connection gives up by its own clock and closes itself.

The pool asks a connection whether it still lives each time that it lends it: a round trip, which in a flash sale is as
much as a tenth of a transaction. One that answered a moment ago, and whose socket has nothing to tell since (a server
that ends closes it), is not asked again.
"""

import select
from time import monotonic
from typing import Any

import psycopg
from psycopg import errors

# A little more than statement_timeout: a server that still lives says no first.
ANSWER_SECONDS = 3.5
# How long an answer vouches for a connection.
TRUSTED_SECONDS = 1.0
# What the pool asks (``ConnectionPool.check_connection``); nobody else has a reason to.
_ARE_YOU_THERE = ""


class BoundedConnection(psycopg.Connection[Any]):
    """Raises OperationalError, and is closed, when an answer takes longer than `ANSWER_SECONDS`."""

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
        """Run a statement; the pool's question is answered without the server by who heard from it just now."""
        if query == _ARE_YOU_THERE and self._answered_just_now():
            return self.cursor()
        return super().execute(query, *args, **kwargs)

    def _answered_just_now(self) -> bool:
        if monotonic() - self._answered_at > TRUSTED_SECONDS or self.closed:
            return False
        news = select.poll()
        news.register(self.fileno(), select.POLLIN)
        return not news.poll(0)

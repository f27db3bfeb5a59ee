"""A PostgreSQL connection that never waits for ever.

``statement_timeout`` is kept by the server, so a server that is frozen, or gone without a word, keeps no limit at all
and would take one web thread after the other with it. This connection gives up by its own clock and closes itself.
"""

from typing import Any

import psycopg
from psycopg import errors

# A little more than statement_timeout: a server that still lives says no first.
ANSWER_SECONDS = 3.5


class BoundedConnection(psycopg.Connection[Any]):
    """Raises OperationalError, and is closed, when an answer takes longer than `ANSWER_SECONDS`."""

    def wait(self, *args: Any, **kwargs: Any) -> Any:
        """Wait for the answer to what was sent, but not for ever."""
        kwargs.setdefault("timeout", ANSWER_SECONDS)
        try:
            return super().wait(*args, **kwargs)
        except errors._WaitTimeout as error:
            self.pgconn.finish()
            raise psycopg.OperationalError(f"PostgreSQL did not answer within {ANSWER_SECONDS} s") from error

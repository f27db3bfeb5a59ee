"""One outbound HTTP exchange: bounded in time and size, without redirects, and never inside a transaction."""

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from .away_from_database import leave_the_database
from .exchange_deadline import Adapter, within

Query = Mapping[str, str | int | Sequence[str] | Sequence[int]]
# Far above the largest answer that we ask for.
MOST_BYTES = 16 * 1_048_576
_CHUNK_BYTES = 65_536


class ExchangeFailed(Exception):
    """No whole answer came. The message names only the kind of error, whose text would repeat the address and query."""


class NotSent(ExchangeFailed):
    """There was no connection (refused, not found, too slow, wrong certificate): the server can have done nothing."""


class AnswerLost(ExchangeFailed):
    """The server may have carried the request out, but its answer was late, incomplete or too long."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for the whole exchange, for connecting, and between two reads; the first bounds the others."""

    exchange_seconds: float
    connect_seconds: float
    read_seconds: float

    @property
    def timeout(self) -> tuple[float, float]:
        """The two that begin anew with every byte, as requests takes them."""
        return min(self.connect_seconds, self.exchange_seconds), min(self.read_seconds, self.exchange_seconds)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def new_session() -> requests.Session:
    """A session whose exchanges we can end in time.

    It takes no proxy and no .netrc from the environment: neither belongs between a token and its service.
    """
    session = requests.Session()
    session.mount("https://", Adapter())
    session.mount("http://", Adapter())
    session.trust_env = False
    return session


def exchange(
    session: requests.Session,
    method: str,
    url: str,
    *,
    limits: Limits,
    headers: Mapping[str, str],
    query: Query | None = None,
    body: bytes | Mapping[str, str] | None = None,
) -> Answer:
    """Send a request whose body is bytes or a form, and read the whole answer. Raises NotSent and AnswerLost.

    `session` is one of :func:`new_session`. Raises RuntimeError inside a transaction.
    """
    leave_the_database()
    try:
        with (
            within(limits.exchange_seconds) as limit,
            session.request(
                method,
                url,
                params=query,
                data=body,
                headers=headers,
                timeout=limits.timeout,
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            answer = Answer(response.status_code, response.headers, _read(response))
            limit.check()
            return answer
    except (requests.RequestException, ValueError) as error:
        # ValueError: requests cannot parse a redirect's address, though we never follow it.
        kind = NotSent if _never_sent(error) else AnswerLost
        raise kind(type(error).__name__) from error


def _read(response: requests.Response) -> bytes:
    body = bytearray()
    # Counted as unpacked: a few compressed bytes can become very many.
    for chunk in response.iter_content(_CHUNK_BYTES):
        body += chunk
        if len(body) > MOST_BYTES:
            raise AnswerLost("the answer is too long")
    return bytes(body)


def _never_sent(error: Exception) -> bool:
    """Whether the connection itself failed: refused, not found, too slow, or with a certificate of somebody else."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause: object = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(reason, NewConnectionError | ConnectTimeoutError):
        return True
    return any(isinstance(inner, ssl.SSLCertVerificationError) for inner in getattr(reason, "args", ()))

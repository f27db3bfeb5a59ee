"""One request to Shopify: bounded in time and size, never redirected, never while a transaction is open."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import requests

from plumbing.away_from_database import leave_the_database
from plumbing.exchange_deadline import Adapter, within

from .errors import Unreachable

CONNECT_SECONDS = 3.05
# Between two reads; the deadline bounds the whole, an answer that comes byte by byte too.
READ_SECONDS = 10.0
# The largest page that we ask for is far below this.
MOST_BYTES = 16 * 1_048_576
_CHUNK_BYTES = 65_536

_of_this_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of Shopify."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body's JSON, or None when it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None

    @property
    def retry_after(self) -> float | None:
        """The seconds that Shopify asks us to wait, if it says so."""
        try:
            return max(0.0, float(self.headers["Retry-After"]))
        except (KeyError, ValueError):
            return None


def post(
    url: str,
    *,
    deadline: float,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    json: Any = None,
) -> Reply:
    """POST a form or JSON and read the whole answer before `deadline` (of `time.monotonic`). Raises Unreachable."""
    leave_the_database()
    left = max(0.1, deadline - time.monotonic())
    sent_headers = {"Accept": "application/json", **(headers or {})}
    if json is not None:
        sent_headers["Content-Type"] = "application/json"
    try:
        with (
            within(left) as limit,
            _session().post(
                url,
                data=form if json is None else orjson.dumps(json),
                headers=sent_headers,
                timeout=(min(CONNECT_SECONDS, left), min(READ_SECONDS, left)),
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            reply = Reply(response.status_code, response.headers, _read(response))
            limit.check()
            return reply
    except requests.ConnectTimeout as error:
        raise Unreachable("no connection", sent=False) from error
    except requests.RequestException as error:
        raise Unreachable(type(error).__name__, sent=True) from error


def _read(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(_CHUNK_BYTES):
        body += chunk
        if len(body) > MOST_BYTES:
            raise Unreachable("the answer is too long", sent=True)
    return bytes(body)


def _session() -> requests.Session:
    session: requests.Session | None = getattr(_of_this_thread, "session", None)
    if session is None:
        session = _of_this_thread.session = requests.Session()
        session.mount("https://", Adapter())
        session.mount("http://", Adapter())
        # No proxy, no .netrc: neither belongs between a token and Shopify unless somebody decides so here.
        session.trust_env = False
    return session

"""One POST to Shopify, within the time that is left."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import requests

from plumbing import outbound_http
from plumbing.outbound_http import AnswerLost, Limits, NotSent
from reservations.shopify.errors import Unreachable

CONNECT_SECONDS = 3.05
READ_SECONDS = 10.0

# requests' sessions are not safe to share between threads; one per thread still reuses its connections.
_of_this_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Reply:
    """Shopify's answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body's JSON, None when the body is not JSON."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None

    @property
    def retry_after(self) -> float | None:
        """The seconds that Shopify asks us to wait, None when it names none."""
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
    """POST a form or JSON and read the whole answer before `deadline` (by `time.monotonic`). Raises Unreachable."""
    # Never 0: requests takes that for a mistake, and not for a time that is over.
    left = max(0.1, deadline - time.monotonic())
    sent_headers = {"Accept": "application/json", **(headers or {})}
    if json is not None:
        sent_headers["Content-Type"] = "application/json"
    try:
        answer = outbound_http.exchange(
            _session(),
            "POST",
            url,
            limits=Limits(left, CONNECT_SECONDS, READ_SECONDS),
            headers=sent_headers,
            body=form if json is None else orjson.dumps(json),
        )
    except NotSent as error:
        raise Unreachable("no connection", sent=False) from error
    except AnswerLost as error:
        raise Unreachable(str(error), sent=True) from error
    return Reply(answer.status, answer.headers, answer.body)


def _session() -> requests.Session:
    session: requests.Session | None = getattr(_of_this_thread, "session", None)
    if session is None:
        session = _of_this_thread.session = outbound_http.new_session()
    return session

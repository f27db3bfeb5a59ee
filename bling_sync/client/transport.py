"""One HTTP exchange: bounded in time, never redirected, and honest about whether it may have had an effect."""

import json
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import requests
from requests.auth import AuthBase
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from bling_sync import timing
from bling_sync.errors import OutcomeUnknown, Unreachable
from plumbing import exchange_deadline
from plumbing.away_from_database import leave_the_database

Query = Mapping[str, str | int | Sequence[str] | Sequence[int]]
LARGEST_BODY = 16 * 1024 * 1024
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent. `body` is JSON, `form` a form; a `secret` header value is never logged."""

    method: str
    url: str
    authorization: str
    query: Query | None = None
    body: object = None
    form: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `json` is None where the body is none; its numbers are int or Decimal, never float."""

    status: int
    json: Any
    request_id: str
    seconds: float


class _Authorization(AuthBase):
    """Sets the header as it is; without it requests would look into a .netrc file."""

    def __init__(self, value: str) -> None:
        self.value = value

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        prepared.headers["Authorization"] = self.value
        return prepared


def exchange(session: requests.Session, request: Request) -> Reply:
    """Send a request and read its answer, whatever its status.

    Raises Unreachable when nothing can have been sent, OutcomeUnknown when it was and the answer was lost.
    """
    leave_the_database()
    seconds = timing.call_seconds()
    try:
        with exchange_deadline.within(seconds) as limit:
            reply = _exchange(session, request, seconds)
            limit.check()
            return reply
    except (requests.RequestException, ValueError) as error:
        # ValueError: what a redirect that nobody follows points to cannot be read.
        if _never_sent(error):
            raise Unreachable(f"Bling cannot be reached ({_name(error)})") from error
        raise OutcomeUnknown(f"Bling's answer was lost ({_name(error)})") from error


def new_session() -> requests.Session:
    """A session whose every call ends in time."""
    session = requests.Session()
    session.mount("https://", exchange_deadline.Adapter())
    session.mount("http://", exchange_deadline.Adapter())
    return session


def _exchange(session: requests.Session, request: Request, seconds: float) -> Reply:
    began = time.monotonic()
    with session.request(
        request.method,
        request.url,
        params=request.query,
        json=request.body,
        data=request.form,
        headers={"Accept": "1.0" if request.form else "application/json", "enable-jwt": "1"},
        auth=_Authorization(request.authorization),
        timeout=(min(timing.CONNECT_SECONDS, seconds), seconds),
        allow_redirects=False,
        stream=True,
    ) as response:
        content = _read(response)
        request_id = response.headers.get("x-amzn-RequestId", "")[:64]
        return Reply(response.status_code, _json(content), request_id, time.monotonic() - began)


def _read(response: requests.Response) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(_CHUNK):
        content += chunk
        if len(content) > LARGEST_BODY:
            raise requests.ReadTimeout("the answer has no end")
    return bytes(content)


def _json(content: bytes) -> Any:
    try:
        return json.loads(content, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):
        return None


def _never_sent(error: Exception) -> bool:
    """Whether the connection itself failed: refused, not found, too slow, or a certificate that is not Bling's."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause: object = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(reason, NewConnectionError | ConnectTimeoutError):
        return True
    return any(isinstance(inner, ssl.SSLCertVerificationError) for inner in getattr(reason, "args", ()))


def _name(error: Exception) -> str:
    """The kind of the error: its text would repeat the address with what was asked."""
    return type(error).__name__

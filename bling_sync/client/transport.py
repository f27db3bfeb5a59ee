"""One request to Bling, honest about whether it may have had an effect."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import requests

from bling_sync import durations
from bling_sync.errors import OutcomeUnknown, Unreachable
from plumbing import outbound_http
from plumbing.outbound_http import AnswerLost, Limits, NotSent, Query


@dataclass(frozen=True, slots=True)
class Request:
    """What we send. `body` goes as JSON, `form` as a form; nothing logs the `authorization`."""

    method: str
    url: str
    authorization: str
    query: Query | None = None
    body: object = None
    form: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `json` is None when the body is not JSON; its numbers are int or Decimal, never float."""

    status: int
    json: Any
    request_id: str
    seconds: float


def exchange(session: requests.Session, request: Request) -> Reply:
    """Send a request and read its answer, whatever its status.

    Raises Unreachable when nothing was sent, OutcomeUnknown when the request went out and the answer was lost.
    """
    seconds, began = durations.call_seconds(), time.monotonic()
    try:
        answer = outbound_http.exchange(
            session,
            request.method,
            request.url,
            limits=Limits(seconds, durations.CONNECT_SECONDS, seconds),
            headers=_headers(request),
            query=request.query,
            body=request.form if request.body is None else json.dumps(request.body, allow_nan=False).encode(),
        )
    except NotSent as error:
        raise Unreachable(f"Bling cannot be reached ({error})") from error
    except AnswerLost as error:
        raise OutcomeUnknown(f"Bling's answer was lost ({error})") from error
    request_id = answer.headers.get("x-amzn-RequestId", "")[:64]
    return Reply(answer.status, _json(answer.body), request_id, time.monotonic() - began)


def _headers(request: Request) -> dict[str, str]:
    """The request's headers; `enable-jwt` asks Bling's token address for JWTs."""
    headers = {"Authorization": request.authorization, "enable-jwt": "1"}
    headers["Accept"] = "1.0" if request.form else "application/json"
    if request.body is not None:
        headers["Content-Type"] = "application/json"
    return headers


def _json(content: bytes) -> Any:
    try:
        return json.loads(content, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):
        return None

"""Answers as bytes: JSON by orjson, times in ISO 8601 with their offset, and no cache may keep them."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpResponse

from reservations.engine import Answer, EngineError, Line, Reservation

from .errors import ApiError

REPLAYED = "Idempotency-Replayed"


def reservation(hold: Reservation) -> dict[str, Any]:
    """A reservation as callers see it; members that do not apply (yet) are null."""
    return {
        "reservation_id": hold.reservation_id,
        "sku": hold.sku,
        "quantity": hold.quantity,
        "status": hold.status,
        "expires_at": hold.expires_at,
        "created_at": hold.created_at,
        "ended_at": hold.ended_at,
        "cart_token": hold.cart_token,
        "order_id": hold.order_id or None,
    }


def no_hold_needed(line: Line, cart_token: UUID | None) -> dict[str, Any]:
    """What stands in a reservation's place where the SKU sells without stock: the buyer may have all of `line`."""
    return {
        "reservation_id": None,
        "sku": line.sku,
        "quantity": line.quantity,
        "status": "not_needed",
        "expires_at": None,
        "created_at": None,
        "ended_at": None,
        "cart_token": cart_token,
        "order_id": None,
    }


def reservations(holds: Iterable[Reservation]) -> list[dict[str, Any]]:
    """Reservations in the engine's order."""
    return [reservation(hold) for hold in holds]


def success(body: Mapping[str, Any]) -> Answer:
    """200 with this body."""
    return Answer(200, orjson.dumps(body))


def refusal(error: EngineError, language: str) -> Answer:
    """The error's status, with its code, its sentence in `language` and what else it tells programs."""
    body = {"code": error.code, "detail": error.detail(language), **error.extra()}
    return Answer(error.status, orjson.dumps(body))


def send(answer: Answer) -> HttpResponse:
    """The answer on its way to the caller."""
    return send_as("application/json", answer)


def send_as(content_type: str, answer: Answer) -> HttpResponse:
    """An answer in another format than JSON on its way to the caller."""
    response = HttpResponse(
        answer.body,
        status=answer.status,
        headers={
            "Content-Type": content_type,
            "Content-Length": str(len(answer.body)),
            "Cache-Control": "no-store",
        },
    )
    # Django logs a line for every answer from 400 up: a sold-out SKU would cost more in log lines than in work.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def name_language(response: HttpResponse, language: str) -> None:
    """Name the language of the answer's sentences in its headers."""
    response["Content-Language"] = "pt-BR" if language == "pt-br" else language


def send_refusal(error: EngineError, language: str) -> HttpResponse:
    """The error on its way to the caller, with the headers that belong to it."""
    response = send(refusal(error, language))
    name_language(response, language)
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    if isinstance(error, ApiError):
        for name, value in error.headers().items():
            response[name] = value
    return response


def send_replay(answer: Answer) -> HttpResponse:
    """The first answer to an idempotency key, once more."""
    response = send(answer)
    response[REPLAYED] = "true"
    return response

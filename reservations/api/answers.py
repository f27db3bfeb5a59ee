"""Answers as bytes: JSON by orjson, times in ISO 8601 with their offset, and no cache may keep them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from reservations.engine import Answer, EngineError, Line, Reservation

from .errors import ApiError

REPLAYED = "Idempotency-Replayed"


@dataclass(slots=True)
class Reply:
    """An answer with its headers, ready to leave by any way."""

    status: int
    body: bytes
    headers: dict[str, str]


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


def send(answer: Answer) -> Reply:
    """The answer on its way to the caller."""
    return send_as("application/json", answer)


def send_as(content_type: str, answer: Answer) -> Reply:
    """An answer in another format than JSON on its way to the caller."""
    return Reply(
        answer.status,
        answer.body,
        {"Content-Type": content_type, "Content-Length": str(len(answer.body)), "Cache-Control": "no-store"},
    )


def name_language(reply: Reply, language: str) -> None:
    """Name the language of the answer's sentences in its headers."""
    reply.headers["Content-Language"] = "pt-BR" if language == "pt-br" else language


def send_refusal(error: EngineError, language: str) -> Reply:
    """The error on its way to the caller, with the headers that belong to it."""
    reply = send(refusal(error, language))
    name_language(reply, language)
    if error.retry_after is not None:
        reply.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, ApiError):
        reply.headers.update(error.headers())
    return reply


def send_replay(answer: Answer) -> Reply:
    """The first answer to an idempotency key, once more."""
    reply = send(answer)
    reply.headers[REPLAYED] = "true"
    return reply

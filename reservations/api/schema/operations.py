"""The schema's description of each call."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from reservations import engine
from reservations.api import errors
from reservations.api.limits import MAX_SKU_LENGTH, TEXT_PATTERN
from reservations.api.serializers import CONFIRM, RESERVE, RESERVE_CART, TARGET

from . import answer_bodies
from .error_responses import OF_ANY_BODY, OF_ANY_CALL, OF_ANY_POST, Leaves, responses
from .examples import CART, ORDER, SKU, STOCK, VALIDATED, reservation

View = TypeVar("View", bound=Callable[..., Any])


class Described(Protocol):
    """A decorator that leaves a view's method as it is."""

    def __call__(self, view: View, /) -> View:
        """The method, with its description attached."""


_ID = {"reservation_id": "3b241101-e2bb-4255-8caf-4136c566a962"}
_RESERVATION_ID = OpenApiParameter("reservation_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
_IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[\\x21-\\x7e]{1,255}$"},
    OpenApiParameter.HEADER,
    description="The same key with the same body gets the first answer again, and has one effect.",
)


def _get(name: str, summary: str, answer: Any, sample: object, refusals: Leaves, **more: Any) -> Described:
    found = OpenApiResponse(answer, summary, [OpenApiExample("answer", value=sample, response_only=True)])
    return extend_schema(operation_id=name, summary=summary, responses={200: found, **responses(refusals)}, **more)


def _post(
    name: str,
    summary: str,
    description: str,
    request: serializers.Serializer[Any],
    sent: object,
    answer: type[answer_bodies.Body],
    sample: object,
    refusals: Leaves,
) -> Described:
    done = OpenApiResponse(answer, summary, [OpenApiExample("answer", value=sample, response_only=True)])
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=description,
        tags=["stock"],
        parameters=[_IDEMPOTENCY_KEY],
        request=type(request),
        examples=[OpenApiExample("request", value=sent, request_only=True)],
        responses={200: done, **responses((*OF_ANY_POST, *refusals))},
    )


read_stock = _get(
    "readStock",
    "How many units of a SKU are free",
    answer_bodies.Stock,
    STOCK,
    (*OF_ANY_CALL, errors.InvalidSku, engine.UnknownSku),
    tags=["stock"],
)


def shared_address(command: str, sku: str, **more: Any) -> Described:
    """The stock of the SKU whose address is that of a command; `sku` is its name in words."""
    return _get(
        f"readStockCalled{command.title().replace('_', '')}",
        f"The stock of the SKU called {sku}",
        answer_bodies.Stock,
        STOCK,
        (*OF_ANY_CALL, errors.InvalidSku, engine.UnknownSku),
        tags=["SKUs that are called like commands"],
        **more,
    )


# The SKU that this address means is eight characters longer than what stands in its place.
_SHORTER = {"type": "string", "minLength": 1, "maxLength": MAX_SKU_LENGTH - len("/reserve"), "pattern": TEXT_PATTERN}
stock_called_reserve = shared_address(
    "reserve", "`{sku}/reserve`", parameters=[OpenApiParameter("sku", _SHORTER, OpenApiParameter.PATH)]
)


read_reservation = _get(
    "readReservation",
    "How a reservation stands",
    answer_bodies.Reservation,
    reservation(),
    (*OF_ANY_CALL, engine.UnknownReservation),
    tags=["stock"],
    parameters=[_RESERVATION_ID],
)
reserve_one = _post(
    "reserve",
    "Hold units of one SKU",
    "Hold the units, or say how many are free and when more may come. A SKU that sells without stock needs no hold.",
    RESERVE,
    {"quantity": 1, "cart_token": str(CART)},
    answer_bodies.Reserved,
    reservation(),
    (errors.InvalidSku, engine.UnknownSku, engine.OutOfStock, engine.CartLimitExceeded, engine.HoldLimitReached),
)
validate_cart = _get(
    "validateCart",
    "Which lines of a cart would get their units now; nothing is held",
    answer_bodies.ValidatedCart,
    VALIDATED,
    (*OF_ANY_CALL, *OF_ANY_BODY),
    tags=["stock"],
    request=type(RESERVE_CART),
    examples=[
        OpenApiExample(
            "request", value={"cart_token": str(CART), "lines": [{"sku": SKU, "quantity": 2}]}, request_only=True
        )
    ],
)
reserve_cart = _post(
    "reserveCart",
    "Hold all lines of a cart, or none",
    "Hold every line, or name each that is short.",
    RESERVE_CART,
    {"cart_token": str(CART), "lines": [{"sku": SKU, "quantity": 1}]},
    answer_bodies.ReservedCart,
    {"reservations": [reservation()]},
    (engine.UnknownSku, engine.OutOfStock, engine.CartLimitExceeded, engine.HoldLimitReached),
)
confirm = _post(
    "confirm",
    "Turn holds into a sale; repeated, the answer is the same",
    "Confirm all that is meant, or name each reservation that stands in the way.",
    CONFIRM,
    {**_ID, "order_id": ORDER},
    answer_bodies.Confirmed,
    {"status": "confirmed", "reservations": [reservation(status="confirmed", order_id=ORDER)]},
    (engine.UnknownReservation, engine.ReservationExpired, engine.ReservationReleased),
)
release = _post(
    "release",
    "Give holds back; repeated, the answer is the same",
    "Release all that is meant, or name each reservation that stands in the way.",
    TARGET,
    _ID,
    answer_bodies.Released,
    {"status": "released", "reservations": [reservation(status="released")]},
    (
        engine.UnknownReservation,
        engine.ReservationExpired,
        engine.ReservationConfirmed,
        engine.ReservationOfOrder,
    ),
)
extend = _post(
    "extend",
    "Give living holds more time, up to the shop's ceiling",
    "Extend all that is meant, or name each reservation that stands in the way.",
    TARGET,
    _ID,
    answer_bodies.Extended,
    {"status": "extended", "reservations": [reservation()]},
    (
        engine.UnknownReservation,
        engine.ReservationExpired,
        engine.ReservationReleased,
        engine.ReservationConfirmed,
        engine.ReservationOfOrder,
    ),
)
_READY = {
    "status": "ready",
    "checks": {
        "database": {"status": "ok"},
        "broker": {"status": "ok"},
        "worker": {"status": "ok", "heartbeat_age_seconds": 4.2},
    },
}
healthz = _get(
    "healthz", "Liveness: this process answers", answer_bodies.Health, {"status": "ok"}, (), tags=["operations"]
)
readyz = _get(
    "readyz",
    "Readiness: database, broker and worker answer",
    answer_bodies.Readiness,
    _READY,
    (errors.NotReady,),
    tags=["operations"],
)
metrics = extend_schema(
    operation_id="metrics",
    summary="Figures for Prometheus",
    tags=["operations"],
    responses={(200, "text/plain"): str, **responses((errors.InvalidMetricsToken, errors.NotFound))},
)

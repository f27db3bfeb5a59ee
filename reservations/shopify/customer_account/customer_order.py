"""``POST /customer/order``: what a customer's page about an order may say of its units."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from reservations.api import answers
from reservations.api.answers import Reply
from reservations.api.authentication import Caller
from reservations.api.errors import Throttled
from reservations.api.pipeline import ApiRequest, ApiView, StrictSerializer
from reservations.api.serializers import OrderIdField
from reservations.api.throttle import sliding_window
from reservations.shopify.client.global_ids import number

from .order_units import OrderUnits, order_units

# The extension runs in a worker of Shopify's, whose origin may be any. No cookie counts here, so anybody may try.
_CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "7200",
}
# A page asks once a minute. It also keeps anybody from trying confirmation numbers, of which there are 10^13.
ASKED_PER_MINUTE = 20


class CustomerOrderSerializer(StrictSerializer):
    """Which order, by its global id, and its confirmation number."""

    order_id = OrderIdField()
    confirmation_number = OrderIdField()


CUSTOMER_ORDER = CustomerOrderSerializer()


class CustomerOrderView(ApiView):
    """An order's units, for the customer who placed it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As any other view, but pages of other origins may read each answer, a refusal too."""
        response = super().dispatch(request, *args, **kwargs)
        for name, value in _CORS.items():
            response[name] = value
        return response

    def post(self, request: ApiRequest) -> Reply:
        """Say whether the order's units are held, until when, or bought."""
        asked = self.read(request, CUSTOMER_ORDER)
        order_id = number(asked["order_id"])
        _count(request.caller, order_id)
        found = order_units(request.shop.pk, order_id, asked["confirmation_number"])
        return answers.send(answers.success(_body(found)))

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """What a browser asks before it sends a token to another origin."""
        response = super().options(request, *args, **kwargs)
        for name, value in _PREFLIGHT.items():
            response[name] = value
        return response


def _body(found: OrderUnits) -> dict[str, object]:
    return {
        "standing": found.standing,
        "now": found.now,
        "until": found.until,
        "held": found.held,
    }


def _count(caller: Caller, order_id: str) -> None:
    """Let nobody ask about one order more often than so many times a minute. Raises Throttled."""
    name = f"{caller.credential}:{caller.shop.pk}:order:{order_id}"
    seconds = sliding_window(settings.REDIS_URL).seconds_to_wait(Caller(caller.shop, name, ASKED_PER_MINUTE))
    if seconds:
        raise Throttled(seconds)

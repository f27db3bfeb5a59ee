"""What the API's pipeline saves: the same view once on the REST framework as it comes, once on our pipeline.

``python -m bench.dispatch`` with the service's environment. Both know the caller, count the request, check the same
body and answer the same reservation; neither asks a database. The rounds take turns, and the fastest of each counts.
"""

import os
from collections.abc import Callable, Mapping
from io import BytesIO
from time import perf_counter
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "basico_stock.settings")
django.setup()

from django.core.handlers.wsgi import WSGIRequest  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from rest_framework import serializers  # noqa: E402
from rest_framework.permissions import AllowAny  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

from reservations.api import answers  # noqa: E402
from reservations.api.answers import Reply  # noqa: E402
from reservations.api.authentication import Authentication, Caller  # noqa: E402
from reservations.api.pipeline import ApiRequest, ApiView  # noqa: E402
from reservations.api.schema.examples import HELD  # noqa: E402
from reservations.api.serializers import RESERVE  # noqa: E402
from reservations.api.stock_command import Asked, StockCommand  # noqa: E402
from reservations.api.throttle import Limit  # noqa: E402
from reservations.api.web_request import Holds, WebRequest  # noqa: E402
from reservations.models import Shop  # noqa: E402

ROUNDS, REQUESTS = 400, 20
_BODY = b'{"quantity": 1, "cart_token": "7d1f6a52-9c3e-4b7a-8f21-0a5b6c7d8e9f"}'


_CALLER = Caller(Shop(pk=1), "key:1")


class _Known(Authentication):
    @staticmethod
    def caller_of(meta: Mapping[str, Any]) -> Caller:
        return _CALLER


class _Free(Limit):
    @staticmethod
    def count(meta: Mapping[str, Any], caller: Caller) -> None:
        pass


class _Body(serializers.Serializer[Any]):
    quantity = serializers.IntegerField(min_value=1, max_value=1_000_000, default=1)
    cart_token = serializers.UUIDField(required=False)


class _Stock(APIView):
    authentication_classes = (_Known,)
    permission_classes = (AllowAny,)
    throttle_classes = (_Free,)

    def post(self, request: Request) -> Response:
        body = _Body(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(answers.reservation(HELD))


class _Reserve(StockCommand):
    serializer = RESERVE

    async def carry_out(self, request: WebRequest, asked: Asked, idempotency: object, **address: str) -> Holds:
        return await request.submit(lambda: (HELD,))

    def told(self, request: WebRequest, holds: Holds, asked: Asked, **address: str) -> Mapping[str, Any]:
        return answers.reservation(holds[0])


class _Ours(ApiView):
    authentication_classes = (_Known,)
    throttle_classes = (_Free,)
    meanings = {"POST": _Reserve()}

    def post(self, request: ApiRequest) -> Reply:
        return self.reply(request)


def _request() -> WSGIRequest:
    return WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/stock/SKU-1/reserve",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(_BODY)),
            "wsgi.input": BytesIO(_BODY),
        }
    )


def _seconds(view: Callable[..., Any]) -> float:
    requests = [_request() for _ in range(REQUESTS)]
    started = perf_counter()
    for request in requests:
        response: HttpResponse = view(request)
        if isinstance(response, Response):
            response.render()
        if response.status_code != 200:
            raise RuntimeError(response.content)
    return (perf_counter() - started) / REQUESTS


def main() -> None:
    """Measure and print microseconds per request."""
    views = {"the framework's own way": _Stock.as_view(), "our pipeline": _Ours.as_view()}
    best = dict.fromkeys(views, float("inf"))
    for _ in range(ROUNDS):
        for name, view in views.items():
            best[name] = min(best[name], _seconds(view))
    for name, seconds in best.items():
        print(f"{name}: {seconds * 1e6:.0f} us")


if __name__ == "__main__":
    main()

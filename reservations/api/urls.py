"""The addresses of the API.

A slash at the end belongs to a SKU, so nothing redirects: the service answers an address as it came, or not at all.
"""

from django.urls import URLPattern, path, register_converter

from .authentication import Authentication
from .cart_validate import ValidateCartView
from .confirm import ConfirmView
from .extend import ExtendView
from .health.healthz import HealthView
from .health.metrics import MetricsView
from .health.readyz import ReadyView
from .release import ReleaseView
from .reservation import ReservationView
from .reserve import ReserveView
from .reserve_cart import ReserveCartView
from .schema.docs import DocsView, SchemaView
from .sku import SkuConverter
from .stock import StockView
from .throttle import ApiKeyThrottle

register_converter(SkuConverter, "sku")


def addresses(*authenticators: type[Authentication]) -> list[URLPattern]:
    """All addresses; those of the stock answer callers who prove their shop by one of `authenticators`.

    The first of these should be the one that a flash sale uses. Exact addresses come before the SKU of the same name.
    """
    by = {"authentication_classes": authenticators, "throttle_classes": (ApiKeyThrottle,)}
    return [
        path("stock/<sku:sku>/reserve", ReserveView.as_view(**by)),
        path("stock/reserve", ReserveCartView.as_view(**by)),
        path("stock/confirm", ConfirmView.as_view(**by)),
        path("stock/release", ReleaseView.as_view(**by)),
        path("stock/extend", ExtendView.as_view(**by)),
        path("stock/<sku:sku>", StockView.as_view(**by)),
        path("reservations/<str:reservation_id>", ReservationView.as_view(**by)),
        path("cart/validate", ValidateCartView.as_view(**by)),
        path("healthz", HealthView.as_view()),
        path("readyz", ReadyView.as_view()),
        path("metrics", MetricsView.as_view()),
        path("api/schema", SchemaView.as_view(), name="schema"),
        path("api/docs", DocsView.as_view()),
    ]

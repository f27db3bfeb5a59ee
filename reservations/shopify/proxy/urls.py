"""The addresses below ``/proxy/``: the API's own views, for shoppers.

There is no ``confirm``: only Shopify's webhook of an order closes a purchase, never a browser.
"""

from django.urls import URLPattern, path

from reservations.api.cart_validate import ValidateCartView
from reservations.api.extend import ExtendView
from reservations.api.release import ReleaseView
from reservations.api.reservation import ReservationView
from reservations.api.reserve import ReserveView
from reservations.api.stock import StockView

from .proxy_signature import AppProxyAuthentication
from .shopper_reserve import ShopperReserveView
from .shopper_throttle import AddressThrottle, cart_throttle
from .web_vitals import WebVitalsView

_by = {"authentication_classes": (AppProxyAuthentication,), "throttle_classes": (AddressThrottle,), "schema": None}
_with_cart = {**_by, "cart_throttle": cart_throttle}

urlpatterns: list[URLPattern] = [
    path("stock/<sku:sku>/reserve", ReserveView.as_view(**_with_cart)),
    path("stock/reserve", ShopperReserveView.as_view(**_with_cart)),
    path("stock/release", ReleaseView.as_view(**_with_cart)),
    path("stock/extend", ExtendView.as_view(**_with_cart)),
    path("stock/<sku:sku>", StockView.as_view(**_by)),
    path("reservations/<str:reservation_id>", ReservationView.as_view(**_by)),
    path("cart/validate", ValidateCartView.as_view(**_with_cart)),
    path("web-vitals", WebVitalsView.as_view(**_by)),
]

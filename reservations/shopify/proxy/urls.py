"""The addresses below ``/proxy/``: the API's own views, as shoppers get them.

There is no ``confirm``: only Shopify's webhook of an order closes a purchase, never a browser.
"""

from django.urls import URLPattern, path

from reservations.api.reservation import ReservationView

from .for_shoppers import ShopperExtendView, ShopperStockView, ShopperValidateView
from .proxy_signature import AppProxyAuthentication
from .shopper_release import ShopperReleaseView
from .shopper_reserve import ShopperReserveOneView, ShopperReserveView
from .shopper_throttle import AddressThrottle, cart_throttle
from .web_vitals import WebVitalsView

_by = {"authentication_classes": (AppProxyAuthentication,), "throttle_classes": (AddressThrottle,), "schema": None}
_with_cart = {**_by, "cart_limit": cart_throttle}

urlpatterns: list[URLPattern] = [
    path("stock/<sku:sku>/reserve", ShopperReserveOneView.as_view(**_with_cart)),
    path("stock/reserve", ShopperReserveView.as_view(**_with_cart)),
    path("stock/release", ShopperReleaseView.as_view(**_with_cart)),
    path("stock/extend", ShopperExtendView.as_view(**_with_cart)),
    path("stock/<sku:sku>", ShopperStockView.as_view(**_by)),
    path("reservations/<str:reservation_id>", ReservationView.as_view(**_by)),
    path("cart/validate", ShopperValidateView.as_view(**_with_cart)),
    path("web-vitals", WebVitalsView.as_view(**_by)),
]

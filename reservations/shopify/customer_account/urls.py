"""The address below ``/customer/``, for the extension in customers' accounts."""

from django.urls import URLPattern, path

from reservations.shopify.proxy.shopper_throttle import AddressThrottle

from .customer_authentication import CustomerTokenAuthentication
from .customer_order import CustomerOrderView

_by = {
    "authentication_classes": (CustomerTokenAuthentication,),
    "throttle_classes": (AddressThrottle,),
    "schema": None,
}

urlpatterns: list[URLPattern] = [path("order", CustomerOrderView.as_view(**_by))]

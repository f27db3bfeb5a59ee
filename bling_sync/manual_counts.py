"""A person counts stock by hand in a shop that Bling keeps the books of."""

import time
from urllib.parse import urlsplit

import requests
from django.conf import settings

from reservations.demo_shop import DEMO_DOMAIN
from reservations.models import Shop

from .models import Connection, ConnectionState, Product

_REPLACED = "Bling keeps this SKU's books: its next reading replaces the count."
_TOLD = "Bling's stand-in was given the same count."
_TIMEOUT_SECONDS = 5
# bin/dev starts the stand-in last: whoever counts at once may be earlier.
_STAND_IN_STARTS_WITHIN_SECONDS = 15
_PAUSE_SECONDS = 0.1


def note_manual_count(shop_id: int, sku: str, quantity: int) -> str:
    """What a person should know who counts `sku` by hand; empty where Bling has nothing to say about it.

    On a laptop the stand-in is given the count too, and first, as a merchant would correct it in Bling: its next
    reading would else undo what was just typed. That holds for the demo shop before it is connected as well, since the
    first import follows within seconds.
    """
    connection = Connection.objects.filter(shop=shop_id).exclude(state=ConnectionState.DISCONNECTED).first()
    if connection is None and not _will_connect_by_itself(shop_id):
        return ""
    if _told_the_stand_in(connection, sku, quantity):
        return _TOLD
    return _REPLACED if Product.objects.filter(shop=shop_id, stock_item__sku=sku).exists() else ""


def _is_sandbox() -> bool:
    return bool(settings.DEVELOPMENT and settings.SANDBOX)


def _will_connect_by_itself(shop_id: int) -> bool:
    """Whether this is a laptop's demo shop that has had no connection yet (bling_sync/demo_connection.py)."""
    never_connected = not Connection.objects.filter(shop=shop_id).exists()
    return _is_sandbox() and never_connected and Shop.objects.filter(pk=shop_id, domain=DEMO_DOMAIN).exists()


def _told_the_stand_in(connection: Connection | None, sku: str, quantity: int) -> bool:
    if not _is_sandbox():
        return False
    address = urlsplit(settings.BLING_API_URL)
    movement = {"sku": sku, "operation": "B", "quantity": quantity, "who": "set_stock"}
    # Without an account the demo company is meant.
    account = {} if connection is None else {"account": connection.company_id}
    try:
        answer = _post_once_it_listens(f"{address.scheme}://{address.netloc}/_control/movements", movement | account)
    except requests.RequestException:
        return False
    return answer.ok


def _post_once_it_listens(url: str, order: dict[str, object]) -> requests.Response:
    """Send `order`, for a while again as long as nobody listens. Raises requests' errors."""
    deadline = time.monotonic() + _STAND_IN_STARTS_WITHIN_SECONDS
    while True:
        try:
            return requests.post(url, json=order, timeout=_TIMEOUT_SECONDS)
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_SECONDS)

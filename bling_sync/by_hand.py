"""A person counted stock by hand in a shop that Bling keeps the books of."""

from urllib.parse import urlsplit

import requests
from django.conf import settings

from .models import Connection, ConnectionState, Product

_REPLACED = "Bling keeps this SKU's books: its next reading replaces the count."
_TOLD = "Bling's stand-in was given the same count."
_TIMEOUT_SECONDS = 5


def counted(shop_id: int, sku: str, quantity: int) -> str:
    """What a person should know who counted `sku` by hand; empty where Bling has nothing to say about it.

    On a laptop the stand-in is given the count too, as a merchant would correct it in Bling: its next reading would
    else undo what was just typed.
    """
    connection = Connection.objects.filter(shop=shop_id).exclude(state=ConnectionState.DISCONNECTED).first()
    if connection is None or not Product.objects.filter(shop=shop_id, stock_item__sku=sku).exists():
        return ""
    return _TOLD if _told_the_stand_in(connection, sku, quantity) else _REPLACED


def _told_the_stand_in(connection: Connection, sku: str, quantity: int) -> bool:
    if not (settings.DEVELOPMENT and settings.SANDBOX):
        return False
    address = urlsplit(settings.BLING_API_URL)
    movement = {"sku": sku, "operation": "B", "quantity": quantity, "who": "set_stock"}
    try:
        answer = requests.post(
            f"{address.scheme}://{address.netloc}/_control/movements",
            json={**movement, "account": connection.company_id},
            timeout=_TIMEOUT_SECONDS,
        )
    except requests.RequestException:
        return False
    return answer.ok

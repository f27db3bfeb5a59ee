"""Bling's webhooks: signed events about stock, orders and products, sent to the address of the app's registration."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sandbox.bling.company_account import Account
from sandbox.bling.products import Product
from sandbox.bling.sales_order import SITUATIONS, Order
from sandbox.bling.stock_history import Movement
from sandbox.web import Clock, Deliveries, Delivery, json_response

SIGNATURE = "X-Bling-Signature-256"
RESOURCES = ("order", "product", "stock", "virtual_stock")


@dataclass
class Registration:
    """The app as registered at Bling: credentials, the one callback, where events go and which ones."""

    client_id: str
    client_secret: str
    callback_url: str = ""
    webhooks_url: str = ""
    resources: list[str] = field(default_factory=lambda: list(RESOURCES))


class Webhooks:
    """Turns what happens into events and queues them for delivery."""

    def __init__(
        self, app: Registration, deliveries: Deliveries, clock: Clock, is_listening: Callable[[str], bool]
    ) -> None:
        """`is_listening` says whether an account has authorized the app: before that it sends nothing."""
        self._app = app
        self._deliveries = deliveries
        self._clock = clock
        self._is_listening = is_listening
        deliveries.gave_up = self._switch_off

    def watch(self, account: Account) -> None:
        """Send events about this account's stock."""
        account.stock.moved = lambda movement: self._moved(account, movement)
        account.stock.reserved_changed = lambda product_id: self.virtual_stock(account, product_id)

    def order(self, account: Account, order: Order, action: str) -> None:
        """An order was `created`, `updated` or `deleted`."""
        self.send(account, f"order.{action}", {"id": order.id} if action == "deleted" else _order(order))

    def product(self, account: Account, product: Product, action: str = "updated") -> None:
        """A product was `created`, `updated` or `deleted`; what goes to the bin is `updated`."""
        self.send(account, f"product.{action}", _product(product))

    def virtual_stock(self, account: Account, product_id: int) -> None:
        """What open orders reserve of a product has changed."""
        product = account.products[product_id]
        totals = account.totals(product)
        data = {
            "produto": {"id": product_id},
            "saldoFisicoTotal": totals.physical,
            "saldoVirtualTotal": totals.virtual,
            "vinculoComplexo": False,
            "depositos": [
                {"id": deposit_id, "saldoFisico": balance.physical, "saldoVirtual": balance.virtual}
                for deposit_id, balance in account.balances(product).items()
            ],
        }
        self.send(account, "virtual_stock.updated", data)

    def send(self, account: Account, event: str, data: dict[str, Any]) -> None:
        """Sign an event and send it, if the app asked for its resource and the account let it in."""
        if not self._wants(account, event.partition(".")[0]):
            return
        body = self.body(account, event, data)
        headers = {"Content-Type": "application/json", SIGNATURE: sign(self._app.client_secret, body)}
        self._deliveries.send(Delivery(self._app.webhooks_url, headers, body, event, account.id))

    def _wants(self, account: Account, resource: str) -> bool:
        return bool(self._app.webhooks_url) and resource in self._app.resources and self._is_listening(account.id)

    def body(self, account: Account, event: str, data: dict[str, Any]) -> bytes:
        """The event's exact bytes."""
        envelope = {
            "eventId": str(uuid4()),
            "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._clock.now())),
            "version": "v1",
            "event": event,
            "companyId": account.id,
            "data": data,
        }
        return json_response(200, envelope).body

    def _moved(self, account: Account, movement: Movement) -> None:
        product = account.products[movement.product_id]
        totals = account.totals(product)
        here = account.balances(product)[movement.deposit_id]
        data = {
            "produto": {"id": product.id},
            "deposito": {"id": movement.deposit_id, "saldoFisico": here.physical, "saldoVirtual": here.virtual},
            "operacao": movement.operation,
            "quantidade": movement.quantity,
            "saldoFisicoTotal": totals.physical,
            "saldoVirtualTotal": totals.virtual,
        }
        self.send(account, "stock.created", data)
        for kit in account.kits:
            if any(part.product_id == product.id for part in kit.components):
                self.virtual_stock(account, kit.id)

    def _switch_off(self, delivery: Delivery) -> None:
        """After its last try Bling sends nothing more of that resource until a person switches it on again."""
        resource = json.loads(delivery.body)["event"].partition(".")[0]
        if resource in self._app.resources:
            self._app.resources.remove(resource)


def sign(secret: str, body: bytes) -> str:
    """The signature header's value: HMAC-SHA256 over the raw bytes, key = the app's client secret."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _order(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "data": order.date,
        "numero": order.number,
        "numeroLoja": order.store_number,
        "total": order.total,
        "contato": {"id": order.contact_id},
        "vendedor": {"id": 0},
        "loja": {"id": order.store_id},
        "situacao": {"id": order.situation, "valor": SITUATIONS[order.situation][1]},
    }


def _product(product: Product) -> dict[str, Any]:
    return {
        "id": product.id,
        "nome": product.name,
        "codigo": product.sku,
        "tipo": product.type,
        "situacao": product.situation,
        "preco": Decimal(str(product.price)),
        "unidade": "UN",
        "formato": product.format,
        "idProdutoPai": product.parent_id,
    }

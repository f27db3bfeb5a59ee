"""The whole of Bling's state, in one place, under one lock."""

import hashlib
from decimal import Decimal
from typing import Any

from sandbox.bling.bling_faults import MISBEHAVIOUR
from sandbox.bling.company_account import Account
from sandbox.bling.errors import not_found
from sandbox.bling.events import Registration, Webhooks
from sandbox.bling.limits import Turnstile
from sandbox.bling.oauth import Authority
from sandbox.bling.products import Product
from sandbox.stand_in import Memory, Numbers
from sandbox.web import Delivery

DEMO_PRODUCTS = {"SKU-BZC-001": 10, "SKU-BZC-002": 5}
FIRST_ID = 16_000_000_001


class Bling(Memory[Registration]):
    """A Bling with one registered app and the accounts of some companies, the demo company's first."""

    in_books = ("clock", "authority", "accounts", "ids", "signed_in", "denies")

    def __init__(self, app: Registration) -> None:
        """Begin with the demo company and its two products."""
        super().__init__(app, MISBEHAVIOUR)
        self.authority = Authority(self.clock)
        self.accounts: dict[str, Account] = {}
        self.ids = Numbers(FIRST_ID)
        self.connect()
        demo = self.add_account("Bázico Demonstração Ltda")
        # The company signed in to Bling in the browser that opens the authorization page.
        self.signed_in = demo.id
        self.denies = False
        for sku, quantity in DEMO_PRODUCTS.items():
            self.add_product(demo, sku, Decimal(quantity))

    def connect(self) -> None:
        """Limits count anew; every company's events are sent to the app."""
        self.turnstile = Turnstile(self.clock)
        self.webhooks = Webhooks(self.app, self.deliveries, self.clock, self.authority.is_authorized)
        for account in self.accounts.values():
            self.webhooks.watch(account)

    def webhook_record(self, delivery: Delivery) -> dict[str, Any]:
        """A webhook by its event and the company that it is about."""
        return {"event": delivery.topic, "account": delivery.account}

    def add_account(self, name: str) -> Account:
        """Add a company."""
        account = Account(hashlib.sha256(f"{len(self.accounts)} {name}".encode()).hexdigest()[:32], name, self.ids)
        self.accounts[account.id] = account
        self.webhooks.watch(account)
        return account

    def account(self, account_id: str | None) -> Account:
        """The company with this id, the first one without. Raises Refusal."""
        if not account_id:
            return next(iter(self.accounts.values()))
        if account_id not in self.accounts:
            raise not_found("conta")
        return self.accounts[account_id]

    def add_product(self, account: Account, sku: str, quantity: Decimal | None = None, **more: object) -> Product:
        """Add a product and, if said, count its units into the default deposit."""
        product = Product(id=next(self.ids), sku=sku, **more)  # type: ignore[arg-type]
        product.included_at = product.changed_at = self.clock.now()
        account.products[product.id] = product
        if product.components:
            account.kits.append(product)
        if quantity is not None:
            account.count(product, quantity)
        return product

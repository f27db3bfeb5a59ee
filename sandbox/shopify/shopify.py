"""The whole of Shopify's state, in one place, under one lock."""

from typing import Any

from sandbox.shopify.cost import Bucket
from sandbox.shopify.issued_tokens import Tokens
from sandbox.shopify.registration import Registration
from sandbox.shopify.shopify_faults import MISBEHAVIOUR
from sandbox.shopify.store import Store
from sandbox.shopify.webhook_sender import Webhooks
from sandbox.stand_in import Memory, Numbers
from sandbox.web import Delivery

DEMO_SHOP = "bazico-demo.myshopify.com"
DEMO_PRODUCTS = {"SKU-BZC-001": ("Camiseta Bázico", 10), "SKU-BZC-002": ("Boné Bázico", 5)}
FIRST_ID = 7_000_000_001


class Shopify(Memory[Registration]):
    """A Shopify with one registered app and some stores, the demo store first."""

    in_books = ("clock", "tokens", "idempotency", "stores", "ids")

    def __init__(self, app: Registration) -> None:
        """Begin with the demo store and its two products."""
        super().__init__(app, MISBEHAVIOUR)
        self.tokens = Tokens(self.clock)
        self.idempotency: dict[tuple[str, str], Any] = {}
        self.stores: dict[str, Store] = {}
        self.url = ""
        self.ids = Numbers(FIRST_ID)
        self.connect()
        demo = self.add_store(DEMO_SHOP)
        for sku, (title, quantity) in DEMO_PRODUCTS.items():
            demo.add_product(title, [{"sku": sku, "quantity": quantity}])

    def connect(self) -> None:
        """Every store's points are full, and a bulk operation that was under way begins again with the next request."""
        self.webhooks = Webhooks(self.app, self.deliveries, self.clock)
        self._buckets: dict[str, Bucket] = {}
        for bulk in (bulk for store in self.stores.values() for bulk in store.bulks.values()):
            bulk.status = "CREATED" if bulk.status == "RUNNING" else bulk.status

    def webhook_record(self, delivery: Delivery) -> dict[str, Any]:
        """A webhook by its topic and its shop, with its headers, which say what the body does not."""
        return {"topic": delivery.topic, "shop": delivery.account, "headers": dict(delivery.headers)}

    def add_store(self, domain: str) -> Store:
        """Add a store in which the app is installed."""
        store = Store(domain, self.clock, self.ids)
        self.stores[domain] = store
        return store

    def bucket(self, store: Store) -> Bucket:
        """The store's points."""
        known = self._buckets.setdefault(
            store.domain, Bucket(self.clock, store.rules.bucket_points, store.rules.restore_points)
        )
        known.size, known.restore = store.rules.bucket_points, store.rules.restore_points
        return known

"""The whole of the stand-in's state, in one place, under one lock."""

import threading
import time
from itertools import count
from typing import Any

from sandbox.shopify.access_tokens import Tokens
from sandbox.shopify.cost import Bucket
from sandbox.shopify.entities import Bulk
from sandbox.shopify.registration import Registration
from sandbox.shopify.store import Store
from sandbox.shopify.webhook_sender import Webhooks
from sandbox.web import Clock, Deliveries, Faults, Journal

DEMO_SHOP = "bazico-demo.myshopify.com"
DEMO_PRODUCTS = {"SKU-BZC-001": ("Camiseta Bázico", 10), "SKU-BZC-002": ("Boné Bázico", 5)}
FIRST_ID = 7_000_000_001


class Shopify:
    """A Shopify with one registered app and some stores, the demo store first."""

    def __init__(self, app: Registration) -> None:
        """Begin with the demo store and its two products."""
        self.app = app
        self.lock = threading.RLock()
        self.clock = Clock()
        self.journal = Journal()
        self.faults = Faults()
        self.deliveries = Deliveries()
        self.webhooks = Webhooks(app, self.deliveries, self.clock)
        self.tokens = Tokens(self.clock)
        self.idempotency: dict[tuple[str, str], Any] = {}
        self.stores: dict[str, Store] = {}
        self.url = ""
        self._ids = count(FIRST_ID)
        self._buckets: dict[str, Bucket] = {}
        demo = self.add_store(DEMO_SHOP)
        for sku, (title, quantity) in DEMO_PRODUCTS.items():
            demo.add_product(title, [{"sku": sku, "quantity": quantity}])

    def add_store(self, domain: str) -> Store:
        """Add a store in which the app is installed."""
        store = Store(domain, self.clock, self._ids)
        self.stores[domain] = store
        return store

    def bucket(self, store: Store) -> Bucket:
        """The store's points."""
        known = self._buckets.setdefault(
            store.domain, Bucket(self.clock, store.rules.bucket_points, store.rules.restore_points)
        )
        known.size, known.restore = store.rules.bucket_points, store.rules.restore_points
        return known

    def run_bulk(self, store: Store, bulk: Bulk) -> None:
        """Carry out a bulk operation beside everything else."""
        threading.Thread(target=self._run_bulk, args=(store, bulk), daemon=True).start()

    def _run_bulk(self, store: Store, bulk: Bulk) -> None:
        from sandbox.shopify.answers import bulk as bulk_answers

        bulk.status = "RUNNING"
        time.sleep(store.rules.bulk_seconds)
        with self.lock:
            bulk_answers.finish(self, store, bulk)

"""What a stand-in keeps, in memory alone and under one lock."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from sandbox.web import Clock, Deliveries, Delivery, Faults, Journal, Misbehaviour

App = TypeVar("App")


class Memory(ABC, Generic[App]):
    """The state that every stand-in has: the registered app, clock, request log, faults, and webhooks on their way."""

    def __init__(self, app: App, misbehaviour: Mapping[str, Misbehaviour]) -> None:
        """Begin well-behaved. `misbehaviour` names each kind of fault and carries it out."""
        self.app = app
        self.misbehaviour = misbehaviour
        self.lock = threading.RLock()
        self.clock = Clock()
        self.journal = Journal()
        self.faults = Faults()
        self.deliveries = Deliveries()

    @abstractmethod
    def webhook_record(self, delivery: Delivery) -> dict[str, Any]:
        """Describe a webhook for the book of webhooks, in the service's own words."""

"""What a stand-in knows, under one lock."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from sandbox.web import Clock, Deliveries, Delivery, Faults, Journal, Misbehaviour


class Registered(Protocol):
    """An app as a service knows it: wherever it is registered, it says where its webhooks go."""

    webhooks_url: str


App = TypeVar("App", bound=Registered)


class Memory(ABC, Generic[App]):
    """The state that every stand-in has: the registered app, clock, request log, faults, and webhooks on their way.

    A subclass names in `in_books` the attributes that it goes on with after a restart.
    """

    in_books: ClassVar[tuple[str, ...]] = ("clock",)

    def __init__(self, app: App, misbehaviour: Mapping[str, Misbehaviour]) -> None:
        """Begin well-behaved. `misbehaviour` names each kind of fault and carries it out."""
        self.app = app
        self.misbehaviour = misbehaviour
        self.lock = threading.RLock()
        self.clock = Clock()
        self.journal = Journal()
        self.faults = Faults()
        self.deliveries = Deliveries()

    def kept(self) -> dict[str, Any]:
        """What goes into the books: the attributes of `in_books`, and the webhooks that nobody has taken yet."""
        return {name: getattr(self, name) for name in self.in_books} | {"untaken": self.deliveries.untaken()}

    def resume(self, kept: Mapping[str, Any]) -> None:
        """Go on from the books. Request log and faults begin anew; webhooks that nobody has taken are sent again."""
        for name in self.in_books:
            setattr(self, name, kept[name])
        self.connect()
        for former in kept["untaken"]:
            # To where the app listens now; how often an earlier process tried does not count.
            url, headers = self.app.webhooks_url, former.headers
            self.deliveries.send(Delivery(url, headers, former.body, former.topic, former.account))

    @abstractmethod
    def connect(self) -> None:
        """Make the parts that are not in the books from those that are."""

    @abstractmethod
    def webhook_record(self, delivery: Delivery) -> dict[str, Any]:
        """Describe a webhook for the book of webhooks, in the service's own words."""

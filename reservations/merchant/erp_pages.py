"""What an ERP shows on the merchant's pages. The stock knows no ERP by name: the ERP's app registers itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from reservations.models import Shop, StockItem


@dataclass(frozen=True, slots=True)
class Connection:
    """How a shop and its ERP stand. ``problem`` is a sentence for the merchant, empty while all is well.

    ``is_read`` says whether the counts that came from it are as fresh as they should be; true where none came.
    """

    is_connected: bool
    read_at: datetime | None = None
    problem: str = ""
    is_read: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that waits for the merchant: a sentence, how many of it, and the page where they decide."""

    sentence: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the set-up guide. ``is_done`` is observed, never ticked by hand."""

    title: str
    sentence: str
    is_done: bool
    address: str
    action: str


@dataclass(frozen=True, slots=True)
class Figure:
    """The ERP's own figure of one SKU, beside ours. ``cause`` says why the two differ, empty where they agree.

    A POST to ``read_address`` makes the ERP read it now; empty where it cannot.
    """

    units: int | None
    read_at: datetime | None
    expected: int | None = None
    cause: str = ""
    read_address: str = ""


class ErpPages(Protocol):
    """What the merchant's pages ask of an ERP. It answers from the database: no call leaves this machine."""

    name: str
    address: str

    def connection(self, shop: Shop) -> Connection:
        """How the shop and its ERP stand now."""

    def decisions(self, shop: Shop) -> Sequence[Decision]:
        """What waits for the merchant."""

    def steps(self, shop: Shop) -> Sequence[Step]:
        """The ERP's own steps of the set-up guide."""

    def figure(self, item: StockItem) -> Figure | None:
        """Its figure of this SKU; None where it does not know the SKU."""


_registered: list[ErpPages] = []


def register(pages: ErpPages) -> None:
    """Add an ERP. Its app calls this once, as it starts; a second call for the same address changes nothing."""
    if all(known.address != pages.address for known in _registered):
        _registered.append(pages)


def registered() -> Sequence[ErpPages]:
    """The ERPs of this installation: none or one."""
    return tuple(_registered)

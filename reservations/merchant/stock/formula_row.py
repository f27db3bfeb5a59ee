"""The numbers of one SKU as a row that adds up, and the ERP's own figure beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from reservations import engine
from reservations.merchant import erp_pages
from reservations.merchant.erp_pages import Figure
from reservations.models import StockItem


@dataclass(frozen=True, slots=True)
class Formula:
    """``on_hand - held - on the way = free``, in units. ``counted_by``: the ERP that knows the SKU, or empty."""

    stock: engine.Stock
    counted_by: str

    @property
    def on_the_way(self) -> int:
        """Units sold that the count surely does not show yet, without their sign."""
        return abs(self.stock.in_flight - self.stock.in_doubt)

    @property
    def comes_back(self) -> bool:
        """Whether more units came back than were sold since the count; the row then adds them."""
        return self.stock.in_flight < self.stock.in_doubt

    @property
    def free(self) -> int:
        """Units free to sell once none is in doubt; less than 0 in a shortfall, or where it sells without stock."""
        return self.stock.available + self.stock.in_doubt

    @property
    def being_confirmed(self) -> int:
        """Of the free units, those that nobody may have until the ERP shows which sales its count knows."""
        return self.free - max(0, self.stock.available) if self.free > 0 else 0

    @property
    def shortfall(self) -> int:
        """By how many units the count is below what was promised, once no unit is in doubt."""
        return 0 if self.stock.sells_without_stock else max(0, -self.free)


@dataclass(frozen=True, slots=True)
class Beside:
    """What an ERP says of the SKU."""

    name: str
    address: str
    figure: Figure


def formula(item: StockItem, known_to: Sequence[Beside]) -> Formula:
    """The numbers of one moment. Dead holds are left out."""
    return Formula(engine.stock(item.shop_id, item.sku), known_to[0].name if known_to else "")


def beside(item: StockItem) -> Sequence[Beside]:
    """The figure of each ERP that knows the SKU."""
    asked = [(pages, pages.figure(item)) for pages in erp_pages.registered()]
    return [Beside(pages.name, pages.address, figure) for pages, figure in asked if figure is not None]

"""The ledger of one SKU or one reservation, newest first; each row says in words who moved it and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reservations.merchant.actors import in_words
from reservations.merchant.order_names import order_names
from reservations.models import MovementKind, Reservation, StockItem, StockMovement
from reservations.shopify.catalogue.missing_links import NO_LINK, had_no_link

SHOWN = 50
# If nothing was held before the payment, a missing pair may be why; a buyer who paid in time had a hold in any case.
_WITHOUT_A_HOLD = {MovementKind.SOLD, MovementKind.SHORTFALL}
# Rows whose reference is an order.
_OF_ORDERS = {
    MovementKind.CONFIRMED,
    MovementKind.SOLD,
    MovementKind.SHORTFALL,
    MovementKind.RESCUED,
    MovementKind.RESERVED,
    MovementKind.EXTENDED,
}
# What an unpaid order did: it held units, or took over its cart's. The reference names the order, not a person.
_BY_UNPAID_ORDERS = {
    MovementKind.RESERVED: gettext_lazy("Reserved for an order that awaits its payment."),
    MovementKind.EXTENDED: gettext_lazy("The cart became an order that awaits its payment: reserved for that order."),
}
_SENTENCES = {
    MovementKind.RESERVED: gettext_lazy("Reserved for a buyer."),
    MovementKind.CHANGED: gettext_lazy("The buyer changed the quantity in the cart."),
    MovementKind.CONFIRMED: gettext_lazy("The buyer paid in time."),
    MovementKind.RELEASED: gettext_lazy("Given back before time was over."),
    MovementKind.EXPIRED: gettext_lazy("Time was over without payment: back on sale."),
    MovementKind.SOLD: gettext_lazy("Paid without a live reservation; a free unit was found."),
    MovementKind.TAKEN_BACK: gettext_lazy("Came back from an order: on sale again."),
    MovementKind.SHORTFALL: gettext_lazy("Paid without a free unit: what the order lacks was noted."),
    MovementKind.RESCUED: gettext_lazy("Came free, and went to an order that had been paid without a unit."),
    MovementKind.SETTLED: gettext_lazy("A person settled missing units with the buyer."),
    MovementKind.EXTENDED: gettext_lazy("A person gave the buyer more time."),
}


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A ledger row, and the sentence that explains it."""

    row: StockMovement
    why: str


def of_item(item: StockItem, before: int | None = None) -> tuple[Sequence[LedgerLine], bool]:
    """Up to SHOWN rows below position `before`, and whether older ones follow."""
    rows = _rows(item.shop_id).filter(stock_item=item.pk)
    # By position and not by time: rows of one transaction share their time.
    if before is not None:
        rows = rows.filter(position__lt=before)
    found = list(rows.order_by("-position")[: SHOWN + 1])
    # One row more than we show says whether older ones follow, without a count over a ledger that only grows.
    return _explained(item.shop_id, found[:SHOWN]), len(found) > SHOWN


def of_reservation(reservation: Reservation) -> Sequence[LedgerLine]:
    """The newest SHOWN rows that a reservation has moved or marked."""
    rows = _rows(reservation.shop_id).filter(reservation_id=reservation.pk)
    return _explained(reservation.shop_id, list(rows.order_by("-position")[:SHOWN]))


def _explained(shop_id: int, rows: Sequence[StockMovement]) -> Sequence[LedgerLine]:
    """The rows of one shop with their sentences, which name orders as Shopify does and people as people."""
    # One query for the page's orders; a reference that is no order known here stands as it was written.
    names = order_names(shop_id, {row.reference for row in rows if row.kind in _OF_ORDERS})
    return [LedgerLine(row, _why(row, names.get(row.reference) or in_words(row.reference))) for row in rows]


def _rows(shop_id: int) -> QuerySet[StockMovement]:
    """The shop's rows, each with `unlinked`: whether no variant at Shopify sold its SKU then."""
    unlinked = had_no_link(sku="stock_item__sku", at="at")
    return StockMovement.objects.filter(shop=shop_id).annotate(unlinked=unlinked)


def _why(row: StockMovement, reference: str) -> str:
    if row.kind == MovementKind.COUNT:
        text = _("Counted; on hand: %(units)d.") % {"units": row.on_hand}
    else:
        is_by_order = row.reference and ":" not in row.reference
        sentences = _SENTENCES | _BY_UNPAID_ORDERS if is_by_order else _SENTENCES
        # Nothing else is sold below zero.
        below_zero = row.kind == MovementKind.SOLD and row.available < 0
        text = (
            _("Paid without a reservation: it sold without stock.")
            if below_zero
            else str(sentences[MovementKind(row.kind)])
        )
    text = f"{text} ({reference})" if reference else text
    return f"{text} {NO_LINK}" if row.kind in _WITHOUT_A_HOLD and getattr(row, "unlinked", False) else text

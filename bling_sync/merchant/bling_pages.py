"""Bling on the merchant's pages: answers from the database alone."""

import math
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bling_sync.models import Cause, Connection, ConnectionState, Difference, Product
from reservations.merchant.erp_pages import Connection as Shown
from reservations.merchant.erp_pages import Decision, Figure, Step
from reservations.models import Shop, StockItem

from . import difference_pages, undecided_pushes
from .connection_summary import connection_of, is_read, last_reading, problems

ADDRESS = "/app/bling/"


class BlingPages:
    """Answers what the merchant's pages ask of an ERP."""

    name = "Bling"
    address = ADDRESS

    def connection(self, shop: Shop) -> Shown:
        """Whether it is connected, when a figure was last read, and the most pressing problem."""
        known = connection_of(shop)
        if known is None:
            return Shown(is_connected=False)
        if known.state == ConnectionState.DISCONNECTED:
            ended = _("Bling is disconnected: no figure is read, and no sale is sent.")
            is_fed = known.imported_at is not None
            return Shown(is_connected=False, problem=ended if is_fed else "", is_read=not is_fed)
        found = problems(known)
        is_connected = known.state == ConnectionState.CONNECTED
        return Shown(is_connected, last_reading(shop.pk), found[0] if found else "", is_read(known))

    def decisions(self, shop: Shop) -> Sequence[Decision]:
        """A lost authorization, lost answers, refusals, orders that nobody finds, and differences."""
        lost = Connection.objects.filter(shop=shop, state=ConnectionState.AUTHORIZATION_LOST).count()
        return [
            Decision(_("Bling no longer accepts our authorization: connect again."), lost, ADDRESS),
            _unknown(undecided_pushes.unknown(shop).count()),
            _failed(undecided_pushes.failed(shop).count()),
            _never_seen(undecided_pushes.never_seen(shop).count()),
            _differing(difference_pages.to_look_at(shop).count()),
        ]

    def steps(self, shop: Shop) -> Sequence[Step]:
        """Connecting, and the first import."""
        known = connection_of(shop)
        connected = known is not None and known.state == ConnectionState.CONNECTED
        return [
            Step(
                title=_("Connect Bling"),
                sentence=_("Bling's quantities come in, and each sale goes back to it once."),
                is_done=connected,
                address=ADDRESS,
                action=_("Connect Bling"),
            ),
            Step(
                title=_("Import the stock from Bling"),
                sentence=_(
                    "First a rehearsal shows what would change and which SKUs do not match; nothing is written."
                ),
                is_done=known is not None and known.imported_at is not None,
                address=ADDRESS,
                action=_("Compare with Bling"),
            ),
        ]

    def figure(self, item: StockItem) -> Figure | None:
        """Bling's whole units of this SKU, and why they differ from what our numbers lead us to expect."""
        product = Product.objects.filter(shop_id=item.shop_id, stock_item=item).first()
        if product is None:
            return None
        # Rounded down: the store sells whole units.
        units = None if product.virtual is None else math.floor(product.virtual)
        # What Bling shows once it has every sale of ours.
        expected = item.on_hand - item.in_flight
        cause = "" if units == expected else _cause(item, product, units)
        return Figure(units, product.read_started_at, expected, cause, read_address=f"{ADDRESS}read/{item.pk}")


def _cause(item: StockItem, product: Product, units: int | None) -> str:
    if units is None or product.missing_since is not None:
        return _("Bling leaves this product out of its answers; the last figure stands.")
    if item.in_flight:
        return str(Cause.IN_FLIGHT.label)
    # A difference from before this reading explains an older figure, not this one.
    last = Difference.objects.filter(shop_id=item.shop_id, stock_item=item).order_by("-seen_at").first()
    if last is not None and last.seen_at >= (product.read_started_at or last.seen_at):
        return last.get_cause_display()
    return _("counted here, not by Bling, since that reading")


def _unknown(count: int) -> Decision:
    text = ngettext(
        "Bling's answer to %(count)d sale was lost: is it in Bling?",
        "Bling's answers to %(count)d sales were lost: are they in Bling?",
        count,
    )
    return Decision(text % {"count": count}, count, ADDRESS)


def _failed(count: int) -> Decision:
    text = ngettext("Bling refused %(count)d sale.", "Bling refused %(count)d sales.", count)
    return Decision(text % {"count": count}, count, ADDRESS)


def _never_seen(count: int) -> Decision:
    text = ngettext(
        "Bling did not import the order of %(count)d sale.",
        "Bling did not import the orders of %(count)d sales.",
        count,
    )
    return Decision(text % {"count": count}, count, ADDRESS)


def _differing(count: int) -> Decision:
    text = ngettext("%(count)d difference to look at.", "%(count)d differences to look at.", count)
    return Decision(text % {"count": count}, count, f"{ADDRESS}differences/")

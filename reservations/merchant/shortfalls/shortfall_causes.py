"""Why a paid order has no unit, in one sentence, as far as our records show it."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reservations.models import Reservation, Shop, ShopifyOrder, Shortfall, ShortfallCause, Status
from reservations.shopify.catalogue.missing_links import NO_LINK, had_no_link

_SENTENCES = {
    ShortfallCause.COUNTED_LOW: gettext_lazy("The count was below what had been promised when it was paid."),
    ShortfallCause.HELD: gettext_lazy("Other carts held the last units when it was paid."),
    ShortfallCause.SOLD_OUT: gettext_lazy("Everything was sold already, here or elsewhere, when it was paid."),
    ShortfallCause.UNKNOWN: gettext_lazy("The cause was not noted at the time."),
}


def causes(shop: Shop, shortfalls: Sequence[Shortfall], orders: Mapping[str, ShopifyOrder]) -> Mapping[int, str]:
    """A sentence for each shortfall, by its key; `orders` are those that Shopify told of, by their id."""
    rows = Shortfall.objects.filter(shop=shop, pk__in=[one.pk for one in shortfalls])
    without = rows.filter(had_no_link(sku="stock_item__sku", at="created_at"))
    unlinked = set(without.values_list("pk", flat=True))
    carts = {order_id: order.cart_token for order_id, order in orders.items() if order.cart_token}
    late = _died_first(shop, set(carts.values()))
    return {
        one.pk: _cause(
            one, was_linked=one.pk not in unlinked, is_late=(carts.get(one.order_id), one.stock_item_id) in late
        )
        for one in shortfalls
    }


def _died_first(shop: Shop, carts: Collection[UUID]) -> set[tuple[UUID | None, int]]:
    """Each cart and stock item whose hold ended without a purchase."""
    ended = Reservation.objects.filter(shop=shop, cart_token__in=carts, status=Status.EXPIRED)
    return set(ended.values_list("cart_token", "stock_item_id"))


def _cause(one: Shortfall, *, was_linked: bool, is_late: bool) -> str:
    # A missing pair comes first: it is the cause behind the others, and the merchant can mend it.
    if not was_linked:
        return str(NO_LINK)
    if is_late:
        return _("Its reservation had ended before the payment came, and others have the units.")
    return str(_SENTENCES[ShortfallCause(one.cause)])

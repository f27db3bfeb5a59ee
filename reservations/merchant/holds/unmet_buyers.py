"""Buyers turned away as they asked for units, counted by SKU, reason and minute."""

from collections.abc import Sequence

from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reservations.models import Refusal, RefusalReason, Shop

from .explanation import clock
from .unmet_line import SHOWN, UNMET_SHOWN, Unmet


def turned_away(shop: Shop) -> tuple[Sequence[Unmet], bool]:
    """The last minutes in which buyers were turned away, up to SHOWN, and whether there are more."""
    rows = Refusal.objects.filter(shop=shop, minute__gt=Now() - UNMET_SHOWN).select_related("stock_item")
    found = list(rows.order_by("-minute", "-pk")[: SHOWN + 1])
    return [
        Unmet(
            f"count-{row.pk}",
            row.stock_item.sku,
            row.stock_item_id,
            row.units,
            row.last_at,
            _why(row),
            attempts=row.refusals,
        )
        for row in found[:SHOWN]
    ], len(found) > SHOWN


def _why(row: Refusal) -> str:
    """The answer that the last of them got."""
    at = clock(row.last_at)
    if row.reason == RefusalReason.CART_LIMIT:
        text = ngettext(
            "At %(at)s one cart could hold at most %(units)d unit of a SKU in this shop.",
            "At %(at)s one cart could hold at most %(units)d units of a SKU in this shop.",
            row.most_units or 0,
        )
        return text % {"at": at, "units": row.most_units or 0}
    if row.reason == RefusalReason.HOLD_LIMIT:
        text = _("At %(at)s a shopper held as much unpaid as this shop lets one hold, or had to wait for a moment.")
        return text % {"at": at}
    if row.available:
        text = ngettext(
            "At %(at)s a cart could have had %(units)d unit at most, fewer than it asked for.",
            "At %(at)s a cart could have had %(units)d units at most, fewer than it asked for.",
            row.available,
        )
        return text % {"at": at, "units": row.available}
    if row.next_release is None:
        text = _("At %(at)s no unit was free and none was reserved that could have come back: the stock had run out.")
        return text % {"at": at}
    text = _(
        "At %(at)s no unit was free: others held or had bought them all, and the first could come back at %(back)s."
    )
    return text % {"at": at, "back": clock(row.next_release)}

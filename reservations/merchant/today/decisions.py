"""What waits for the merchant's decision."""

from collections.abc import Sequence

from django.utils.translation import ngettext

from reservations.merchant import erp_pages
from reservations.merchant.erp_pages import Decision
from reservations.models import Shop, Shortfall

from .numbers import items_in_shortfall


def decisions(shop: Shop) -> Sequence[Decision]:
    """The open decisions, gravest first: paid orders without a unit, counts below what was promised, then the ERP's."""
    from_erp = [found for pages in erp_pages.registered() for found in pages.decisions(shop)]
    return [one for one in (_paid_without_a_unit(shop), _promised_above_the_count(shop), *from_erp) if one.count]


def _paid_without_a_unit(shop: Shop) -> Decision:
    orders = Shortfall.objects.filter(shop=shop, resolved_at=None, quantity__gt=0).count()
    text = ngettext(
        "%(count)d paid item has no unit: find one, or refund the shopper.",
        "%(count)d paid items have no unit: find units, or refund the shoppers.",
        orders,
    )
    return Decision(text % {"count": orders}, orders, "/app/shortfalls/")


def _promised_above_the_count(shop: Shop) -> Decision:
    skus = items_in_shortfall(shop).count()
    text = ngettext(
        "%(count)d SKU was counted lower than what is already promised.",
        "%(count)d SKUs were counted lower than what is already promised.",
        skus,
    )
    return Decision(text % {"count": skus}, skus, "/app/stock/?show=shortfall")

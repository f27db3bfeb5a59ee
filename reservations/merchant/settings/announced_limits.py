"""What shoppers read of the saved limits on a product's page, in the merchant's language."""

from django.utils.translation import gettext as _

from reservations.merchant.grouped import grouped
from reservations.models import Shop, limits_of
from reservations.shopify.limit_notice import notice


def announced(shop: Shop) -> list[str]:
    """The sentences of the theme's block, by the numbers that it is told."""
    told = notice(limits_of(shop, ""))
    numbers = {name: grouped(number) for name, number in told.items() if number is not None}
    sentences = {
        "per_cart": _("Up to %(per_cart)s of this product in a cart."),
        "per_customer": _(
            "Held and not paid yet: up to %(per_customer)s per customer and %(per_address)s per internet address."
        ),
        "anonymous_percent": _(
            "Shoppers who are not signed in hold, all together, up to %(anonymous_percent)s%% of the stock."
        ),
    }
    return [text % numbers for name, text in sentences.items() if name in numbers]

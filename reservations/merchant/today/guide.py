"""The set-up guide. The app observes each step; nobody ticks one by hand."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from reservations.merchant import erp_pages
from reservations.merchant.erp_pages import Step
from reservations.merchant.frame.frame_policy import ADMIN
from reservations.merchant.grouped import grouped
from reservations.merchant.protection import Protection, protection
from reservations.models import Shop, ShopifyInstallation
from reservations.shopify.access.shop_domain import store_name

# The app embed's file in extensions/bazico-theme/blocks.
EMBED = "bazico-hold"


def steps(shop: Shop, installation: ShopifyInstallation | None) -> Sequence[Step]:
    """The steps in their order: the ERP's, then those at Shopify."""
    from_erp = [step for pages in erp_pages.registered() for step in pages.steps(shop)]
    known = protection(shop, installation)
    return [*from_erp, _link_step(known), _embed(shop, known), _validation(shop, known)]


def theme_editor(shop: Shop) -> str:
    """Where the merchant switches the embed on: the shop's own editor, at the app's switch."""
    editor = f"https://{shop.domain}/admin/themes/current/editor?context=apps"
    return f"{editor}&activateAppId={settings.SHOPIFY_API_KEY}/{EMBED}"


def _link_step(known: Protection) -> Step:
    counts = {"linked": grouped(known.linked), "count": grouped(known.skus)}
    some = _("%(linked)s of %(count)s SKUs have a pair.") % counts if known.linked else ""
    rule = _("A product in the store is protected when its SKU is written exactly as in the stock.")
    return Step(
        title=_("Pair the SKUs with Shopify"),
        sentence=f"{some} {rule}".strip(),
        is_done=known.skus > 0 and not known.unlinked,
        address="/app/stock/?show=unlinked",
        action=_("See the SKUs without a pair"),
    )


def _embed(shop: Shop, known: Protection) -> Step:
    return Step(
        title=_("Switch the app on in your theme"),
        sentence=_("With it the unit is held at the moment when the shopper puts it into the cart."),
        is_done=known.theme_is_on,
        address=theme_editor(shop),
        action=_("Open the theme editor"),
    )


def _validation(shop: Shop, known: Protection) -> Step:
    return Step(
        title=_("Switch on the checkout's validation"),
        sentence=_("It is the last gate: no button sells a unit that another cart holds."),
        is_done=known.checkout_is_on,
        address=f"{ADMIN}/store/{store_name(shop.domain)}/settings/checkout",
        action=_("Open the checkout's settings"),
    )

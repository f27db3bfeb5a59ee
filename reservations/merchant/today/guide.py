"""The set-up guide. The app observes each step; nobody ticks one by hand."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from reservations.merchant import erp_pages
from reservations.merchant.erp_pages import Step
from reservations.merchant.frame.frame_policy import ADMIN
from reservations.models import Shop, ShopifyInstallation, SkuLink, StockItem, ValidationState
from reservations.shopify.access.shop_domain import store_name

# The app embed's file in extensions/bazico-theme/blocks.
EMBED = "bazico-hold"


def steps(shop: Shop, installation: ShopifyInstallation | None) -> Sequence[Step]:
    """The steps in their order: the ERP's, then those at Shopify."""
    from_erp = [step for pages in erp_pages.registered() for step in pages.steps(shop)]
    return [*from_erp, _link_step(shop), _embed(shop, installation), _validation(shop, installation)]


def _link_step(shop: Shop) -> Step:
    item = StockItem.objects.filter(shop=shop, sku=OuterRef("sku"))
    return Step(
        title=_("Pair the SKUs with Shopify"),
        sentence=_("A product in the store is protected when its SKU is written exactly as in the stock."),
        is_done=SkuLink.objects.filter(Exists(item), shop=shop).exists(),
        address="/app/stock/?show=unlinked",
        action=_("See the SKUs without a pair"),
    )


def _embed(shop: Shop, installation: ShopifyInstallation | None) -> Step:
    editor = f"https://{shop.domain}/admin/themes/current/editor?context=apps"
    return Step(
        title=_("Switch the app on in your theme"),
        sentence=_("With it the unit is held at the moment when the shopper puts it into the cart."),
        is_done=bool(installation and installation.theme_embed),
        address=f"{editor}&activateAppId={settings.SHOPIFY_API_KEY}/{EMBED}",
        action=_("Open the theme editor"),
    )


def _validation(shop: Shop, installation: ShopifyInstallation | None) -> Step:
    return Step(
        title=_("Switch on the checkout's validation"),
        sentence=_("It is the last gate: no button sells a unit that another cart holds."),
        is_done=installation is not None and installation.validation_state == ValidationState.ON,
        address=f"{ADMIN}/store/{store_name(shop.domain)}/settings/checkout",
        action=_("Open the checkout's settings"),
    )

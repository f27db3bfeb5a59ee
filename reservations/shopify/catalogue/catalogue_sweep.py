"""Find the shops whose catalogue we have to walk through, whatever message got lost."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from reservations.models import CatalogueWalk, InstallationState, ShopifyInstallation, SkuLink
from reservations.models.catalogue_walk import UNFINISHED
from reservations.models.sku_link import UNTOLD


def shops_to_link() -> list[int]:
    """Installed shops whose catalogue we do not know whole, and where nobody has asked for a walk yet.

    We have not read it since the installation, or no webhook has told us whether some of its variants are tracked.
    """
    unread = Q(links_synced_at=None) | Q(links_synced_at__lt=F("installed_at"))
    untold = Exists(SkuLink.objects.filter(UNTOLD, shop=OuterRef("shop_id")))
    return _shop_ids(_installed().filter(unread | Q(untold)).exclude(Exists(_unfinished())))


def shops_to_walk() -> list[int]:
    """Installed shops whose walk is due or under way, unless it failed and waits for its next attempt."""
    ready = Q(retry_at=None) | Q(retry_at__lte=Now())
    return _shop_ids(_installed().filter(Exists(_unfinished().filter(ready))))


def installed_shops() -> list[int]:
    """All shops that have the app."""
    return _shop_ids(_installed())


def _installed() -> QuerySet[ShopifyInstallation]:
    return ShopifyInstallation.objects.filter(state=InstallationState.INSTALLED)


def _unfinished() -> QuerySet[CatalogueWalk]:
    return CatalogueWalk.objects.filter(UNFINISHED, shop=OuterRef("shop_id"))


def _shop_ids(installations: QuerySet[ShopifyInstallation]) -> list[int]:
    return list(installations.order_by("shop_id").values_list("shop_id", flat=True))

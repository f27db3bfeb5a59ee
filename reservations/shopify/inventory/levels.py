"""What Shopify shows for an inventory item, by its own word or after our write."""

from datetime import datetime, timedelta

from django.db.models import Q

from reservations.models import InventoryMode, PublishedLevel, Shop

_A_SECOND = timedelta(seconds=1)


def note_shown(shop_id: int, inventory_item_id: int, location_id: int, available: int | None, at: datetime) -> bool:
    """Note that Shopify shows `available` units as of `at`; False for an echo of our own write, or old news."""
    published = Shop.objects.filter(
        pk=shop_id, inventory_mode=InventoryMode.PUBLISH, inventory_location_id=location_id
    ).exists()
    if not published:
        return False
    level, made = PublishedLevel.objects.get_or_create(
        shop_id=shop_id,
        inventory_item_id=inventory_item_id,
        location_id=location_id,
        defaults={"seen": available, "seen_at": at},
    )
    if made:
        return True
    # Shopify reports whole seconds: news of the very second of our own look or write may be older or newer than that.
    # If the two numbers disagree, the level becomes unknown, and the sweep looks again.
    unclear = PublishedLevel.objects.filter(shop=shop_id, pk=level.pk, seen_at__gte=at, seen_at__lt=at + _A_SECOND)
    if unclear.exclude(seen=available).update(seen=None):
        return True
    newer = Q(seen_at__isnull=True) | Q(seen_at__lt=at)
    rows = PublishedLevel.objects.filter(newer, shop=shop_id, pk=level.pk)
    # Our own write comes back as a webhook that says what we know.
    is_echo = available in (level.seen, level.pending_quantity)
    return rows.update(seen=available, seen_at=at) > 0 and not is_echo

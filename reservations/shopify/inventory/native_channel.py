"""The ERP's own Shopify channel: while it is there, it alone writes the inventory."""

from reservations.models import Shop


def note_native_channel(shop_id: int, *, present: bool) -> None:
    """Note whether the ERP's own channel is there: while it is, this app does not write the shop's inventory."""
    Shop.objects.filter(pk=shop_id).exclude(native_channel=present).update(native_channel=present)

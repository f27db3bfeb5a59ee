"""Whether the ERP has a Shopify channel of its own, which then is the only one to write the inventory."""

from reservations.models import Shop


def note_native_channel(shop_id: int, *, present: bool) -> None:
    """Let this app stop writing the shop's inventory while the ERP's own channel is there, and go on when it is not."""
    Shop.objects.filter(pk=shop_id).exclude(native_channel=present).update(native_channel=present)

"""What follows from events: readings of products, and a look at sales' orders. Never a figure."""

from django.db import transaction
from django.db.models.functions import Now

from bling_sync.models import Connection, WebhookEvent
from bling_sync.outbox import observe
from bling_sync.reconcile import reading_schedule

BATCH = 500


def apply_new(shop_id: int) -> int:
    """Process the shop's new events and return how many there were; safe to repeat."""
    events = list(WebhookEvent.objects.filter(shop_id=shop_id, processed_at__isnull=True).order_by("pk")[:BATCH])
    if not events:
        return 0
    products = sorted({event.product_id for event in events if event.product_id is not None})
    about_orders = [event for event in events if event.event.startswith("order.")]
    # All or nothing: an event that is processed without its readings would be lost.
    with transaction.atomic():
        reading_schedule.request_now(shop_id, products)
        if about_orders:
            ids = [event.bling_order_id for event in about_orders if event.bling_order_id is not None]
            observe.hasten_orders(shop_id, [event.store_number for event in about_orders], ids)
        Connection.objects.filter(shop_id=shop_id).update(event_at=max(event.received_at for event in events))
        rows = WebhookEvent.objects.filter(shop_id=shop_id, pk__in=[event.pk for event in events])
        rows.update(processed_at=Now())
    return len(events)

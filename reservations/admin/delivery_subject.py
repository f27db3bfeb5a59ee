"""What a webhook of Shopify's is about: the number of an order or a product, or the token of a cart."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from reservations.models import WebhookDelivery
from reservations.models.webhook_delivery import SUBJECT, SUBJECT_LENGTH


def about(subjects: Iterable[tuple[int, str]]) -> QuerySet[WebhookDelivery]:
    """The deliveries about these orders and carts, each named with its shop; the index over subjects finds them."""
    wanted = Q(pk__in=[])
    for shop_id, subject in sorted(set(subjects)):
        wanted |= Q(shop=shop_id, subject=subject[:SUBJECT_LENGTH])
    return WebhookDelivery.objects.annotate(subject=SUBJECT).filter(wanted)

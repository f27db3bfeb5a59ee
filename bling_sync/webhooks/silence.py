"""The alarm on silence: after three days of failures Bling switches a resource off until a person switches it on."""

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from bling_sync.models import Connection, Mode, Push, WebhookEvent

# Every movement of ours comes back as an event, within 22 seconds as measured, and so does every order that Bling
# imports by itself. Three that did not, a while ago, are no coincidence.
UNHEARD = 3
AFTER = timedelta(minutes=10)
LOOKED_BACK = timedelta(hours=6)


def is_silent(known: Connection) -> bool:
    """Whether our last sales brought no event at all, so that Bling's webhooks seem to be off."""
    observed = known.mode == Mode.OBSERVE
    old_enough = Push.objects.filter(
        Q(mode=Mode.OBSERVE) if observed else ~Q(mode=Mode.OBSERVE),
        shop_id=known.shop_id,
        carried_by__isnull=True,
        effect_at__lt=Now() - AFTER,
        effect_at__gt=Now() - LOOKED_BACK,
    )
    last = list(old_enough.order_by("-effect_at").values_list("effect_at", flat=True)[:UNHEARD])
    earliest = last[-1] if len(last) == UNHEARD else None
    if earliest is None:
        return False
    # Any event of the kind will do, from a little earlier too: it shows that the webhooks are on.
    speaks = Q(product_id__gt=0) | Q(event__startswith="order.") if observed else Q(product_id__gt=0)
    heard = WebhookEvent.objects.filter(speaks, shop_id=known.shop_id, received_at__gte=earliest - AFTER)
    return not heard.exists()

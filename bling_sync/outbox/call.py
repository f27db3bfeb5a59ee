"""The rows of one call: the push that makes it, and the sales whose units it carries."""

from django.db import transaction
from django.db.models import QuerySet

from bling_sync.models import Push


def carried(push: Push) -> QuerySet[Push]:
    """The sales whose units the push's call carries beside its own."""
    return Push.objects.filter(shop_id=push.shop_id, carried_by=push.pk)


def write(push: Push, own: QuerySet[Push], **changes: object) -> bool:
    """Change the push's row, and those that its call carries with it; False when `own` no longer finds the row."""
    with transaction.atomic():
        # The row that makes the call comes first: its lock keeps everybody else from the rest.
        written = bool(own.update(**changes))
        if written:
            carried(push).update(**changes)
    return written


def write_apart(push: Push, own: QuerySet[Push], **changes: object) -> bool:
    """The same for a call of which Bling did nothing: from now on each row stands by itself."""
    with transaction.atomic():
        written = bool(own.update(carries=0, **changes))
        if written:
            carried(push).update(carried_by=None, **changes)
    return written

"""Writes down what others moved, and names the cause; only a reading that decides tells how much that is."""

from datetime import datetime

from django.db.models.functions import Now

from bling_sync.models import Difference, Product
from bling_sync.resources.balances import Balance
from reservations.engine import Counted

from . import causes, heard_events


def note_difference(product: Product, now: Balance, started: datetime, counted: Counted) -> None:
    """Write down by how much others moved the virtual balance, if this reading has become the base.

    Our own sales are no difference, however late Bling shows them. The shortfall noted beside it leaves out the units
    in doubt.
    """
    since = product.base_at
    product.refresh_from_db(fields=["base_at", "others_virtual", "others_physical"])
    if since is None or product.base_at != started or not product.others_virtual:
        return
    moved = -product.others_virtual
    booked = bool(product.others_physical)
    Difference.objects.create(
        shop_id=product.shop_id,
        stock_item_id=product.stock_item_id or 0,
        cause=causes.cause(heard_events.between(product, since, moved), moved=moved, booked=booked),
        expected=now.virtual - moved,
        bling=now.virtual,
        short=counted.shortfall,
        seen_at=Now(),
    )

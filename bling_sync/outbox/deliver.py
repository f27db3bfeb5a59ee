"""Sending one push: the one call, and its outcome."""

import logging
from collections.abc import Sequence
from functools import partial

from bling_sync import account_setup
from bling_sync.client.bling_api import Bling
from bling_sync.errors import NotApplied, OutcomeUnknown, Refused, ScopeMissing
from bling_sync.models import Connection, Mode, Product, Push, PushKind, PushState
from bling_sync.resources import movements, sales_orders

from . import call, claim, order_account, outcome

logger = logging.getLogger(__name__)

# Until somebody gives the app the right that it lacks.
_SCOPE_SECONDS = 60.0
# Nobody says how long a note in Bling may be; the outbox knows all of a call's sales by its key.
_ORDERS_NAMED = 5


def deliver(known: Connection, push: Push) -> None:
    """Send a claimed push and write down what became of it."""
    try:
        _send(known, push)
    except ScopeMissing as error:
        outcome.not_applied(push, str(error), retry_after=_SCOPE_SECONDS)
    except Refused as error:
        outcome.refused(push, str(error))
    except OutcomeUnknown as error:
        outcome.unknown(push, str(error))
    except NotApplied as error:
        outcome.not_applied(push, str(error), retry_after=error.retry_after)
    else:
        outcome.sent(push)


def _send(known: Connection, push: Push) -> None:
    assert push.product is not None
    assert known.deposit_id is not None
    if push.mode == Mode.ORDER and push.kind == PushKind.SALE:
        _order(known, push, push.product)
        return
    movements.book(
        _bling(known, push),
        product_id=push.product.bling_id,
        deposit_id=known.deposit_id,
        operation=movements.OUT if push.kind == PushKind.SALE else movements.IN,
        units=push.told_units,
        note=note(push, [other.order_id for other in call.carried(push).order_by("pk")]),
    )


def _bling(known: Connection, push: Push) -> Bling:
    return account_setup.bling_of(known, may_write=partial(claim.is_still_mine, push))


def note(push: Push, carried: Sequence[str] = ()) -> str:
    """What a person reads on Bling's stock screen; `carried` has the orders of the other sales in the call."""
    if not carried:
        what = "venda" if push.kind == PushKind.SALE else "devolução"
        order = f", pedido {push.order_id}" if push.order_id else ""
        return f"Bázico: {what}{order} ({push.key})"
    named = [order for order in (push.order_id, *carried) if order]
    shown = named[:_ORDERS_NAMED]
    orders = f", pedidos {', '.join(shown)}" if shown else ""
    more = f" e mais {len(named) - len(shown)}" if len(named) > len(shown) else ""
    return f"Bázico: {len(carried) + 1} vendas{orders}{more} ({push.key})"


def _order(known: Connection, push: Push, product: Product) -> None:
    """A sales order under the push's key, then its launch. Looked for before it is made: Bling takes the key twice."""
    assert known.deposit_id is not None
    bling = _bling(known, push)
    if push.bling_order_id is None:
        # No order can be there before the first attempt, and a search costs one of two requests a second.
        found = sales_orders.find(bling, [str(push.key)]) if push.attempts > 1 else []
        if len(found) > 1:
            raise Refused(409, "TWO_ORDERS", f"Bling has {len(found)} orders with the key {push.key}")
        _remember(push, found[0].id if found else _make(known, push, product))
    assert push.bling_order_id is not None
    try:
        sales_orders.launch(bling, push.bling_order_id, known.deposit_id)
    except Refused as error:
        if not is_launched_already(error):
            raise
        logger.info("bling: shop %s: push %s was launched before", push.shop_id, push.key)


def _make(known: Connection, push: Push, product: Product) -> int:
    bling = _bling(known, push)
    sold = (product.bling_id, product.name, product.price)
    buyer = order_account.counter_of(known, bling)
    try:
        return sales_orders.make(bling, buyer, key=str(push.key), product=sold, units=push.units, note=note(push))
    except Refused:
        order_account.forget_counter(known)
        raise


def _remember(push: Push, order_id: int) -> None:
    """Store the order's id, even if the push was given up for dead meanwhile: else it would be made a second time."""
    push.bling_order_id = order_id
    rows = Push.objects.filter(pk=push.pk, shop_id=push.shop_id, attempts=push.attempts)
    rows.filter(state__in=(PushState.SENDING, PushState.UNKNOWN)).update(bling_order_id=order_id)


def is_launched_already(error: Refused) -> bool:
    """Whether Bling refuses a launch because it has been made."""
    words = str(error).lower()
    return "lançad" in words and "já" in words

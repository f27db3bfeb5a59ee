"""What a sales order does to stock: reserve while it is open, book out when it is launched."""

from collections import defaultdict
from decimal import Decimal

from sandbox.bling.company_account import Account
from sandbox.bling.sales_order import CANCELLED, Order


def place(account: Account, order: Order) -> None:
    """Take a new order in."""
    account.orders[order.id] = order
    match_reservation(account, order)


def change_situation(account: Account, order: Order, situation: int) -> None:
    """Move the order to another situação; the physical balance stays."""
    order.situation = situation
    match_reservation(account, order)


def launch(account: Account, order: Order, deposit_id: int) -> None:
    """Book the order's units out of a deposit; what it reserved is free again."""
    for product_id, quantity in units(account, order).items():
        account.stock.book(account.products[product_id], deposit_id, "S", quantity, f"order:{order.id}")
    order.launched_deposit = deposit_id
    match_reservation(account, order)


def undo_launch(account: Account, order: Order) -> None:
    """Undo the launch."""
    if order.launched_deposit is None:
        return
    deposit_id, order.launched_deposit = order.launched_deposit, None
    for product_id, quantity in units(account, order).items():
        account.stock.book(account.products[product_id], deposit_id, "E", quantity, f"order:{order.id}")
    match_reservation(account, order)


def delete(account: Account, order: Order) -> None:
    """Delete it: it is cancelled, and no longer found."""
    order.deleted = True
    change_situation(account, order, CANCELLED)


def units(account: Account, order: Order) -> dict[int, Decimal]:
    """What the order takes of each product with stock of its own; a kit takes its parts."""
    taken: dict[int, Decimal] = defaultdict(Decimal)
    for item in order.items:
        product = account.products[item.product_id]
        if product.virtual_kit:
            for part in product.components:
                taken[part.product_id] += item.quantity * Decimal(str(part.quantity))
        else:
            taken[product.id] += item.quantity
    return dict(taken)


def match_reservation(account: Account, order: Order) -> None:
    """Make the order reserve exactly what its situação and the account's settings say."""
    wanted = units(account, order) if _reserves(account, order) else {}
    deposit_id = account.default_deposit.id
    for product_id in {*wanted, *order.reserved}:
        change = wanted.get(product_id, Decimal(0)) - order.reserved.get(product_id, Decimal(0))
        if change:
            account.stock.reserve(product_id, deposit_id, change)
    order.reserved = wanted


def _reserves(account: Account, order: Order) -> bool:
    rules = account.behaviour
    open_now = not order.deleted and order.launched_deposit is None
    return rules.reservation and open_now and order.situation in rules.reserving_situations

"""How reservations end: by who held, and an alarm where shoppers hold much and buy little."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models.functions import Now

from reservations.hold_ends import LEAST_UNPAID, HoldEnds, hold_ends
from reservations.models import HeldBy, Reservation, Shop, Status, StockItem
from tests.factories import make_shop, stock_of
from tests.merchant.merchant import Merchant

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def ended(shop: Shop, held_by: str, status: str, count: int, minutes_ago: int = 5) -> None:
    """So many reservations of this kind that have ended."""
    item = StockItem.objects.get(shop=shop)
    at = Now() - timedelta(minutes=minutes_ago)
    Reservation.objects.bulk_create(
        Reservation(
            id=uuid4(), shop=shop, stock_item=item, quantity=1, status=status, held_by=held_by,
            created_at=at - timedelta(minutes=10), expires_at=at, ended_at=at,
        )
        for _ in range(count)
    )  # fmt: skip


def test_only_the_last_hours_ends_count_and_each_shops_own() -> None:
    shop, other = make_shop(), make_shop()
    for one in (shop, other):
        stock_of(one, 5)
    ended(shop, HeldBy.CUSTOMER, Status.CONFIRMED, 2)
    ended(shop, HeldBy.CUSTOMER, Status.RELEASED, 1)
    ended(shop, HeldBy.ANONYMOUS, Status.EXPIRED, 3)
    ended(shop, HeldBy.ANONYMOUS, Status.EXPIRED, 7, minutes_ago=61)
    ended(other, HeldBy.SHOP, Status.EXPIRED, 9)
    assert hold_ends(shop.pk) == [HoldEnds(shop.pk, "anonymous", 0, 3), HoldEnds(shop.pk, "customer", 2, 1)]
    assert {each.shop_id for each in hold_ends()} == {shop.pk, other.pk}


@pytest.mark.parametrize(
    ("held_by", "bought", "unpaid", "alarms"),
    [
        ("anonymous", 0, LEAST_UNPAID, True),
        ("anonymous", 5, 50, True),
        ("anonymous", 6, 50, False),
        ("customer", 0, LEAST_UNPAID - 1, False),
        ("", 0, 5_000, False),
    ],
)
def test_the_alarm_goes_when_shoppers_hold_much_and_buy_little(
    held_by: str, bought: int, unpaid: int, *, alarms: bool
) -> None:
    assert HoldEnds(1, held_by, bought, unpaid).alarms is alarms


def test_the_pages_say_how_reservations_end_and_warn() -> None:
    merchant = Merchant()
    assert "Nenhuma reserva terminou na última hora." in merchant.page("/app/reservations/")
    stock_of(merchant.shop, 5)
    ended(merchant.shop, HeldBy.ANONYMOUS, Status.EXPIRED, LEAST_UNPAID)
    ended(merchant.shop, HeldBy.CUSTOMER, Status.CONFIRMED, 2)
    part = merchant.page("/app/reservations/", part="ends")
    assert "<s-table-cell>50</s-table-cell>" in part and "<s-table-cell>0,0</s-table-cell>" in part
    assert "compradores reservaram muito e compraram pouco" in merchant.page("/app/")

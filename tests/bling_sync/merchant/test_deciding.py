"""What only the merchant can decide: lost answers, refusals, and orders that Bling never imported."""

from datetime import timedelta

import pytest

from bling_sync.merchant import undecided_pushes
from bling_sync.models import Push
from plumbing import database_clock
from tests.bling_sync.world import World
from tests.merchant.merchant import Merchant

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]
PAGE = "/app/bling/"


@pytest.fixture
def imported(company: World) -> World:
    """The merchant's shop, connected and imported."""
    company.connect_and_import("movement")
    return company


def lost(world: World) -> Push:
    """A sale of 2 whose answer was lost, with two readings that leave the question open."""
    push = world.buy(quantity=2)
    now = database_clock.now()
    readings = {"before_physical": 10, "before_at": now, "after_physical": 7, "after_at": now}
    times = {"sending_at": now, "unknown_at": now, "escalated_at": now}
    Push.objects.filter(pk=push.pk).update(state="unknown", attempts=1, **times, **readings)
    push.refresh_from_db()
    return push


def refused(world: World) -> Push:
    """A sale that Bling refused."""
    push = world.buy()
    Push.objects.filter(pk=push.pk).update(state="failed", attempts=1, error="400 VALIDATION_ERROR")
    push.refresh_from_db()
    return push


def decide(merchant: Merchant, push: Push, answer: str) -> int:
    """Decide as the merchant; returns the answer's status."""
    return int(merchant.post(f"{PAGE}pushes/{push.pk}/decided", answer=answer).status_code)


def test_both_readings_and_both_consequences_are_before_the_merchant(merchant: Merchant, imported: World) -> None:
    push = lost(imported)
    part = merchant.page(PAGE, part="waiting")
    assert part.index("Saldo antes") < part.index("10 un.") < part.index("Saldo depois") < part.index("7 un.")
    # Bling's balance with these 2 units booked; somebody else took the third.
    assert part.index("Se estiver no Bling e nada mais tiver mudado") < part.index("8 un.")
    assert "serão vendidas uma segunda vez" in part
    assert "lança duas vezes" in part
    assert str(push.key) in part


def test_sales_that_went_in_one_call_are_one_question(merchant: Merchant, imported: World) -> None:
    push, other = lost(imported), lost(imported)
    Push.objects.filter(pk=push.pk).update(carries=2)
    Push.objects.filter(pk=other.pk).update(carried_by=push.pk)
    part = merchant.page(PAGE, part="waiting")
    assert "4 unidades" in part
    assert "e mais 1 venda" in part
    assert str(other.key) not in part
    assert decide(merchant, push, "in_bling") == 200
    assert imported.states() == {"sent": 2}


def test_units_that_are_in_bling_are_known_by_the_merchants_word(merchant: Merchant, imported: World) -> None:
    push = lost(imported)
    assert decide(merchant, push, "in_bling") == 200
    push.refresh_from_db()
    assert (push.state, push.evidence, push.error) == ("sent", "merchant", "decided by shopify:42")
    assert "Para você decidir" not in merchant.page(PAGE)


def test_units_that_are_not_in_bling_are_sent_once_more(merchant: Merchant, imported: World) -> None:
    push = lost(imported)
    assert decide(merchant, push, "send_again") == 200
    imported.push()
    assert [row["quantity"] for row in imported.movements()] == [2]


def test_a_refusal_is_shown_with_its_reason_and_sent_again(merchant: Merchant, imported: World) -> None:
    push = refused(imported)
    assert "400 VALIDATION_ERROR" in merchant.page(PAGE, part="waiting")
    assert decide(merchant, push, "send_again") == 200
    push.refresh_from_db()
    assert push.state == "pending"


def test_what_has_no_product_in_bling_cannot_be_sent(merchant: Merchant, imported: World) -> None:
    push = refused(imported)
    Push.objects.filter(pk=push.pk).update(product=None)
    assert "Importe do Bling primeiro" in merchant.page(PAGE, part="waiting")
    assert decide(merchant, push, "send_again") == 409
    push.refresh_from_db()
    assert push.state == "failed"


def test_an_order_that_bling_never_imported_is_asked_about_after_a_day(
    merchant: Merchant, imported: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    push = imported.buy()
    Push.objects.filter(pk=push.pk).update(mode="observe")
    assert "Para você decidir" not in merchant.page(PAGE)
    # The database lets nobody make a push older.
    monkeypatch.setattr(undecided_pushes, "NEVER_SEEN_AFTER", timedelta(0))
    assert "crie o pedido no Bling" in merchant.page(PAGE, part="waiting")
    assert decide(merchant, push, "send_again") == 409
    assert decide(merchant, push, "in_bling") == 200


def test_a_second_say_comes_too_late(merchant: Merchant, imported: World) -> None:
    push = lost(imported)
    assert decide(merchant, push, "in_bling") == 200
    assert decide(merchant, push, "send_again") == 404


@pytest.mark.parametrize("answer", ["", "both", "in_bling "])
def test_a_say_that_says_nothing_changes_nothing(merchant: Merchant, imported: World, answer: str) -> None:
    push = lost(imported)
    assert decide(merchant, push, answer) == 409
    push.refresh_from_db()
    assert push.state == "unknown"


def test_what_is_still_being_checked_is_not_asked(merchant: Merchant, imported: World) -> None:
    push = lost(imported)
    Push.objects.filter(pk=push.pk).update(escalated_at=None)
    assert "Para você decidir" not in merchant.page(PAGE)
    assert "com resposta perdida, em verificação" in merchant.page(PAGE, part="outbox")
    assert decide(merchant, push, "in_bling") == 404


def test_another_shops_sale_is_neither_shown_nor_decided(merchant: Merchant, imported: World) -> None:
    push, other = lost(imported), Merchant()
    assert "SKU-BZC-001" not in other.page(PAGE)
    assert decide(other, push, "in_bling") == 404
    push.refresh_from_db()
    assert push.state == "unknown"


def test_the_list_asks_the_same_number_of_queries_for_one_as_for_many(
    merchant: Merchant, imported: World, django_assert_max_num_queries: object
) -> None:
    counts = []
    for _ in range(2):
        lost(imported)
        refused(imported)
        with django_assert_max_num_queries(100) as asked:  # type: ignore[operator]
            merchant.page(PAGE, part="waiting")
        counts.append(len(asked))
    assert counts[0] == counts[1]

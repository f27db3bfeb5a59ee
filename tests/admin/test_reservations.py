"""Reservations in the admin: found by what people have at hand, shown as they are now, released with a reason."""

from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from reservations import engine
from reservations.admin.confirmation import MOST_AT_ONCE
from reservations.models import Reservation, StockMovement
from tests.admin.staff import page, signed_in, text_of
from tests.factories import by_id, hold, make_shop, numbers, outlive, stock_of

pytestmark = pytest.mark.django_db

LIST = page("reservation_changelist")


def ends_of(*holds: engine.Reservation) -> set[str]:
    return {str(known.reservation_id)[-12:] for known in holds}


def shown(text: str) -> set[str]:
    """The ends of the ids that the list shows."""
    return {part[:12] for part in text.split(">…")[1:]}


def release(client: Client, *holds: engine.Reservation, reason: str = "customer gave up", **values: str) -> str:
    """Choose the release for these holds and confirm it."""
    keys = [str(known.reservation_id) for known in holds]
    chosen = {"action": "release", "_selected_action": keys, "confirmed": "yes", "reason": reason, **values}
    return text_of(client.post(LIST, chosen, follow=True))


def test_a_reservation_is_found_by_id_cart_order_and_the_beginning_of_its_sku() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 9, "CUP-BLUE")
    stock_of(shop, 9, "HAT")
    in_cart, sold, other = hold(shop, "CUP-BLUE", cart=cart), hold(shop, "CUP-BLUE"), hold(shop, "HAT")
    engine.confirm(shop.pk, by_id(sold), order_id="gid://shopify/Order/1001")
    client = signed_in()
    searches = {
        str(other.reservation_id): {other},
        str(cart): {in_cart},
        "gid://shopify/Order/1001": {sold},
        "CUP-": {in_cart, sold},
        "1001": set(),
        str(uuid4()): set(),
    }
    for term, found in searches.items():
        assert shown(text_of(client.get(LIST, {"q": term}))) == ends_of(*found), term


def test_a_dead_hold_is_shown_as_expired_before_any_job_has_run() -> None:
    shop = make_shop()
    stock_of(shop, 9)
    dead, live, released = hold(shop), hold(shop), hold(shop)
    outlive(dead)
    engine.release(shop.pk, by_id(released))
    client = signed_in()
    for status, found in {"active": live, "expired": dead, "released": released}.items():
        text = text_of(client.get(LIST, {"status": status}))
        assert shown(text) == ends_of(found)
        assert f'<td class="field-state">{status}</td>' in text
    assert "expired" in text_of(client.get(page("reservation_change", dead.reservation_id)))


def test_a_release_asks_for_a_reason_before_anything_is_given_back() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop, quantity=2)
    client = signed_in()
    chosen = {"action": "release", "_selected_action": [str(held.reservation_id)]}
    assert "2 x SKU-1" in text_of(client.post(LIST, chosen))
    assert "This field is required." in release(client, held, reason=" ")
    assert numbers(shop) == (5, 2, 0)


def test_released_units_go_back_on_sale_and_the_ledger_names_who_and_why() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop, quantity=2)
    text = release(signed_in(username="ana.souza"), held)
    assert "1 reservation was released." in text
    assert numbers(shop) == (5, 0, 0)
    last = StockMovement.objects.latest("id")
    assert (last.kind, last.reference) == ("released", "customer gave up (admin: ana.souza)")
    assert LogEntry.objects.get().object_id == str(held.reservation_id)
    assert engine.audit(shop.pk) == []


def test_the_longest_name_and_reason_fit_into_the_ledger() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    release(signed_in(username="n" * 150), hold(shop), reason="r" * 90)
    assert numbers(shop) == (5, 0, 0)


def test_a_hold_that_has_ended_does_not_stand_in_the_others_way() -> None:
    shop = make_shop()
    stock_of(shop, 9)
    live, dead, sold = hold(shop), hold(shop), hold(shop)
    outlive(dead)
    engine.confirm(shop.pk, by_id(sold))
    text = release(signed_in(), live, dead, sold)
    assert "1 reservation was released." in text
    assert f"{dead.reservation_id}&#x27; has expired." in text
    assert f"{sold.reservation_id}&#x27; was confirmed before." in text
    assert Reservation.objects.get(pk=sold.reservation_id).status == "confirmed"
    assert engine.audit(shop.pk) == []


def test_holds_of_several_shops_are_released_in_one_go() -> None:
    holds = []
    for _ in range(2):
        shop = make_shop()
        stock_of(shop, 5)
        holds.append(hold(shop))
    assert "2 reservations were released." in release(signed_in(), *holds)


def test_more_holds_than_a_person_can_judge_are_refused_whole() -> None:
    shop, many = make_shop(), MOST_AT_ONCE + 1
    stock_of(shop, many)
    assert f"Choose at most {MOST_AT_ONCE} rows" in release(signed_in(), *(hold(shop) for _ in range(many)))
    assert numbers(shop) == (many, many, 0)


def test_a_hold_is_extended_after_a_question_up_to_the_ceiling() -> None:
    shop = make_shop(hold_seconds=60, hold_ceiling_seconds=90)
    stock_of(shop, 5)
    live, dead = hold(shop), hold(shop)
    outlive(dead)
    client, keys = signed_in(), [str(known.reservation_id) for known in (live, dead)]
    chosen: dict[str, object] = {"action": "extend", "_selected_action": keys}
    assert "One that is dead stays dead." in text_of(client.post(LIST, chosen))
    assert engine.reservation(shop.pk, live.reservation_id).expires_at == live.expires_at
    text = text_of(client.post(LIST, chosen | {"confirmed": "yes"}, follow=True))
    assert "1 reservation was extended." in text
    assert f"{dead.reservation_id}&#x27; has expired." in text
    life = engine.reservation(shop.pk, live.reservation_id).expires_at - live.created_at
    assert 60 < life.total_seconds() <= 90
    assert StockMovement.objects.filter(shop=shop, kind="extended").values_list("reference", flat=True).get() == (
        "admin: ana: +30 s"
    )


def test_staff_without_the_right_to_release_may_only_look() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop)
    client = signed_in("view_reservation")
    assert "Release the selected" not in text_of(client.get(LIST))
    release(client, held)
    assert numbers(shop) == (5, 1, 0)
    assert "Release the selected" in text_of(
        signed_in("view_reservation", "change_reservation", username="beto").get(LIST)
    )

"""Reservations in a browser: a countdown that reaches zero, a release, ten more minutes, and "por quê?"."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from reservations import engine
from tests.factories import by_id, hold, make_shop, numbers, outlive, stock_of

from .visits import Visits

LIST = "/app/reservations/"


def test_a_countdown_reaches_zero_and_the_hold_leaves_the_list_by_itself(visits: Visits) -> None:
    shop = make_shop(hold_seconds=10)
    stock_of(shop, 1)
    app = visits.admin(shop, LIST)
    hold(shop)
    expect(app.inside.locator("time[data-until]")).to_have_text(re.compile(r"^\d s$"))
    expect(app.inside.get_by_text("Ninguém tem unidades reservadas agora.")).to_be_visible()
    app.inside.get_by_text("Expiradas").click()
    expect(app.inside.get_by_text("SKU-1")).to_be_visible()


def test_a_hold_is_released_with_a_reason_that_its_story_keeps(visits: Visits) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    hold(shop, quantity=2)
    app = visits.admin(shop, LIST)
    app.inside.get_by_text("Liberar …").click()
    app.inside.get_by_label("Motivo").fill("cliente desistiu")
    app.inside.get_by_text("Liberar", exact=True).click()
    expect(app.inside.locator("s-badge")).to_have_text("Liberada")
    expect(app.inside.get_by_label("Motivo")).to_have_count(0)
    expect(app.inside.locator("ol li").first).to_contain_text("cliente desistiu")
    assert numbers(shop) == (5, 0, 0)


def test_a_release_without_a_reason_says_so_beside_the_field(visits: Visits) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop)
    app = visits.admin(shop, f"{LIST}{held.reservation_id}/")
    app.inside.get_by_label("Motivo").fill("   ")
    app.inside.get_by_text("Liberar", exact=True).click()
    expect(app.inside.get_by_text("Diga em até 200 caracteres")).to_be_visible()
    assert numbers(shop) == (5, 1, 0)


def test_ten_more_minutes_are_given_from_the_list_and_seen_there(visits: Visits) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop)
    app = visits.admin(shop, LIST)
    app.inside.get_by_label("Mais dez minutos para SKU-1").click()
    expect(app.inside.locator("time[data-until]")).to_have_text("19 min")
    expect(app.page.get_by_text("Reservada até")).to_be_visible()
    now = engine.reservation(shop.pk, held.reservation_id)
    assert now.expires_at == held.expires_at + timedelta(minutes=10)


def test_more_time_for_a_hold_that_just_died_is_answered_in_a_sentence(visits: Visits) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop)
    app = visits.admin(shop, LIST)
    outlive(held)
    app.inside.get_by_label("Mais dez minutos para SKU-1").click()
    expect(app.inside.locator("s-badge")).to_have_text("Expirada")
    expect(app.inside.get_by_text("e não paga até").first).to_be_visible()
    # It stays on the page; a toast would be gone.
    expect(app.inside.locator("s-banner[tone=critical]")).to_contain_text("Já tinha terminado")


def test_an_explanation_that_is_open_stays_open_while_the_list_refreshes(visits: Visits) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    hold(shop)
    app = visits.admin(shop, LIST)
    app.inside.get_by_text("por quê?").click()
    expect(app.inside.get_by_text("ninguém mais pode comprar")).to_be_visible()
    hold(shop)
    expect(app.inside.locator("details")).to_have_count(2)
    expect(app.inside.get_by_text("ninguém mais pode comprar").first).to_be_visible()


def test_on_a_phone_nothing_scrolls_sideways_in_the_reservations(visits: Visits) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop)
    engine.release(shop.pk, by_id(hold(shop)), reason="um motivo comprido " * 10)
    app = visits.admin(shop, LIST, width=390)
    app.inside.get_by_text("por quê?").click()
    assert app.side_scroll() == 0
    assert visits.admin(shop, f"{LIST}{held.reservation_id}/", width=390).side_scroll() == 0
    assert visits.admin(shop, f"{LIST}?outcome=released", width=390).side_scroll() == 0


def test_the_reservations_are_read_in_english_in_an_english_admin(visits: Visits) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    hold(shop)
    app = visits.admin(shop, LIST, locale="en")
    expect(app.inside.locator("h1")).to_have_text("Reservations")
    app.inside.get_by_text("why?").click()
    expect(app.inside.get_by_text("no one else can buy these units until")).to_be_visible()

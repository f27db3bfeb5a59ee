"""Today in a browser: it refreshes by itself, counts down, and costs nothing while nobody looks."""

import re

from playwright.sync_api import Request, expect

from reservations.models import Shop
from tests.factories import hold, make_shop, stock_of
from tests.support.patience import wait_until

from .visits import App, Visits


def asked(app: App) -> list[str]:
    """The parts that the page asks for from now on."""
    parts: list[str] = []

    def note(request: Request) -> None:
        if part := request.headers.get("bazico-part"):
            parts.append(part)

    app.page.on("request", note)
    return parts


def test_a_reservation_shows_by_itself_and_counts_down_to_its_end(visits: Visits) -> None:
    shop = make_shop(hold_seconds=14)
    stock_of(shop, 1)
    app = visits.admin(shop)
    expect(app.inside.get_by_text("1 SKU, nenhum protegido")).to_be_visible()
    hold(shop)
    expect(app.inside.locator(".numbers div", has_text="reservadas agora")).to_contain_text("1 un.")
    expect(app.inside.locator("time[data-until]")).to_have_text(re.compile(r"^1?\d s$"))
    expect(app.inside.locator("time[data-until]")).to_have_count(0)
    expect(app.inside.locator(".numbers div", has_text="reservadas agora")).to_contain_text("0 un.")


def test_a_page_that_nobody_sees_asks_for_nothing(visits: Visits) -> None:
    shop = make_shop()
    stock_of(shop, 1)
    app = visits.admin(shop)
    app.frame.evaluate("Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })")
    app.page.wait_for_timeout(1_000)
    parts = asked(app)
    app.page.wait_for_timeout(6_500)
    assert parts == []
    app.frame.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    wait_until(lambda: "numbers" in parts, sleep=lambda seconds: app.page.wait_for_timeout(1_000 * seconds))


def test_the_guide_sees_that_the_theme_embed_was_switched_on(visits: Visits) -> None:
    shop = make_shop()
    stock_of(shop, 1)
    app = visits.admin(shop)
    step = app.inside.locator(".guide li", has_text="Ative o app no seu tema")
    expect(step).to_contain_text("Abrir o editor de temas")
    app.page.get_by_label("Embed ligado no tema").check()
    app.page.reload()
    expect(step).to_contain_text("feito")
    expect(app.inside.get_by_text("tema ativo")).to_be_visible()


def test_a_lost_connection_is_said_and_goes_away(visits: Visits) -> None:
    shop = make_shop()
    app = visits.admin(shop)
    app.page.context.set_offline(True)
    expect(app.inside.get_by_text("Sem conexão.")).to_be_visible()
    app.page.context.set_offline(False)
    expect(app.inside.get_by_text("Sem conexão.")).to_be_hidden()


def test_a_service_that_answers_with_errors_is_said_and_goes_away(visits: Visits) -> None:
    app = visits.admin(make_shop())
    said = app.inside.get_by_text("O serviço não está respondendo como deveria.")
    app.page.route("**/app/**", lambda route: route.fulfill(status=503))
    expect(said).to_be_visible()
    app.page.unroute("**/app/**")
    expect(said).to_be_hidden()


def test_a_page_that_is_not_there_is_shown_in_the_frame_with_a_way_back(visits: Visits) -> None:
    shop = make_shop()
    stock_of(shop, 1)
    app = visits.admin(shop, "/app/stock/999999999/")
    expect(app.inside.locator("h1")).to_have_text("Esta página não existe")
    app.inside.get_by_text("Ver todos os SKUs").click()
    expect(app.inside.get_by_text("SKU-1")).to_be_visible()


def test_settings_are_saved_by_shopifys_save_bar(visits: Visits) -> None:
    shop = make_shop()
    app = visits.admin(shop, "/app/settings/")
    app.inside.get_by_label("Uma reserva vale por").fill("15")
    app.page.locator("#keep").click()
    expect(app.page.get_by_text("Os ajustes foram salvos.")).to_be_visible()
    assert Shop.objects.get(pk=shop.pk).hold_seconds == 900


def test_a_setting_that_cannot_be_is_explained_beside_its_field(visits: Visits) -> None:
    shop = make_shop()
    app = visits.admin(shop, "/app/settings/", width=390)
    app.inside.get_by_label("Com prorrogações, no máximo").fill("5")
    app.page.locator("#keep").click()
    expect(app.inside.get_by_text("O teto não pode ser menor que a duração da reserva.")).to_be_visible()
    expect(app.inside.get_by_label("Com prorrogações, no máximo")).to_have_value("5")
    assert Shop.objects.get(pk=shop.pk).hold_ceiling_seconds == 3_600


def test_a_mistake_that_a_browser_would_stop_is_explained_beside_its_field_too(visits: Visits) -> None:
    app = visits.admin(make_shop(), "/app/settings/")
    app.inside.get_by_label("Máximo de um SKU por carrinho").fill("0")
    app.page.locator("#keep").click()
    expect(app.inside.get_by_text("Escreva um número inteiro de unidades, de 1 a 1.000.000")).to_be_visible()


def test_the_pages_are_english_in_an_english_admin(visits: Visits) -> None:
    shop = make_shop()
    stock_of(shop, 1)
    app = visits.admin(shop, locale="en-US")
    expect(app.inside.get_by_text("Set-up guide")).to_be_visible()
    app.page.locator("#menu a", has_text="Settings").click()
    expect(app.inside.get_by_text("Language of these pages")).to_be_visible()

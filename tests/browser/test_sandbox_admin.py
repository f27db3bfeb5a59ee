"""The sandbox's stand-in for Shopify's admin: it frames the app, signs its session tokens, and holds its menu."""

from playwright.sync_api import expect

from tests.factories import make_shop, stock_of

from .visits import Visits

FORM = """() => {
    const page = document.getElementById("page");
    page.innerHTML = `<form data-save-bar>
        <s-number-field name="minutes" label="Minutos" value="10"></s-number-field>
    </form><output></output>`;
    page.firstChild.onsubmit = (event) => {
        event.preventDefault();
        page.lastChild.textContent = new FormData(event.target).get("minutes");
    };
}"""


def test_the_app_opens_in_the_admin_of_its_shop(visits: Visits) -> None:
    shop = make_shop()
    app = visits.admin(shop)
    expect(app.inside.locator("s-page")).to_be_visible()
    expect(app.page.locator("#menu a").first).to_have_text("Bázico")
    assert app.frame.evaluate("shopify.config.shop") == shop.domain


def test_a_fetch_of_the_page_carries_a_session_token(visits: Visits) -> None:
    shop = make_shop()
    stock_of(shop, 3)
    app = visits.admin(shop)
    status = "fetch('/app/').then((answer) => answer.status)"
    assert app.frame.evaluate(status) == 200
    assert app.frame.evaluate(f"bazicoBridge.plainFetch{status.removeprefix('fetch')}") == 200
    assert "shopify-reload" in app.frame.evaluate("bazicoBridge.plainFetch('/app/').then((answer) => answer.url)")


def test_an_address_without_a_token_comes_back_with_one(visits: Visits) -> None:
    app = visits.admin(make_shop())
    app.frame.evaluate("location.assign('/app/?page=2')")
    app.frame.wait_for_url("**/app/?page=2&id_token=*")
    expect(app.inside.locator("s-page")).to_be_visible()


def test_a_toast_and_the_save_bar_show_outside_of_the_frame(visits: Visits) -> None:
    app = visits.admin(make_shop())
    app.frame.evaluate("shopify.toast.show('Salvo')")
    expect(app.page.get_by_text("Salvo", exact=True)).to_be_visible()
    app.frame.evaluate(FORM)
    app.inside.get_by_label("Minutos").fill("20")
    app.page.locator("#keep").click()
    expect(app.inside.locator("output")).to_have_text("20")
    expect(app.page.locator("#save")).to_be_hidden()


def test_another_origin_gets_no_session_token(visits: Visits) -> None:
    page = visits.page("/sandbox/admin/")
    answer = page.request.get(f"{visits.service.url}/sandbox/admin/session-token", headers={"Origin": "https://x.test"})
    assert answer.status == 403
    rebound = page.request.get(f"{visits.service.url}/sandbox/admin/", headers={"Host": "evil.example"})
    assert rebound.status == 403


def test_at_the_width_of_a_phone_nothing_scrolls_sideways(visits: Visits) -> None:
    app = visits.admin(make_shop(), width=390)
    assert app.side_scroll() == 0
    assert app.page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0

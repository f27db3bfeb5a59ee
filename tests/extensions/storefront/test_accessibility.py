"""Each state of the storefront: axe finds nothing serious, words are said once, the focus stays, nothing moves."""

from collections.abc import Callable
from importlib.resources import files

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .shop import ThemeShop

Visit = Callable[..., Page]

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
# What assistive technology hears: each change of the live region's words.
HEARD = """window.heard = []; addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
    heard.push(document.getElementById("bazico-text").textContent);
}).observe(document.getElementById("bazico-text"), { childList: true, characterData: true, subtree: true }));"""
STATES = ["nothing", "held", "ending", "kept", "over", "taken", "sold out", "came free", "away"]


def bring(shop: ThemeShop, page: Page, state: str) -> None:
    """Let a shopper get into the state."""
    text = page.locator("#bazico-text")
    if state == "nothing":
        return
    if state in ("ending", "kept", "over"):
        shop.stock.hold_seconds, shop.stock.ceiling_seconds = (6, 1800) if state != "over" else (2, 2)
    if state in ("taken", "sold out", "came free"):
        shop.stock.free["SKU-A"] = 0
        shop.stock.retry_seconds = {"taken": 300, "sold out": None, "came free": 0}[state]
    shop.stock.down = state == "away"
    page.evaluate("add.json('101')")
    if state == "came free":
        shop.stock.free["SKU-A"] = 1
    if state == "kept":
        page.get_by_role("button", name="Manter minha reserva").click()
    said = {
        "ending": "Sua reserva termina",
        "kept": "Reserva mantida até",
        "over": "O tempo da reserva acabou",
        "taken": "Em outros carrinhos até",
        "sold out": "Esgotado",
        "came free": "Ficou livre",
        "away": "Não foi possível consultar",
    }
    if state in said:
        expect(text).to_contain_text(said[state])
    else:
        expect(page.locator("#bazico-clock")).to_be_visible()


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_serious(shop: ThemeShop, shopper: Callable[[], BrowserContext], state: str) -> None:
    shop.theme.closed = True
    page = shopper().new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(shop.url)
    bring(shop, page, state)
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document.getElementById('bazico'))")["violations"]
    assert [(one["id"], one["impact"]) for one in found] == []
    # Nothing of ours is wider than a phone.
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_words_are_said_once_and_politely_and_the_focus_stays_where_it_is(shop: ThemeShop, visit: Visit) -> None:
    shop.theme.before = HEARD
    shop.stock.free["SKU-A"], shop.stock.retry_seconds = 0, None
    page = visit()
    page.locator("[name=quantity]").focus()
    page.evaluate("add.json('101')")
    expect(page.get_by_role("status")).to_have_text("Esgotado.")
    assert page.evaluate("heard") == ["Esgotado."]
    assert page.evaluate("document.activeElement.name") == "quantity"
    # The clock ticks in silence.
    page.evaluate("add.json('102')")
    expect(page.get_by_role("timer")).to_be_visible()
    assert page.locator("#bazico [role=alert], #bazico [aria-live]").count() == 0


def test_the_box_is_worked_by_keyboard_alone_and_gives_the_focus_back(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.hold_seconds = 9
    page = visit()
    page.evaluate("add.json('101')")
    keep = page.get_by_role("button", name="Manter minha reserva")
    expect(keep).to_be_visible()
    page.locator("#native button").focus()
    page.keyboard.press("Tab")
    assert keep.evaluate("(button) => button === document.activeElement")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Reserva mantida até")
    assert page.evaluate("document.activeElement.name") == "add"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Fechar"
    page.keyboard.press("Escape")
    expect(page.locator("#bazico-note")).to_be_hidden()
    assert page.evaluate("document.activeElement.name") == "add"


def test_who_asks_for_less_motion_sees_no_second_tick(shop: ThemeShop, shopper: Callable[[], BrowserContext]) -> None:
    page = shopper().new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto(shop.url)
    page.evaluate("add.json('101')")
    expect(page.get_by_role("timer")).to_be_visible()
    shown = page.inner_text("#bazico-time")
    page.wait_for_timeout(2500)
    assert page.inner_text("#bazico-time") == shown
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("position", ["bottom", "top"])
def test_a_note_that_comes_and_goes_moves_neither_the_page_nor_the_clock(
    shop: ThemeShop, visit: Visit, position: str
) -> None:
    shop.theme.position = position
    page = visit()
    page.evaluate("add.json('101')")
    expect(page.get_by_role("timer")).to_be_visible()
    place = "document.getElementById('bazico-clock').getBoundingClientRect().top"
    before = page.evaluate(place)
    page.evaluate("add.json('101')")
    expect(page.locator("#bazico-note")).to_be_visible()
    assert page.evaluate(place) == before
    note = page.locator("#bazico-note").bounding_box()
    clock = page.locator("#bazico-clock").bounding_box()
    assert note and clock
    assert note["y"] + note["height"] <= clock["y"] or clock["y"] + clock["height"] <= note["y"]

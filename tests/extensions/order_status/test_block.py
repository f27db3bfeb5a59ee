"""What a customer reads on the order-status page, and when the block asks again."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.chromium import running_browser

from .order_page import ORDER, SERVICE, OrderPage, build

URL = "https://shopify.test/orders/1001"
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
# 14:03 in São Paulo.
UNTIL = datetime(2026, 11, 28, 17, 3, tzinfo=UTC)
NOW = UNTIL - timedelta(minutes=20)


class Service:
    """Answers the block as the service does; `standing` None is a service that is down."""

    def __init__(self) -> None:
        self.standing: str | None = "held"
        self.held = 1
        self.asked: list[tuple[str | None, Any]] = []

    def answer(self, route: Route) -> None:
        request = route.request
        self.asked.append((request.headers.get("authorization"), request.post_data_json))
        if self.standing is None:
            route.abort()
            return
        lives = self.standing == "held"
        body = {
            "standing": self.standing,
            "now": NOW.isoformat(),
            "until": UNTIL.isoformat() if lives else None,
            "held": self.held if lives else 0,
        }
        route.fulfill(json=body, headers={"Access-Control-Allow-Origin": "*"})


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build(tmp_path_factory.mktemp("block"))


@pytest.fixture(scope="module")
def browser(script: str) -> Iterator[Browser]:
    with running_browser() as browser:
        yield browser


@pytest.fixture
def service() -> Service:
    return Service()


Opener = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, service: Service, script: str) -> Iterator[Opener]:
    """Opens the page of an order at `NOW`; its clock goes on when a test says so. Fails where a page threw."""
    contexts, errors = [], []

    def opened(**about: Any) -> Page:
        context = browser.new_context(viewport={"width": 390, "height": 844})
        contexts.append(context)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        page = context.new_page()
        page.clock.install(time=NOW)
        context.route(
            URL, lambda route: route.fulfill(body=OrderPage(script, **about).html(), content_type="text/html")
        )
        context.route(f"{SERVICE}/**", service.answer)
        page.goto(URL)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def test_a_customer_reads_until_when_the_unit_is_theirs(opened: Opener, service: Service) -> None:
    banner = opened().get_by_role("status")
    expect(banner).to_contain_text("Sua unidade está reservada até sábado, 28 de novembro às 14:03. Pague até lá")
    expect(banner.get_by_role("heading", name="Reservado para você")).to_be_visible()
    sent = {"order_id": ORDER["id"], "confirmation_number": ORDER["confirmationNumber"]}
    assert service.asked == [("Bearer the customer's token", sent)]


def test_several_units_are_counted(opened: Opener, service: Service) -> None:
    service.held = 3
    expect(opened().get_by_role("status")).to_contain_text("Suas 3 unidades estão reservadas até")


def test_it_reads_in_english_in_the_customers_time_zone(opened: Opener) -> None:
    page = opened(language="en", time_zone="America/New_York")
    expect(page.get_by_role("status")).to_contain_text("Your unit is held until Saturday, November 28 at 12:03")


@pytest.mark.parametrize(
    ("standing", "heading"),
    [
        ("bought", "Unidades garantidas"),
        ("over", "O tempo para pagar acabou"),
        ("short", "Pedido em conferência"),
    ],
)
def test_what_became_of_the_units_is_said_and_not_asked_again(
    opened: Opener, service: Service, standing: str, heading: str
) -> None:
    service.standing = standing
    page = opened()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    page.clock.run_for(600_000)
    assert len(service.asked) == 1


def test_where_nothing_is_to_be_said_the_block_takes_no_room(opened: Opener, service: Service) -> None:
    service.standing = "none"
    page = opened()
    expect(page.locator("#block")).to_be_empty()
    assert page.locator("#block").evaluate("(block) => block.offsetHeight") == 0


def test_a_payment_is_seen_within_a_minute(opened: Opener, service: Service) -> None:
    page = opened()
    expect(page.get_by_role("status")).to_contain_text("reservada")
    service.standing = "bought"
    page.clock.run_for(60_000)
    expect(page.get_by_role("heading", name="Unidades garantidas")).to_be_visible()


def test_an_order_of_which_the_service_has_not_heard_is_asked_about_again_for_a_while(
    opened: Opener, service: Service
) -> None:
    service.standing = "unknown"
    page = opened()
    expect(page.locator("#block")).to_be_empty()
    page.clock.run_for(5_000)
    service.standing = "held"
    page.clock.run_for(10_000)
    expect(page.get_by_role("status")).to_contain_text("reservada")
    endless = opened()
    service.standing = "unknown"
    endless.clock.run_for(600_000)
    assert len(service.asked) <= 20


def test_a_service_that_is_away_leaves_what_was_known(opened: Opener, service: Service) -> None:
    page = opened()
    expect(page.get_by_role("status")).to_contain_text("reservada")
    service.standing = None
    page.clock.run_for(61_000)
    expect(page.get_by_role("status")).to_contain_text("reservada")


def test_without_a_confirmation_number_nothing_is_asked(opened: Opener, service: Service) -> None:
    page = opened(order={"id": ORDER["id"], "name": "#1001"})
    page.clock.run_for(120_000)
    assert service.asked == []


@pytest.mark.parametrize("standing", ["held", "bought", "over", "short"])
def test_axe_finds_nothing_and_the_focus_stays_where_it_is(opened: Opener, service: Service, standing: str) -> None:
    page = opened()
    page.get_by_role("button").focus()
    service.standing = standing
    page.clock.run_for(60_000)
    expect(page.get_by_role("status")).to_be_visible()
    assert page.evaluate("document.activeElement.textContent") == "Comprar de novo"
    page.evaluate(AXE)
    assert page.evaluate("() => axe.run()")["violations"] == []

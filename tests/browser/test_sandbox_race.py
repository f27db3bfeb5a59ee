"""The newcomer's first minute: Ana and Beto, then fifty buyers, want the last unit before their eyes."""

import re
import time

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from reservations import engine
from reservations.api.authentication import CACHE_SECONDS, GRACE_SECONDS
from reservations.models import Reservation, Status
from reservations.new_shop import create_shop
from sandbox.pages.race import SKU
from sandbox.shopify import DEMO_SHOP

from .visits import Visits


@pytest.fixture
def demo_shop(transactional_db: None) -> int:
    """The demo shop, whose key the race uses."""
    # The web processes know the key of the test before for as long as they believe it.
    time.sleep(CACHE_SECONDS + GRACE_SECONDS)
    shop, _ = create_shop(DEMO_SHOP, api_key=settings.DEMO_API_KEY)
    return int(shop.pk)


def race(page: Page, buyers: int) -> None:
    """Press a button and wait for the verdict of this race."""
    with page.expect_response(re.compile("/sandbox/race")):
        page.locator(f"button[data-buyers='{buyers}']").click()
    page.locator("#verdict").wait_for()
    said = page.locator("#result").inner_text()
    assert "A última unidade ficou com um só comprador." in said, said


def test_one_of_two_gets_the_unit_and_the_other_is_told_at_once(demo_shop: int, visits: Visits) -> None:
    page = visits.page("/sandbox/")
    for _ in range(3):
        race(page, 2)
        assert sorted(page.locator(".status strong").all_inner_texts()) == ["200", "409"]
        reservation = Reservation.objects.get(shop=demo_shop, status=Status.ACTIVE)
        expect(page.locator("#ledger tbody tr")).to_have_count(1)
        expect(page.locator("#ledger")).to_contain_text(str(reservation.pk))
        assert '"code": "out_of_stock"' in page.locator(".lost pre").inner_text()


def test_one_of_fifty_gets_the_unit(demo_shop: int, visits: Visits) -> None:
    page = visits.page("/sandbox/")
    race(page, 50)
    expect(page.locator("#result h2").first).to_have_text(re.compile("1 . 200, 49 . 409"))
    expect(page.locator(".crowd .won")).to_have_count(1)
    stock = engine.stock(demo_shop, SKU)
    assert (stock.on_hand, stock.reserved, stock.available) == (1, 1, 0)


def test_the_race_reads_in_english_for_those_who_ask(demo_shop: int, visits: Visits) -> None:
    page = visits.page("/sandbox/", locale="en-US")
    expect(page.get_by_role("button", name="50 buyers, 1 unit")).to_be_visible()
    page.goto(f"{visits.service.url}/sandbox/?locale=pt-BR")
    expect(page.get_by_role("button", name="50 compradores, 1 unidade")).to_be_visible()
    page.goto(f"{visits.service.url}/sandbox/")
    expect(page.get_by_role("button", name="50 compradores, 1 unidade")).to_be_visible()


def test_without_a_demo_shop_the_page_says_how_to_get_one(visits: Visits) -> None:
    page = visits.page("/sandbox/")
    expect(page.get_by_text("bin/dev --reset")).to_be_visible()


def test_another_sites_page_cannot_start_a_race(demo_shop: int, visits: Visits) -> None:
    page = visits.page("/sandbox/")
    address = f"{visits.service.url}/sandbox/race"
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert page.request.post(address, headers=headers).status == 403
    assert not Reservation.objects.filter(shop=demo_shop).exists()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_race_never_scrolls_sideways(demo_shop: int, visits: Visits, width: int) -> None:
    page = visits.page("/sandbox/", width=width)
    race(page, 2)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0

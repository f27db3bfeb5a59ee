"""The Bling page in a browser: connecting, an import with its progress, deciding a lost answer; in both languages."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from bling_sync import shop_work
from bling_sync.client import redis_slots
from bling_sync.models import Push, PushState
from plumbing import database_clock
from reservations.models import Shop
from tests.bling_sync.world import FIRST, World
from tests.factories import make_shop

from .visits import Visits

PAGE = "/app/bling/"


@pytest.fixture
def world(visits: Visits, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> World:
    """A shop, and its company in the service's stand-in; this process is the worker."""
    bling = visits.service.bling
    settings.BLING_API_URL, settings.BLING_AUTHORIZE_URL = bling.api_url, bling.authorize_url
    settings.BLING_SETTLE_SECONDS = 0
    monkeypatch.setattr(redis_slots, "HELD_AFTER_ANSWER_MS", 1)
    bling.control.post("faults/clear")
    bling.control.post("limits", requests_per_second=None, address_blocks=False)
    # Other files' tests use the same stand-in, and leave fewer units there.
    bling.control.post("movements", sku=FIRST, operation="B", quantity=10)
    return World(bling, make_shop())


def work(shop: Shop) -> None:
    """Take the import to its end, as a worker does."""
    while shop_work.go_on_importing(shop.pk):
        pass


def lose_an_answer(world: World) -> Push:
    """Make a sale whose answer is lost, with no evidence of what became of it."""
    push = world.buy()
    now = database_clock.now()
    doubt = {"unknown_at": now, "escalated_at": now, "before_physical": 10, "after_physical": 7, "before_at": now}
    Push.objects.filter(pk=push.pk).update(state=PushState.UNKNOWN, sending_at=now, attempts=1, after_at=now, **doubt)
    return push


def test_bling_is_connected_and_imported_without_a_reload(visits: Visits, world: World, tmp_path: Path) -> None:
    app = visits.admin(world.shop, PAGE)
    with app.page.context.expect_page() as opened:
        app.inside.get_by_role("link", name="Conectar o Bling").click()
    expect(opened.value.get_by_text(world.shop.domain)).to_be_visible()
    opened.value.get_by_role("button", name="Continuar para o Bling").click()
    expect(opened.value.get_by_role("heading", name="O Bling está conectado")).to_be_visible()
    # The first page notices by itself.
    expect(app.inside.get_by_text("Conectado", exact=True)).to_be_visible()
    app.inside.get_by_role("button", name="Comparar com o Bling").click()
    expect(app.inside.get_by_role("progressbar")).to_be_visible()
    work(world.shop)
    expect(app.inside.get_by_text("SKUs que seriam novos")).to_be_visible()
    app.inside.get_by_role("button", name="Aplicar os números do Bling").click()
    expect(app.page.get_by_text("Aplicando os números do Bling.")).to_be_visible()
    work(world.shop)
    expect(app.inside.get_by_text("Desfazer esta importação").first).to_be_visible()
    assert world.stock().on_hand == 10
    with app.page.expect_download() as saved:
        app.inside.get_by_role("button", name="Salvar tudo em CSV").click()
    saved.value.save_as(tmp_path / "lines.csv")
    assert FIRST in (tmp_path / "lines.csv").read_text(encoding="utf-8-sig")


def test_a_lost_answer_is_settled_with_both_readings_before_the_merchant(visits: Visits, world: World) -> None:
    world.connect("movement")
    world.do_import()
    push = lose_an_answer(world)
    app = visits.admin(world.shop, PAGE)
    story = app.inside.locator(f"#push-{push.pk}")
    expect(story).to_contain_text("Saldo antes")
    expect(story).to_contain_text("10 un.")
    expect(story).to_contain_text("7 un.")
    story.get_by_role("button", name="Não está no Bling").click()
    expect(app.page.get_by_text("Será enviada de novo.")).to_be_visible()
    expect(story).to_have_count(0)
    push.refresh_from_db()
    assert push.state == PushState.PENDING


@pytest.mark.parametrize(
    ("locale", "words"), [("pt-BR", "Como as vendas chegam ao Bling"), ("en", "How sales reach Bling")]
)
def test_on_a_phone_every_page_of_bling_stays_within_its_width(
    visits: Visits, world: World, locale: str, words: str
) -> None:
    world.connect("movement")
    run = world.do_import()
    lose_an_answer(world)
    app = visits.admin(world.shop, PAGE, locale=locale, width=390)
    expect(app.inside.get_by_text(words, exact=True)).to_be_visible()
    assert app.side_scroll() == 0
    for path in (f"imports/{run.pk}/?show=new", "settings/", "differences/", "disconnect/"):
        assert visits.admin(world.shop, PAGE + path, locale=locale, width=390).side_scroll() == 0

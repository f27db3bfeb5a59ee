"""The commands, as operators and scripts use them."""

import csv
import json
from pathlib import Path

import pytest
import requests
from django.core.management.base import CommandError
from django.db.models.functions import Now

from bling_sync.models import Connection, ImportRun, Push
from bling_sync.webhooks import silence
from reservations.models import StockItem
from sandbox.bling import RunningStandIn
from tests.bling_sync.world import FIRST, SECOND, World
from tests.factories import make_shop, stock_of
from tests.support.patience import PATIENCE_SECONDS
from tests.support.terminal import in_a_terminal, output_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_bling_connect_prints_an_address_that_connects_the_shop_when_opened(bling: RunningStandIn) -> None:
    shop = make_shop()
    address = output_of("bling_connect", shop.domain).strip()
    assert "state=" in address
    page = requests.get(address, timeout=PATIENCE_SECONDS)
    assert page.status_code == 200
    assert "O Bling está conectado" in page.text
    known = Connection.objects.get(shop=shop)
    assert (known.state, known.mode, len(known.company_id)) == ("connected", "movement", 32)


def test_bling_import_takes_what_the_connected_company_has(bling: RunningStandIn) -> None:
    world = World(bling)
    world.connect()
    printed = output_of("bling_import")
    assert "2  new" in printed
    assert f"{FIRST}: new -> 10" in printed
    assert "Imported 2 products: 2 figures taken, 2 changed." in printed
    assert (world.stock(FIRST).on_hand, world.stock(SECOND).on_hand) == (10, 5)


def test_a_dry_run_shows_the_changes_and_writes_nothing(bling: RunningStandIn) -> None:
    world = World(bling)
    world.connect()
    printed = output_of("bling_import", "--dry-run")
    assert "Would change (Bling -> shop):" in printed
    assert f"{FIRST}: new -> 10" in printed
    assert not StockItem.objects.exists()


def test_an_import_that_cuts_too_much_ends_with_status_three_and_yes_applies_it(bling: RunningStandIn) -> None:
    world = World(bling)
    world.connect()
    stock_of(world.shop, 100, FIRST)
    with pytest.raises(CommandError, match=r"Stopped at the brake\. It would cut 90 of 100 units") as stopped:
        output_of("bling_import")
    assert stopped.value.returncode == 3
    assert world.stock(FIRST).on_hand == 100
    output_of("bling_import", "--yes")
    assert world.stock(FIRST).on_hand == 10


def test_an_import_that_changes_nothing_says_why(world: World) -> None:
    assert "Nothing changed: all 2 figures were already as Bling has them." in output_of("bling_import")


def test_asking_twice_for_an_undo_leaves_the_import_before_it_as_it_is(world: World) -> None:
    world.bling.control.post("movements", sku=FIRST, operation="B", quantity=9)
    world.do_import()
    output_of("bling_import", "--undo")
    with pytest.raises(CommandError, match="has been undone before"):
        output_of("bling_import", "--undo")
    assert world.stock().on_hand == 10


def test_an_import_can_be_undone_and_says_that_readings_pause(world: World) -> None:
    world.bling.control.post("movements", sku=FIRST, operation="B", quantity=8)
    output_of("bling_import")
    assert world.stock().on_hand == 8
    assert "SKUs as before, but for what was sold since: 1." in output_of("bling_import", "--undo")
    assert world.stock().on_hand == 10
    with pytest.raises(CommandError, match="Readings are paused"):
        output_of("bling_reconcile")


def test_the_csv_has_a_row_for_every_product_and_no_formula(bling: RunningStandIn, tmp_path: Path) -> None:
    world = World(bling)
    world.connect()
    bling.control.post("products", sku="=1+1", quantity=1)
    output_of("bling_import", "--dry-run", "--csv", str(tmp_path / "doctor.csv"))
    with (tmp_path / "doctor.csv").open(encoding="utf-8") as file:
        rows = {row["sku"]: row for row in csv.DictReader(file)}
    assert rows.keys() == {FIRST, SECOND, "'=1+1"}
    assert (rows[FIRST]["verdict"], rows[FIRST]["bling"]) == ("new", "10")


def test_bling_status_exits_with_zero_when_nothing_waits(world: World) -> None:
    assert "Nothing waits." in output_of("bling_status")


def test_bling_status_exits_with_three_and_says_since_when_something_waits(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    push = world.buy()
    with pytest.raises(SystemExit) as ended:
        output_of("bling_status", "--json")
    assert ended.value.code == 3
    with pytest.raises(SystemExit):
        output_of("bling_status")
    assert push.state == "pending"


def test_bling_status_for_programs_names_each_reason_with_its_count(world: World) -> None:
    told = json.loads(output_of("bling_status", "--json"))
    assert told["waits"] is False
    assert told["shops"][0]["shop"] == world.shop.domain
    assert told["shops"][0]["waiting"]["pending"] == {"count": 0, "since": None}


def test_bling_reconcile_counts_the_skus_whose_sales_bling_does_not_show(world: World) -> None:
    world.connect("movement")
    world.do_import()
    assert "SKUs with sales on their way to Bling: 0." in output_of("bling_reconcile")
    world.buy()
    assert "SKUs with sales on their way to Bling: 1." in output_of("bling_reconcile")
    world.settle()
    assert "SKUs with sales on their way to Bling: 0." in output_of("bling_reconcile")


def test_bling_reconcile_reads_every_figure_and_names_the_cause_of_a_difference(world: World) -> None:
    world.bling.control.post("movements", sku=FIRST, operation="B", quantity=4)
    world.hear()
    printed = output_of("bling_reconcile")
    assert "Figures read from Bling: 2." in printed
    assert f"{FIRST}: expected 10, Bling has 4: edited in Bling" in printed
    assert world.stock().on_hand == 4


def test_one_sku_can_be_read_now(world: World) -> None:
    world.bling.control.post("movements", sku=FIRST, operation="S", quantity=2)
    world.bling.control.post("movements", sku=SECOND, operation="S", quantity=2)
    assert "Figures read from Bling: 1." in output_of("bling_reconcile", "--sku", FIRST)
    assert (world.stock(FIRST).on_hand, world.stock(SECOND).on_hand) == (8, 5)


def test_the_mode_and_the_deposit_can_be_chosen(world: World) -> None:
    other = world.bling.control.post("deposits", name="Loja física")
    printed = output_of("bling_configure", "--mode", "observe", "--deposit", str(other["id"]), "--brake-percent", "50")
    assert f"-> {other['id']} Loja física" in printed
    known = world.connection
    assert (known.mode, known.mode_reason, known.deposit_id, known.brake_percent) == (
        *("observe", "merchant"),
        *(other["id"], 50),
    )


def test_disconnecting_revokes_the_tokens_and_forgets_them(world: World) -> None:
    assert "Bling has ended the authorization." in output_of("bling_disconnect")
    assert (world.connection.access_token, world.connection.refresh_token) == ("", "")
    assert world.bling.control.get("accounts")["accounts"][0]["authorized"] is False
    world_without = Push.objects.count()
    assert world_without == 0


@pytest.mark.parametrize("command", ["bling_import", "bling_reconcile", "bling_configure", "bling_disconnect"])
def test_a_shop_that_is_not_connected_is_told_how_to_connect(command: str) -> None:
    shop = make_shop()
    ended = in_a_terminal(command)
    assert ended.returncode == 1
    said = ended.stderr.strip().splitlines()
    assert said[-1].endswith(
        f"{shop.domain} is not connected to Bling: bling_connect {shop.domain} prints the address to open."
    )
    assert "Traceback" not in ended.stderr
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("command", ["bling_import", "bling_reconcile"])
def test_a_shop_whose_authorization_is_lost_is_told_to_authorize_again(world: World, command: str) -> None:
    Connection.objects.update(state="authorization_lost")
    with pytest.raises(CommandError, match=f"bling_connect {world.shop.domain}, and authorize again"):
        output_of(command)


def test_bling_status_exits_with_three_when_the_authorization_is_lost(world: World) -> None:
    Connection.objects.update(state="authorization_lost")
    ended = in_a_terminal("bling_status", "--json")
    assert ended.returncode == 3
    told = json.loads(ended.stdout)
    assert (told["waits"], told["shops"][0]["warnings"]) == (True, ["authorization_lost"])


def test_bling_status_without_any_connection_says_so_and_exits_with_zero() -> None:
    ended = in_a_terminal("bling_status")
    assert (ended.returncode, ended.stdout.strip()) == (0, "No shop is connected to Bling.")


def test_bling_status_shows_the_alarm_on_silence_and_the_mode_that_would_fit(world: World) -> None:
    world.bling.control.post("webhooks", lost=1.0)
    for _ in range(silence.UNHEARD):
        world.buy()
        world.push()
    world.read()
    Push.objects.update(effect_at=Now() - silence.AFTER * 2)
    Connection.objects.update(shopify_channel=True, suggested_mode="observe")
    printed = output_of("bling_status")
    assert "! webhooks silent" in printed
    assert f"fits now: bling_configure --shop {world.shop.domain} --mode observe" in printed

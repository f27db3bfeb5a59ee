"""Importing: what is taken, what is left out and why, the brake, and going on after a crash."""

import pytest
from pytest_django import Settings

from bling_sync import shop_work
from bling_sync.catalogue import run as imports
from bling_sync.catalogue import run_report
from bling_sync.catalogue.undo_run import NotUndoable, undo
from bling_sync.errors import NotApplied
from bling_sync.models import ImportRun, LineVerdict, Product, Push
from bling_sync.reconcile import reading_schedule
from bling_sync.resources import products
from reservations import engine
from reservations.models import StockItem, StockMovement
from sandbox.bling import RunningStandIn
from tests.bling_sync.world import FIRST, SECOND, World
from tests.factories import numbers, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def connected(bling: RunningStandIn) -> World:
    """A shop that is connected and has imported nothing."""
    world = World(bling)
    world.connect()
    return world


def add(world: World, **product: object) -> int:
    return int(world.bling.control.post("products", **product)["ids"][0])


def verdicts(run: ImportRun) -> dict[str, str]:
    return dict(run.lines.values_list("sku", "verdict"))


def test_products_with_nothing_left_or_overdrawn_are_imported_too(connected: World) -> None:
    connected.bling.control.post("behaviour", positive_only=True)
    add(connected, sku="EMPTY", quantity=0)
    add(connected, sku="OVERDRAWN", quantity=-3)
    connected.do_import()
    assert numbers(connected.shop, "EMPTY") == (0, 0, 0)
    assert numbers(connected.shop, "OVERDRAWN") == (-3, 0, 0)


def test_the_doctor_gives_each_product_that_is_left_out_its_reason(connected: World) -> None:
    stock_of(connected.shop, 1, "ours-only")
    stock_of(connected.shop, 1, "Case-Matters")
    part = add(connected, sku="PART", quantity=9)
    for product in (
        {"sku": "", "quantity": 1},
        {"sku": "TWIN", "quantity": 1},
        {"sku": "TWIN", "quantity": 1},
        {"sku": "case-matters", "quantity": 1},
        {"sku": " spaced", "quantity": 1},
        {"sku": "KIT", "format": "E", "virtual_kit": True, "components": [{"product_id": part, "quantity": 2}]},
        {"sku": "LOT", "quantity": 1, "lot_controlled": True},
        {"sku": "HALF", "quantity": 1.5},
        {"sku": "PARENT", "format": "V"},
        {"sku": "SERVICE", "type": "S"},
        {"sku": "x" * 300, "quantity": 1},
    ):
        add(connected, **product)
    hidden = add(connected, sku="HIDDEN", quantity=4)
    connected.bling.control.post("behaviour", hidden_products=[hidden])
    found = verdicts(connected.do_import())
    assert found == {
        FIRST: "new",
        SECOND: "new",
        "PART": "new",
        "": "blank",
        "TWIN": "duplicate",
        "case-matters": "similar",
        " spaced": "similar",
        "KIT": "kit",
        "LOT": "lot",
        "HALF": "fractional",
        "PARENT": "parent",
        "SERVICE": "service",
        "x" * 300: "unfit",
        "HIDDEN": "unread",
        "ours-only": "missing",
        "Case-Matters": "missing",
    }
    assert set(StockItem.objects.values_list("sku", flat=True)) == {
        *(FIRST, SECOND, "PART"),
        *("ours-only", "Case-Matters"),
    }


def test_a_kit_that_is_counted_as_a_product_of_its_own_is_imported(connected: World) -> None:
    add(connected, sku="BOXED", format="E", virtual_kit=False, quantity=3)
    connected.do_import()
    assert numbers(connected.shop, "BOXED") == (3, 0, 0)


def test_a_product_that_became_a_kit_is_let_go_by_the_next_import(connected: World) -> None:
    add(connected, sku="SET", quantity=3)
    connected.do_import()
    connected.bling.control.post("products/change", sku="SET", format="E", virtual_kit=True)
    assert verdicts(connected.do_import())["SET"] == "kit"
    connected.read()
    # What could be made of its parts is no count of it.
    assert numbers(connected.shop, "SET") == (3, 0, 0)
    assert Product.objects.get(shop=connected.shop, sku="SET").stock_item is None


def test_a_deleted_twin_does_not_stand_in_the_way_of_the_living_one(connected: World) -> None:
    connected.bling.control.post("products/delete", product_id=add(connected, sku="REBORN", quantity=7))
    add(connected, sku="REBORN", quantity=2)
    connected.do_import()
    assert numbers(connected.shop, "REBORN") == (2, 0, 0)


def test_what_open_orders_reserve_in_bling_is_not_sold(connected: World) -> None:
    connected.bling.control.post("orders", store_number="1", items=[{"sku": FIRST, "quantity": 4}])
    connected.do_import()
    assert connected.stock().on_hand == 6


def test_only_the_chosen_deposit_is_sold(connected: World) -> None:
    other = connected.bling.control.post("deposits", name="Loja física")
    connected.bling.control.post("movements", sku=FIRST, operation="E", quantity=50, deposit_id=other["id"])
    connected.do_import()
    assert connected.stock().on_hand == 10


def test_totals_over_all_deposits_never_pass_for_the_chosen_one(connected: World) -> None:
    other = connected.bling.control.post("deposits", name="Loja física")
    connected.bling.control.post("movements", sku=FIRST, operation="E", quantity=50, deposit_id=other["id"])
    connected.bling.control.post("behaviour", untold_deposits=True)
    connected.do_import()
    assert (connected.stock().on_hand, connected.stock(SECOND).on_hand) == (10, 5)


def test_several_deposits_without_a_default_wait_for_the_merchants_choice(bling: RunningStandIn) -> None:
    deposits = bling.control.get("deposits")["deposits"]
    bling.control.post("deposits/change", id=deposits[0]["id"], default=False)
    bling.control.post("deposits", name="Outro")
    world = World(bling)
    world.connect()
    assert world.connection.deposit_id is None
    with pytest.raises(NotApplied, match="choose one"):
        world.do_import()


def test_every_page_is_read_and_every_balance_in_batches_of_a_hundred(connected: World) -> None:
    connected.bling.control.post("products", products=[{"sku": f"P{n}", "quantity": n} for n in range(250)])
    run = connected.do_import()
    assert (run.read, run.applied, run.changed) == (252, 252, 252)
    assert numbers(connected.shop, "P249") == (249, 0, 0)
    assert len(connected.requests_to("GET /Api/v3/estoques/saldos")) == 3


def test_variations_that_the_list_of_all_leaves_out_are_asked_for_by_kind(connected: World) -> None:
    connected.bling.control.post("behaviour", variations_apart=True, positive_only=True)
    parent = add(connected, sku="SHIRT", format="V")
    for size, quantity in (("S", 3), ("M", 0)):
        add(connected, sku=f"SHIRT-{size}", parent_id=parent, quantity=quantity)
    run = connected.do_import()
    assert verdicts(run) == {FIRST: "new", SECOND: "new", "SHIRT": "parent", "SHIRT-S": "new", "SHIRT-M": "new"}


@pytest.mark.parametrize("added", [100, 250])
def test_products_that_are_added_while_pages_are_read_hide_none_of_the_others(connected: World, added: int) -> None:
    connected.bling.control.post("products", products=[{"sku": f"P{n}", "quantity": 3} for n in range(250)])
    run = imports.begin(connected.connection, dry_run=True)
    imports.step(run, connected.connection)
    connected.bling.control.post("products", products=[{"sku": f"LATE{n}", "quantity": 3} for n in range(added)])
    while shop_work.import_step(run):
        pass
    assert {FIRST, SECOND, *(f"P{n}" for n in range(250))} <= set(verdicts(run))


def test_a_list_that_never_ends_is_left_after_a_while(connected: World, monkeypatch: pytest.MonkeyPatch) -> None:
    connected.bling.control.post("products", products=[{"sku": f"P{n}", "quantity": 3} for n in range(98)])
    monkeypatch.setattr(products, "page", lambda bling, page, listing, always=products.page: always(bling, 1, listing))
    run = connected.do_import(dry_run=True)
    assert (run.state, run.read) == ("rehearsed", 100)


def test_a_run_that_was_cut_off_anywhere_goes_on_where_it_was(connected: World) -> None:
    connected.bling.control.post("products", products=[{"sku": f"P{n}", "quantity": 3} for n in range(150)])
    run = imports.begin(connected.connection)
    steps = 0
    while imports.step(ImportRun.objects.get(pk=run.pk), connected.connection):
        steps += 1
        assert imports.begin(connected.connection) == run
    run.refresh_from_db()
    assert run.state == "applied"
    assert steps > 5
    assert run.applied == 152
    assert StockMovement.objects.filter(kind="count").count() == 152


def test_a_bling_that_fails_in_the_middle_stops_nothing_for_good(connected: World) -> None:
    connected.fault("error_before", on="GET /estoques/saldos", times=3)
    run = imports.begin(connected.connection)
    while run.state == "running":
        shop_work.import_step(run)
        run.refresh_from_db()
        type(connected.connection).objects.update(wait_until=None)
    assert run.state == "applied"


def test_an_import_that_is_made_twice_changes_nothing_the_second_time(connected: World) -> None:
    connected.do_import()
    again = connected.do_import()
    assert (again.applied, again.changed) == (2, 0)
    assert run_report.why_nothing(again) == "Nothing changed: all 2 figures were already as Bling has them."


def test_a_rehearsal_judges_everything_and_writes_no_stock(connected: World) -> None:
    run = connected.do_import(dry_run=True)
    assert run.state == "rehearsed"
    assert run_report.counts(run) == {LineVerdict.NEW: 2}
    assert not StockItem.objects.exists()
    assert not Product.objects.exists()


def test_the_brake_stops_a_run_that_would_empty_the_shop(connected: World) -> None:
    stock_of(connected.shop, 50, FIRST)
    stock_of(connected.shop, 50, SECOND)
    run = connected.do_import()
    assert (run.state, run.units_before, run.units_cut) == ("braked", 100, 85)
    assert connected.stock().on_hand == 50
    assert connected.do_import(consent=True).state == "applied"
    assert connected.stock().on_hand == 10


def test_the_brake_lets_our_own_sales_pass(world: World) -> None:
    world.buy(quantity=8)
    world.push()
    run = world.do_import()
    assert (run.state, run.units_cut) == ("applied", 0)
    assert world.stock().on_hand == 2


def test_the_brake_is_where_the_merchant_set_it(connected: World) -> None:
    stock_of(connected.shop, 12, FIRST)
    stock_of(connected.shop, 5, SECOND)
    type(connected.connection).objects.update(brake_percent=5)
    assert connected.do_import().state == "braked"
    type(connected.connection).objects.update(brake_percent=20)
    assert connected.do_import().state == "applied"


def test_an_undone_import_leaves_the_stock_as_it_was_but_for_later_sales(connected: World) -> None:
    stock_of(connected.shop, 12, FIRST)
    run = connected.do_import()
    connected.buy(quantity=2)
    assert undo(run) == 2
    assert (connected.stock().on_hand, connected.stock().available) == (12, 10)
    assert connected.stock(SECOND).on_hand == 0
    assert engine.audit(connected.shop.pk) == []
    with pytest.raises(NotUndoable):
        undo(run)


def test_readings_pause_after_an_undo_until_the_next_import(connected: World) -> None:
    stock_of(connected.shop, 12, FIRST)
    undo(connected.do_import())
    reading_schedule.request_all(connected.shop.pk)
    shop_work.read_back(connected.shop.pk)
    assert connected.stock().on_hand == 12
    connected.do_import()
    assert connected.stock().on_hand == 10
    assert connected.connection.reading_paused_at is None


def test_a_sale_from_before_the_first_import_reaches_bling_after_it(connected: World) -> None:
    stock_of(connected.shop, 10, FIRST)
    push = connected.buy(quantity=3)
    connected.push()
    assert connected.movements() == []
    connected.do_import()
    assert connected.stock().available == 7
    connected.push()
    assert connected.in_bling() == (7, 7)
    push.refresh_from_db()
    assert push.product == connected.product()


def test_a_sale_of_what_bling_does_not_have_is_nobodys_to_tell(connected: World) -> None:
    stock_of(connected.shop, 5, "ours-only")
    connected.buy("ours-only")
    connected.do_import()
    assert connected.states() == {"cancelled": 1}
    held = engine.reserve(connected.shop.pk, [engine.Line("ours-only", 1)])[0]
    engine.confirm(connected.shop.pk, engine.ByIds((held.reservation_id,)))
    assert Push.objects.count() == 1


def test_a_sku_that_moved_to_another_product_is_read_from_that_one(world: World) -> None:
    world.bling.control.post("products/change", sku=FIRST, new_sku="OLD")
    new = add(world, sku=FIRST, quantity=9)
    world.do_import()
    assert world.product().bling_id == new
    assert world.stock().on_hand == 9
    assert numbers(world.shop, "OLD") == (10, 0, 0)


def test_a_sku_that_was_changed_in_bling_alone_goes_on_under_the_one_that_the_store_has(world: World) -> None:
    world.bling.control.post("products/change", sku=FIRST, new_sku="RENAMED")
    run = world.do_import()
    assert verdicts(run) == {"RENAMED": "renamed", SECOND: "exact"}
    assert run.lines.get(verdict="renamed").resembles == FIRST
    world.bling.control.post("movements", sku="RENAMED", operation="B", quantity=4)
    world.hear()
    world.read()
    assert world.stock().on_hand == 4
    assert not StockItem.objects.filter(sku="RENAMED").exists()


def test_a_sku_that_was_changed_on_both_sides_takes_its_units_along(world: World) -> None:
    stock_of(world.shop, 0, "RENAMED")
    world.buy(quantity=3)
    world.bling.control.post("products/change", sku=FIRST, new_sku="RENAMED")
    assert verdicts(world.do_import(consent=True)) == {"RENAMED": "renamed", SECOND: "exact"}
    assert (world.stock().available, world.stock("RENAMED").available) == (7, 0)
    world.settle()
    assert verdicts(world.do_import(dry_run=True)) == {"RENAMED": "exact", SECOND: "exact", FIRST: "replaced"}
    run = world.do_import(consent=True)
    assert (world.stock().available, world.stock("RENAMED").available) == (0, 7)
    assert run.changed == 2
    undo(run)
    assert world.stock().on_hand == 7


def test_units_that_go_to_another_sku_are_a_cut_that_the_brake_asks_about(world: World) -> None:
    stock_of(world.shop, 0, "RENAMED")
    world.bling.control.post("products/change", sku=FIRST, new_sku="RENAMED")
    run = world.do_import()
    assert (run.state, run.units_cut, run.units_before) == ("braked", 10, 15)


def test_figures_that_waited_too_long_are_read_again_before_they_count(
    connected: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = imports.begin(connected.connection)
    while run.phase != "apply":
        imports.step(run, connected.connection)
    connected.bling.control.post("movements", sku=FIRST, operation="B", quantity=3)
    run.lines.update(read_started_at="2020-01-01T00:00:00Z")
    while imports.step(run, connected.connection):
        pass
    assert connected.stock().on_hand == 3

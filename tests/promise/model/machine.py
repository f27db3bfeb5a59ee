"""Random histories of one shop, given to the engine and the model alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from reservations import engine
from reservations.engine.flash_sale import group_commit, submit
from reservations.models import Shop as ShopRow
from reservations.models import Shortfall
from tests.factories import database_now, make_shop, settle_one
from tests.support.clock import jump

from . import orders, requests
from .budgets import Budgets, Who
from .requests import Request, token
from .shop import Lines, Shop, Target, summed
from .verdict import Judge, Verdict

HOLD_SECONDS, CEILING_SECONDS, MAX_UNITS = 90, 130, 6
# No wait ends near a slot either: of 90 s held it is 65 s, of 105 s 76 s, and from 125 s on a whole hold.
BUDGETS = Budgets(customer=(5, 2), address=(7, 3), anonymous_percent=60, wait_percent=72)
# No multiple of it comes near the end of a hold or a ceiling, so the real clock's drift decides nothing.
SLOT_SECONDS = 35
# The slots in which a count's read started: this one, the last, and the one before.
READ_AGES = (0, 0, 17, 52)
# Until an order's payment is due: for these, too, no slot ends near it.
WAITS = (20, 60, 160)
MORNING = datetime(2026, 11, 27, 8, tzinfo=UTC)
# A cart, or indexes into the list of all reservations so far.
Named = str | list[int]
order = st.sampled_from([*requests.PAID])
wait = st.sampled_from(WAITS)


class ShopMachine(RuleBasedStateMachine):
    """Every operation in any order, with holds that expire, requests in one batch, and keys used again."""

    def __init__(self) -> None:
        super().__init__()
        self.shop = make_shop(
            hold_seconds=HOLD_SECONDS,
            hold_ceiling_seconds=CEILING_SECONDS,
            max_units_per_line=MAX_UNITS,
            units_per_customer=BUDGETS.customer[0],
            holds_per_customer=BUDGETS.customer[1],
            units_per_address=BUDGETS.address[0],
            holds_per_address=BUDGETS.address[1],
            anonymous_percent=BUDGETS.anonymous_percent,
            unpaid_wait_percent=BUDGETS.wait_percent,
        )
        self.model = Shop(HOLD_SECONDS, CEILING_SECONDS, MAX_UNITS)
        self.model.paid = dict(requests.PAID_AT)
        self.model.budgets = BUDGETS
        self.judge = Judge(self.model)
        self.asked: list[Request] = []
        self.told: dict[str, orders.Standing] = {}

    @initialize(of_a=st.integers(3, 12), of_b=st.integers(1, 6))
    def open_the_shop(self, of_a: int, of_b: int) -> None:
        self.count("A", of_a, 0)
        self.count("B", of_b, 0)

    @rule(sku=requests.sku, units=requests.units, cart=requests.cart, key=requests.key, who=requests.who)
    def reserve(self, sku: str, units: int, cart: str | None, key: str | None, who: Who | None = None) -> None:
        self.ask([requests.reserve([(sku, units)], cart, key, who)])

    @rule(lines=requests.lines, cart=requests.cart, key=requests.key, who=requests.who)
    def reserve_a_cart(self, lines: Lines, cart: str | None, key: str | None, who: Who | None) -> None:
        self.ask([requests.reserve(lines, cart, key, who)])

    @rule(
        together=st.lists(st.tuples(requests.lines, requests.cart, requests.key, requests.who), min_size=2, max_size=5)
    )
    def reserve_together(self, together: list[tuple[Lines, str | None, str | None, Who | None]]) -> None:
        self.ask([requests.reserve(*one) for one in together])

    @rule(named=requests.target, order=st.sampled_from(requests.ORDERS), key=requests.key)
    def confirm(self, named: Named, order: str, key: str | None) -> None:
        self.ask([self.end("confirm", named, order, key)])

    @rule(named=requests.target, key=requests.key)
    def release(self, named: Named, key: str | None) -> None:
        self.ask([self.end("release", named, "", key)])

    @rule(named=requests.target, key=requests.key)
    def extend(self, named: Named, key: str | None) -> None:
        self.ask([self.end("extend", named, "", key)])

    @rule(together=st.lists(st.tuples(requests.verb, requests.target, requests.key), min_size=2, max_size=5))
    def end_together(self, together: list[tuple[str, Named, str | None]]) -> None:
        self.ask([self.end(verb, target, "", key) for verb, target, key in together])

    @rule(place=st.sampled_from([0, 0, 1, 2, 3, 4]))
    def ask_again(self, place: int) -> None:
        with_key = [request for request in self.asked if request.key][::-1]
        if with_key:
            self.ask([with_key[place % len(with_key)]])

    @rule(slots=st.sampled_from([1, 2, 2, 2, 3]))
    def let_time_go_by(self, slots: int) -> None:
        self.model.now += slots * SLOT_SECONDS
        jump(self.shop, slots * SLOT_SECONDS)

    @rule(named=requests.target, times=st.integers(1, 3))
    def extend_each_time_just_before_the_end(self, named: Named, times: int) -> None:
        for _ in range(times):
            self.let_time_go_by(2)
            self.ask([self.end("extend", named, "", None)])

    @rule()
    def run_the_expiry_job(self) -> None:
        engine.expire(self.shop.pk)
        self.model.serve(self.model.counted)

    @rule(order=order, out=st.booleans())
    def keep_an_order_out_or_let_it_in(self, order: str, out: bool) -> None:
        changed = engine.keep_out(self.shop.pk, order, by="ana") if out else engine.let_in(self.shop.pk, order)
        assert changed == orders.keep_out(self.model, order, out=out)

    @rule(
        sku=st.sampled_from("AB"),
        lacking=st.tuples(requests.units, requests.units),
        more=requests.units,
        out=st.none() | order,
    )
    def let_a_unit_come_free_while_two_orders_lack_it(
        self, sku: str, lacking: tuple[int, int], more: int, out: str | None
    ) -> None:
        # Chance alone seldom lets both fall short of one SKU.
        for order, units in zip(requests.PAID, lacking, strict=True):
            self.report_a_paid_order(order, [(sku, max(0, self.model.available(sku)) + units)], None, None)
        for order in requests.PAID:
            self.keep_an_order_out_or_let_it_in(order, out=order == out)
        self.count(sku, self.model.counted[sku][0] + more, 0)
        self.reserve(sku, 1, None, None)

    @rule()
    def switch_it_off_or_on(self) -> None:
        self.model.rescues = not self.model.rescues
        ShopRow.objects.filter(pk=self.shop.pk).update(rescue_paid_orders=self.model.rescues)
        engine.rescue(self.shop.pk)
        self.model.serve(self.model.counted)

    @rule(order=order, lines=requests.lines, cart=requests.cart, place=st.none() | requests.place)
    def report_a_paid_order(self, order: str, lines: Lines, cart: str | None, place: int | None) -> None:
        self.settle(self.standing(order, lines, cart, place))

    @rule(order=order, sku=st.sampled_from("AB"), units=requests.units, restocked=st.booleans())
    def report_a_refund(self, order: str, sku: str, units: int, restocked: bool) -> None:
        told = self.told.get(order, orders.Standing(order))
        kept, awaited = told.lines.get(sku, (0, 0))
        awaited = max(0, awaited - units)
        kept = max(awaited, kept - units) if restocked else kept
        self.settle(replace(told, lines={**told.lines, sku: (kept, awaited)}))

    @rule(order=order, lines=requests.lines, cart=requests.cart, place=st.none() | requests.place, wait=wait)
    def report_an_unpaid_order(self, order: str, lines: Lines, cart: str | None, place: int | None, wait: int) -> None:
        self.settle(replace(self.standing(order, lines, cart, place), held_until=self.model.now + wait))
        # Whoever filled its cart may want to give it back, or to have it for longer.
        if cart:
            self.ask([self.end("release" if wait == WAITS[-1] else "extend", cart, "", None)])
        if wait == WAITS[1]:
            self.let_time_go_by(2)

    @rule(order=order, now=st.sampled_from(["as it was", "as it was", "paid", "cancelled"]))
    def report_an_order_again(self, order: str, now: str = "as it was") -> None:
        told = self.told.get(order)
        if told and now == "cancelled":
            told = replace(told, lines=dict.fromkeys(told.lines, (0, 0)))
        if told:
            self.settle(told if now == "as it was" else replace(told, held_until=None))

    @rule(order=order, sku=st.sampled_from("AB"), lacking=requests.units, paid_back=requests.units)
    def pay_back_what_an_order_lacks_before_more_stock_comes(
        self, order: str, sku: str, lacking: int, paid_back: int
    ) -> None:
        # By chance alone these four meet in one history of hundreds.
        self.report_a_paid_order(order, [(sku, max(0, self.model.available(sku)) + lacking)], None, None)
        self.report_a_refund(order, sku, min(lacking, paid_back), restocked=False)
        self.count(sku, 12, 0)
        self.report_an_order_again(order)

    @rule(order=order, sku=st.sampled_from("AB"))
    def resolve_a_shortfall(self, order: str, sku: str) -> None:
        resolved = engine.resolve_shortfall(self.shop.pk, order, sku, by="ana", reason="paid back")
        assert resolved == orders.resolve(self.model, order, sku)

    @rule(sku=st.sampled_from("AB"), units=st.integers(0, 12), age=st.sampled_from(READ_AGES))
    def count(self, sku: str, units: int, age: int) -> None:
        self.model.now += 0.001
        started = database_now() - timedelta(seconds=age) if age else None
        counted = engine.apply_count(self.shop.pk, sku, units, read_started_at=started)
        assert counted.applied == self.model.count(sku, units, self.model.now - age)
        # The count is known before what it frees is given away.
        self.model.now += 0.001
        self.model.serve([sku])

    @invariant()
    def the_stock_is_what_the_model_says(self) -> None:
        for sku in self.model.counted:
            stock = engine.stock(self.shop.pk, sku)
            expected = self.model.counted[sku][0], self.model.reserved(sku), self.model.in_flight(sku)
            assert (stock.on_hand, stock.reserved, stock.in_flight) == expected, sku
            assert (stock.due, stock.available) == (self.model.due(sku), self.model.available(sku) - stock.due), sku

    def teardown(self) -> None:
        for held, reservation_id in self.judge.ids.items():
            hold = engine.reservation(self.shop.pk, reservation_id)
            facts = held.sku, held.quantity, held.status(self.model.now), held.order
            assert (hold.sku, hold.quantity, hold.status, hold.order_id) == facts
        stored = Shortfall.objects.filter(shop=self.shop, quantity__gt=0)
        missing = {(row.order_id, row.stock_item.sku): row.quantity for row in stored.select_related("stock_item")}
        assert missing == {where: units for where, units in self.model.shortfalls.items() if units}
        assert engine.audit(self.shop.pk) == []

    def ask(self, together: list[Request]) -> None:
        """Send one request, or several in one batch; the answers must be those of one after the other."""
        if any(request.verb == "confirm" for request in together):
            self.write_down_what_is_dead()
        self.asked += together
        touched = {sku for request in together for sku in request.touches(self.model)}
        verdicts = [self.expect(request, touched) for request in together]
        commands = [request.to_engine(self.shop.pk) for request in together]
        results = group_commit.execute(commands) if len(commands) > 1 else [submit(commands[0])]
        for request, verdict, result in zip(together, verdicts, results, strict=True):
            self.judge.compare(request, verdict, result)

    def write_down_what_is_dead(self) -> None:
        """A payment makes up for what was written down before it of the same shopper."""
        if any(held.unpaid_at(self.model.now) == held.expires for held in self.model.holds):
            self.run_the_expiry_job()

    def expect(self, request: Request, touched: set[str]) -> Verdict:
        """What the model says; whoever locks a SKU serves those who wait for it, before and after."""
        self.model.serve(touched)
        verdict = self.judge.expect(request)
        self.model.serve(touched)
        return verdict

    def standing(self, order: str, lines: Lines, cart: str | None, place: int | None) -> orders.Standing:
        """An order of these lines, from this cart, with the hold at this place that a line names."""
        holds = [*self.judge.ids][::-1]
        named = holds[place % len(holds)] if holds and place is not None else None
        units = {sku: (units, units) for sku, units in summed(lines).items()}
        return orders.Standing(order, units, cart, named, requests.PAID[order])

    def settle(self, told: orders.Standing) -> None:
        """Tell the engine and the model how an order stands now."""
        self.write_down_what_is_dead()
        if any(self.model.due(sku) for sku in self.model.counted if sku not in told.lines):
            # Whether the order's cart touches that SKU depends on what was written down of its dead holds.
            self.run_the_expiry_job()
        self.model.now += 0.001
        self.told[told.order] = told
        due = told.held_until
        order = engine.Order(
            told.order,
            [engine.OrderLine(sku, *units) for sku, units in told.lines.items()],
            carts=[token(told.cart)] if told.cart else [],
            holds=[self.judge.ids[told.hold]] if told.hold else [],
            aliases=told.aliases,
            paid_at=MORNING + timedelta(minutes=requests.PAID_AT[told.order]),
            held_until=None if due is None else database_now() + timedelta(seconds=due - self.model.now),
        )
        sold = [(line.sku, line.sold, line.shortfall, line.held) for line in settle_one(self.shop.pk, order)]
        assert sold == orders.settle(self.model, told)

    def end(self, verb: str, target: Named, order: str, key: str | None) -> Request:
        """Confirm, release or extend."""
        return requests.end(verb, *self.meaning_of(target), order, key)

    def meaning_of(self, target: Named) -> tuple[Target, engine.Target]:
        """The reservations that a target names, for the model and for the engine."""
        if isinstance(target, str):
            return target, engine.ByCart(token(target))
        holds = [*self.judge.ids][::-1]
        named = [holds[place % len(holds)] if place >= 0 and holds else None for place in target]
        ids = [self.judge.ids[held] if held else token("never was") for held in named]
        return named, engine.ByIds(tuple(ids))

"""The merchant: plays at Shopify's stand-in what becomes of orders and of numbers, and tells the story in words."""

from collections import Counter
from collections.abc import Callable, Sequence

from sandbox.shopify import RunningStandIn, payloads, trade
from sandbox.shopify.entities import DISPOSITIONS, LineItem, Order, Return, ReturnLineItem, Variant
from sandbox.shopify.store import Store

from .buyers import TYPED, Buyers


class Merchant(Buyers):
    """Plays steps; a step for which nothing is there yet does nothing."""

    def __init__(
        self, serving: RunningStandIn, store: Store, count: Callable[[str, int], bool], payments: Sequence[str]
    ) -> None:
        """Counting by hand calls `count` with SKU and difference; False where fewer than no units would be left."""
        super().__init__(serving, store, payments)
        self._count = count
        self.counts_at_shopify = True
        self.changed_the_catalogue = False
        # Units that were counted here and that Shopify does not know of.
        self.counted_here = Counter[str]()

    def pay(self) -> None:
        for order in self._one(lambda order: not order.fully_paid and order.cancelled is None):
            trade.pay(self.shopify, self.store, order)
            self._say(f"{order.name} is paid")

    def let_the_payment_lapse(self) -> None:
        for order in self._one(lambda order: order.payment == "PENDING" and order.cancelled is None):
            payment = self.chance.choice(("EXPIRED", "VOIDED"))
            trade.set_payment(self.shopify, self.store, order, payment)
            self._say(f"the payment of {order.name} is {payment}")

    def fulfil(self) -> None:
        for order in self._one(lambda order: order.cancelled is None and any(self._open(order))):
            lines = [(line, self.chance.randint(1, line.unfulfilled_quantity)) for line in self._open(order)]
            trade.fulfil(self.shopify, self.store, order, lines)
            self._say(f"of {order.name} leave {self._listed(lines)}")

    def refund(self) -> None:
        for order in self._one(lambda order: order.cancelled is None and any(self._refundable(order))):
            line = self.chance.choice(self._refundable(order))
            has_it = line.fulfilled_quantity > 0
            units = self.chance.randint(1, line.fulfilled_quantity if has_it else line.unfulfilled_quantity)
            kind = self.chance.choice(("return" if has_it else "cancel", "no_restock"))
            trade.refund(self.shopify, self.store, order, [(line, units)], kind)
            self._say(f"of {order.name} are refunded {self._listed([(line, units)])}, {kind}")

    def edit(self) -> None:
        for order in self._one(lambda order: order.cancelled is None):
            lines = self._open(order)
            if lines and self.chance.random() < 0.5:
                line = self.chance.choice(lines)
                delta = -self.chance.randint(1, line.unfulfilled_quantity)
                trade.edit(self.shopify, self.store, order, line, delta)
                self._say(f"{order.name} is edited: {delta} {line.sku}")
            else:
                self._add_a_line(order)

    def _add_a_line(self, order: Order) -> None:
        custom = trade.Wanted(None, 1, sku=self.chance.choice(TYPED))
        wanted = [custom] if self.chance.random() < 0.1 else self._wanted(self._place_of(order))
        for one in wanted[:1]:
            known = [line for line in order.lines if line.variant and line.variant is one.variant]
            living = [line for line in known if line.current_quantity]
            target = living[0] if living and self.chance.random() < 0.5 else one
            changed = trade.edit(self.shopify, self.store, order, target, one.quantity)
            new = "" if isinstance(target, LineItem) else ", a new line"
            self._say(f"{order.name} is edited: +{one.quantity} {changed.sku}{new}")

    def cancel(self) -> None:
        for order in self._one(lambda order: order.cancelled is None and not any(self._delivered(order))):
            restock = order.unpaid or self.chance.random() < 0.7
            records = not (order.unpaid and self.chance.random() < 0.4)
            trade.cancel(
                self.shopify, self.store, order, reason="customer", restock=restock, records_refund=records
            )  # fmt: skip
            how = ("restocked" if restock else "not restocked") + ("" if records else ", without a refund")
            self._say(f"{order.name} is cancelled, {how}")

    def open_a_return(self) -> None:
        for order in self._one(lambda order: any(self._returnable(order))):
            lines = [(line, self.chance.randint(1, units)) for line, units in self._returnable(order).items()]
            wanted = self._wanted(self._place_of(order)) if self.chance.random() < 0.5 else []
            exchanges = [(self._given(one), one.quantity) for one in wanted]
            confirms = self.chance.random() < 0.3
            trade.open_return(self.shopify, self.store, order, lines, exchanges, confirms=confirms)
            self._say(
                f"{order.name}: a return of {self._listed(lines)} for {self._exchanged(exchanges)}"
                f"{', confirmed at once' if confirms else ''}"
            )

    def exchange_at_the_till(self) -> None:
        for order in self._one(lambda order: any(self._returnable(order))):
            lines = [(line, self.chance.randint(1, units)) for line, units in self._returnable(order).items()][:1]
            exchanges = [(self._given(one), one.quantity) for one in self._wanted(self._place_of(order))]
            trade.exchange_at_till(self.shopify, self.store, order, lines, exchanges)
            self._say(f"{order.name}: at the till {self._listed(lines)} for {self._exchanged(exchanges)}")

    def process_a_return(self) -> None:
        for made in self._one_return(lambda made: made.status == "OPEN" and any(self._unprocessed(made))):
            rows = [self._processing(line) for line in self._unprocessed(made)]
            trade.process(self.shopify, self.store, made, rows)
            told = "; ".join(f"{dict(row.dispositions)} of {row.line.line.sku}, refund {row.refund}" for row in rows)
            self._say(f"return {made.name} is processed: {told}")

    def dispose(self) -> None:
        for made in self._one_return(lambda made: any(self._in_processing(made))):
            line, units = self.chance.choice(self._in_processing(made))
            kind = self.chance.choice(("RESTOCKED", "NOT_RESTOCKED", "MISSING"))
            units = self.chance.randint(1, units)
            trade.dispose(self.shopify, self.store, made, line, kind, units)
            self._say(f"return {made.name}: {units} {line.line.sku} {kind} after all")

    def pay_a_return_back(self) -> None:
        for made in self._one_return(lambda made: made.status == "OPEN" and any(self._unpaid_back(made))):
            line = self.chance.choice(self._unpaid_back(made))
            units = self.chance.randint(1, line.refundable_quantity)
            kind = self.chance.choice(("return", "no_restock"))
            trade.pay_back(self.shopify, self.store, made, line, kind, units)
            self._say(f"return {made.name}: {units} {line.line.sku} paid back, {kind}")

    def end_a_return(self) -> None:
        for made in self._one_return(lambda made: made.status in ("OPEN", "CLOSED")):
            untouched = not any(line.processed_quantity for line in made.lines)
            confirmed = any(one.line_items for one in made.exchanges)
            ends = ["CLOSED"] if made.status == "OPEN" else ["OPEN"]
            ends += ["CANCELED"] if made.status == "OPEN" and untouched and not confirmed else []
            status = self.chance.choice(ends)
            trade.end(self.shopify, self.store, made, status)
            self._say(f"return {made.name} is {status}")

    def count(self) -> None:
        variant, delta = self.chance.choice(self.variants), self.chance.choice((-1, 1, 2, 5))
        level = self.store.activate(variant.inventory_item, self.home)
        if level.units["available"] + delta < 0 or not self._count(str(variant.sku), delta):
            return
        # Nobody counts at Shopify what it does not track.
        if self.counts_at_shopify and variant.inventory_item.tracked:
            level.units["available"] += delta
            self.store.touch(level)
            self.shopify.webhooks.level(self.store, level)
        else:
            self.counted_here[str(variant.sku)] += delta
        self._say(f"{variant.sku} is counted: {delta:+}")

    def correct_a_number(self) -> None:
        variant, fewer = self.chance.choice(self.variants), self.chance.randint(1, 3)
        level = self.store.activate(variant.inventory_item, self.home)
        # Never upwards: a merchant who does that sells units that nobody has.
        available = level.units["available"] - fewer
        if variant.inventory_item.tracked and available >= 0:
            trade.correct(self.shopify, self.store, level, available)
            self._say(f"{variant.sku} is corrected at Shopify: {available}")

    def let_it_continue(self) -> None:
        variant = self.chance.choice(self.variants)
        if variant.inventory_item.tracked and variant.inventory_policy == "DENY":
            variant.inventory_policy = "CONTINUE"
            self.store.touch(variant, variant.product)
            self.shopify.webhooks.send(self.store, "products/update", payloads.product(variant.product))
            self.changed_the_catalogue = True
            self._say(f"{variant.sku} continues selling from now on")

    def _processing(self, line: ReturnLineItem) -> trade.Processing:
        units = self.chance.randint(1, line.unprocessed_quantity)
        first = self.chance.randint(1, units)
        kinds = self.chance.sample(DISPOSITIONS, 2)
        dispositions = {kinds[0]: first} | ({kinds[1]: units - first} if units > first else {})
        restocked = dispositions == {"RESTOCKED": units}
        refunds = (None, "no_restock", "return") if restocked else (None, "no_restock")
        return trade.Processing(line, dispositions, self.chance.choice(refunds))

    def _one(self, fits: Callable[[Order], bool]) -> list[Order]:
        found = [order for order in self.store.orders.values() if fits(order)]
        return [self.chance.choice(found)] if found else []

    def _one_return(self, fits: Callable[[Return], bool]) -> list[Return]:
        found = [made for made in self.store.returns.values() if fits(made)]
        return [self.chance.choice(found)] if found else []

    def _open(self, order: Order) -> list[LineItem]:
        return [line for line in order.lines if line.unfulfilled_quantity]

    def _delivered(self, order: Order) -> list[LineItem]:
        return [line for line in order.lines if line.fulfilled_quantity]

    def _returnable(self, order: Order) -> dict[LineItem, int]:
        """Units that the customer has and that no return names yet, by line."""
        opened = [made for made in self.store.returns_of(order) if made.status != "CANCELED"]
        named = dict.fromkeys(order.lines, 0)
        for returned in (line for made in opened for line in made.lines):
            named[returned.line] += returned.unprocessed_quantity
        left = {line: line.fulfilled_quantity - named[line] for line in order.lines}
        return {line: units for line, units in left.items() if units > 0}

    def _refundable(self, order: Order) -> list[LineItem]:
        """Lines with units of which no return says what becomes of them."""
        opened = [made for made in self.store.returns_of(order) if made.status != "CANCELED"]
        named = {returned.line for made in opened for returned in made.lines}
        return [line for line in order.lines if line.current_quantity and line not in named]

    def _unprocessed(self, made: Return) -> list[ReturnLineItem]:
        return [line for line in made.lines if min(line.unprocessed_quantity, line.line.fulfilled_quantity) > 0]

    def _unpaid_back(self, made: Return) -> list[ReturnLineItem]:
        return [line for line in made.lines if line.refundable_quantity > 0]

    def _in_processing(self, made: Return) -> list[tuple[ReturnLineItem, int]]:
        reverse = [known for order in made.reverse_orders for known in order.lines]
        found = [
            (line, known.disposed("PROCESSING_REQUIRED"))
            for line in made.lines
            for known in reverse
            if known.fulfillment_line_item is line.fulfillment_line_item
        ]
        return [(line, units) for line, units in found if units]

    def _given(self, wanted: trade.Wanted) -> Variant:
        assert wanted.variant is not None
        return wanted.variant

    def _listed(self, lines: list[tuple[LineItem, int]]) -> str:
        return ", ".join(f"{units} {line.sku}" for line, units in lines)

    def _exchanged(self, exchanges: list[tuple[Variant, int]]) -> str:
        return ", ".join(f"{units} {variant.sku}" for variant, units in exchanges) or "money"

"""What topics that tell about one order have in common: each learns its news alone, or many in one transaction.

Of several about one order, a batch takes the first; the others are for the next one. So each order learns its news one
after the other, as it would from deliveries that come alone.
"""

from collections.abc import Sequence
from functools import partial

from reservations.models import ShopifyOrder
from reservations.shopify.catalogue import line_skus
from reservations.shopify.catalogue.line_skus import ShopifyLine
from reservations.shopify.orders import order_facts, order_query
from reservations.shopify.orders.order_news import News

from .handler import Event, Handler, OrderTopic, Verdict
from .payload_reader import InvalidPayload


def handler_of(topic: OrderTopic) -> Handler:
    """The handler of a topic that tells about one order."""
    fetch = partial(_fetch, topic) if topic.must_ask else None
    return Handler(partial(_apply, topic), fetch, apply_together, topic)


def apply_together(events: Sequence[tuple[Event, Handler]]) -> list[Verdict]:
    """Learn what these events say. Raises what the engine raises."""
    shop = events[0][0].shop
    verdicts = [Verdict.LATER] * len(events)
    topics = [(place, event, handler.order) for place, (event, handler) in enumerate(events) if handler.order]
    told = _news_of(shop.pk, topics, verdicts)
    first: dict[str, int] = {}
    for place, news in told.items():
        first.setdefault(news.order_id, place)
    known = order_facts.known(shop.pk, list(first))
    new = []
    for place, event, topic in topics:
        if place not in told or first[told[place].order_id] != place:
            continue
        news, row = told[place], known.get(told[place].order_id)
        if topic.must_ask and topic.must_ask(event, news, row):
            verdicts[place] = Verdict.ALONE
        elif topic.is_known and topic.is_known(row, news):
            verdicts[place] = Verdict.IGNORED
        else:
            new.append(place)
    learned = order_facts.learn_in_turn(shop, [[told[place]] for place in new])
    for place, changed in zip(new, learned, strict=True):
        verdicts[place] = Verdict.APPLIED if changed else Verdict.IGNORED
    return verdicts


def _apply(topic: OrderTopic, event: Event, fetched: News | None = None) -> bool:
    """Learn what the payload says about the order. Raises InvalidPayload and what the engine raises."""
    told = _news(topic, event)
    if fetched is None and topic.is_known and topic.is_known(_known(event, told), told):
        return False
    return order_facts.learn(event.shop, *[news for news in (told, fetched) if news])


def _fetch(topic: OrderTopic, event: Event) -> News | None:
    """Ask Shopify how the order stands if the topic has to; None where we may not ask. Raises Unreachable."""
    told = _news(topic, event)
    if not (topic.must_ask and topic.must_ask(event, told, _known(event, told))):
        return None
    return order_query.fetch_order_if_allowed(event.shop.pk, told.order_id)


def _news(topic: OrderTopic, event: Event) -> News:
    return topic.news(event, line_skus.name_skus(event.shop.pk, [topic.lines(event)])[0])


def _known(event: Event, told: News) -> ShopifyOrder | None:
    return order_facts.known(event.shop.pk, [told.order_id]).get(told.order_id)


def _news_of(shop_id: int, topics: Sequence[tuple[int, Event, OrderTopic]], verdicts: list[Verdict]) -> dict[int, News]:
    """The news by their place; a malformed payload is for itself."""
    read: list[tuple[int, Event, OrderTopic, Sequence[ShopifyLine]]] = []
    for place, event, topic in topics:
        try:
            read.append((place, event, topic, topic.lines(event)))
        except InvalidPayload:
            verdicts[place] = Verdict.ALONE
    told = {}
    named = line_skus.name_skus(shop_id, [lines for *_, lines in read])
    for (place, event, topic, _), lines in zip(read, named, strict=True):
        try:
            told[place] = topic.news(event, lines)
        except InvalidPayload:
            verdicts[place] = Verdict.ALONE
    return told

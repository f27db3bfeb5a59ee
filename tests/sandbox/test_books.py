"""A stand-in that starts again goes on from its books, also one that was killed."""

import shutil
from pathlib import Path

import pytest

from sandbox import bling as bling_stand_in
from sandbox import shopify as shopify_stand_in
from sandbox.stand_in import books
from tests.sandbox.bling.client import CALLBACK, CLIENT, Client
from tests.sandbox.receiver import receiver
from tests.sandbox.shopify import client as shopify_client

FIRST = "SKU-BZC-001"


def started(file: Path, webhooks_url: str = "") -> bling_stand_in.RunningStandIn:
    """Bling's stand-in, with its books in `file`."""
    serving = bling_stand_in.serve(*CLIENT, CALLBACK, webhooks_url)
    serving.keep_books(file)
    serving.bling.turnstile.limits.requests_per_second = None
    return serving


def killed(file: Path) -> Path:
    """The books as a process leaves them that is killed now."""
    return Path(shutil.copy(file, file.with_suffix(".killed")))


def test_bling_goes_on_with_its_tokens_balances_and_ids(tmp_path: Path) -> None:
    with started(tmp_path / "books") as serving:
        client = Client(serving).connect()
        product = client.products()[FIRST]
        assert client.order(product, 3).status_code == 201
        assert client.move(product, 4).status_code == 201
        left = killed(tmp_path / "books")
        newest = serving.control.post("products", sku="AFTER", quantity=1)["ids"][0]
    with started(left) as again:
        client.serving = again
        assert client.balance(product) == (6, 3)
        assert [row["quantity"] for row in again.control.get("movements")["movements"]][-1] == 4
        assert [row["numeroLoja"] for row in client.get("/pedidos/vendas", **{"numerosLojas[]": ["1001"]})] == ["1001"]
        assert again.control.post("products", sku="AFTER", quantity=1)["ids"][0] == newest
        assert client.move(product, 1).status_code == 201
        assert client.balance(product) == (5, 2)


def test_a_webhook_that_nobody_took_is_sent_again_to_where_the_app_listens_now(tmp_path: Path) -> None:
    with started(tmp_path / "books", "http://127.0.0.1:1/bling/webhooks") as serving:
        client = Client(serving).connect()
        client.move(client.products()[FIRST], 4)
    with receiver() as mine, started(tmp_path / "books", mine.url) as again:
        assert b"stock.created" in mine.wait_for(1)[0].body
        client.serving = again
        client.move(client.products()[FIRST], 1)
        assert len(mine.wait_for(2)) == 2
    with receiver() as mine, started(tmp_path / "books", mine.url):
        assert mine.requests == []


def test_shopify_goes_on_with_its_tokens_orders_and_units(tmp_path: Path) -> None:
    def begin(file: Path) -> shopify_stand_in.RunningStandIn:
        serving = shopify_stand_in.serve(*shopify_client.CLIENT)
        serving.keep_books(file)
        return serving

    with begin(tmp_path / "books") as serving:
        client = shopify_client.Client(serving).connect()
        client.order("orders", lines=[{"sku": FIRST, "quantity": 2}], paid=True)
        orders, variants = client.book("orders"), client.book("variants")
        left = killed(tmp_path / "books")
    with begin(left) as again:
        client.serving, client.base = again, again.admin_url.format(shop=client.shop)
        assert client.ask("{ shop { id } }")["shop"]["id"]
        assert client.book("orders") == orders
        assert client.book("variants") == variants
        client.order("orders", lines=[{"sku": FIRST, "quantity": 1}], paid=True)
        assert len(client.book("orders")) == len(orders) + 1


@pytest.mark.parametrize("content", [b"", b"half a book", None])
def test_books_that_this_code_has_not_written_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    file = tmp_path / "books"
    with started(file) as serving:
        Client(serving).connect().move(Client(serving).connect().products()[FIRST], 4)
    if content is None:
        monkeypatch.setattr(books, "_code", lambda: "another version")
    else:
        file.write_bytes(content)
    with started(file) as again:
        client = Client(again).connect()
        assert client.balance(client.products()[FIRST]) == (10, 10)


def test_books_too_large_to_wait_for_are_written_soon_after_and_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "QUICK_SECONDS", -1.0)
    monkeypatch.setattr(books, "REST", 1_000_000)
    with started(tmp_path / "books") as serving:
        client = Client(serving).connect()
        client.move(client.products()[FIRST], 4)
        left = killed(tmp_path / "books")
    with started(left) as too_early:
        assert too_early.control.get("movements")["movements"][-1]["quantity"] != 4
    with started(tmp_path / "books") as again:
        assert again.control.get("movements")["movements"][-1]["quantity"] == 4


def test_nobody_else_may_read_the_books(tmp_path: Path) -> None:
    with started(tmp_path / "books"):
        assert (tmp_path / "books").stat().st_mode & 0o077 == 0

"""Addresses that nobody means: mistyped, cut off, made up by a machine. None causes a server error."""

import os
from collections.abc import Iterator
from itertools import cycle, product
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.urls import reverse

from tests.admin.rows import fill, name_of, ours
from tests.admin.staff import signed_in
from tests.factories import make_shop, stock_of

pytestmark = pytest.mark.django_db

every_table = pytest.mark.parametrize("model", ours(), ids=name_of)

# NUL, half a surrogate pair, bytes that are no UTF-8, other digits, huge, negative, no uuid, nothing.
ODD = [
    *(
        "%00",
        "a%00b",
        "%ED%A0%80",
        "%FF",
        "%D9%A3",
        "9" * 40,
        "-1",
        str(2**63),
        "1e9",
        "0x10",
        "not-a-uuid",
        "",
        "'%22",
    ),
]
PARAMETERS = [
    *("q", "p", "o", "shop", "status", "state", "topic", "open", "revoked", "shortfall", "mismatch", "processed", "e"),
    *("all", "_facets", "id", "id__exact", "id__in", "id__gt", "pk", "stock_item__id__exact", "run__id__exact"),
    *("product_id", "bling_id", "kind__exact", "shop__id__exact", "resolved_at__isempty", "received_at__gte"),
    *("cancelled__exact", "shop__domain__startswith", "payload__id", "nonsense"),
]
PASTED = [*ODD, "a" * 5_000, "%F0%9F%9B%92", quote("gid://shopify/Order/1?x=1"), quote("#1001")]
# How many odd values each parameter gets, taken in turns; 13 is all of them.
TURNS = int(os.environ.get("ODD_ADDRESSES_PER_PARAMETER", "1"))


def in_turns(names: list[str], salt: str) -> Iterator[tuple[str, str]]:
    """Each name with some of the odd values; another `salt` picks others."""
    first = sum(salt.encode())
    for place, name in enumerate(names):
        for turn in range(TURNS):
            yield name, ODD[(first + place * 5 + turn) % len(ODD)]


def page(model: type[Model], kind: str) -> str:
    return reverse(f"admin:{name_of(model)}_{kind}")


def answers_calmly(answer: Any) -> bool:
    if getattr(answer, "streaming", False):
        b"".join(answer.streaming_content)
    return answer.status_code in (200, 302, 400, 403, 404)


@every_table
def test_a_list_with_odd_parameters_is_never_a_server_error(model: type[Model]) -> None:
    client = signed_in()
    fill(model, make_shop(), 1)
    for name, value in in_turns(PARAMETERS, name_of(model)):
        address = f"{page(model, 'changelist')}?{name}={value}"
        assert answers_calmly(client.get(address)), address


@every_table
def test_a_csv_with_odd_parameters_is_never_a_server_error(model: type[Model]) -> None:
    client = signed_in()
    fill(model, make_shop(), 1)
    for name, value in in_turns(["q", "shop", "o", "id__exact", "stock_item__id__exact", "kind"], name_of(model)):
        address = f"{page(model, 'export')}?{name}={value}"
        assert answers_calmly(client.get(address)), address


@every_table
def test_a_row_that_cannot_be_is_never_a_server_error(model: type[Model]) -> None:
    client = signed_in()
    for key, kind in zip([*ODD, str(uuid4()), "_5F", "a/b"], cycle(("change", "history", "delete")), strict=False):
        address = f"{page(model, 'changelist')}{key}/{kind}/"
        assert answers_calmly(client.get(address)), address


@every_table
def test_an_action_on_rows_that_cannot_be_is_never_a_server_error(model: type[Model]) -> None:
    client = signed_in()
    fill(model, make_shop(), 1)
    actions = [str(action) for action in admin.site._registry[model].actions or ()]
    for action, key in product([*actions, "\0"], ["0", str(2**70), "nothing", "\0", str(uuid4()), "", "\ud800"]):
        sent = {"action": action, "_selected_action": key.encode("utf-8", "surrogatepass"), "reason": "\0"}
        # As a browser sends it: the test client would take bytes for a list, and choose the rows with these numbers.
        body = urlencode(sent).encode()
        answer = client.post(page(model, "changelist"), body, content_type="application/x-www-form-urlencoded")
        assert answers_calmly(answer), (action, key)


@pytest.mark.parametrize("value", PASTED)
def test_anything_may_be_pasted_where_anything_is_found(value: str) -> None:
    assert signed_in().get(f"{reverse('admin:where')}?q={value}", follow=True).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_order_that_takes_too_long_leads_back_to_the_list_with_a_word() -> None:
    client, address = signed_in(), reverse("admin:reservations_stockitem_changelist")

    def out_of_time(execute: Any, sql: str, *arguments: Any) -> Any:
        if '"on_hand" DESC' in sql:
            return execute("SET LOCAL statement_timeout = 10; SELECT pg_sleep(5)", None, *arguments[1:])
        return execute(sql, *arguments)

    stock_of(make_shop(), 1)
    with connection.execute_wrapper(out_of_time):
        answer = client.get(address, {"o": "-2"})
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert "That took too long" in client.get(address).content.decode()

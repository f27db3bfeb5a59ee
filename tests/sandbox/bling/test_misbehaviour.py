"""Misbehaviour on request: only the books know whether there was an effect."""

from collections.abc import Callable

import pytest
import requests

from sandbox.stand_in import RemoteError
from tests.sandbox.bling.client import Client
from tests.support.patience import wait_until


@pytest.fixture
def attempt(client: Client) -> Callable[[], int | None]:
    """Take one unit out; returns the status, None when the connection broke."""
    product, deposit = client.products()["SKU-BZC-001"], client.deposit()
    body = {"produto": {"id": product}, "deposito": {"id": deposit}, "operacao": "S", "quantidade": 1}

    def send() -> int | None:
        try:
            return client.send("POST", "/estoques", json=body).status_code
        except requests.ConnectionError:
            return None

    return send


def _taken(client: Client) -> int:
    rows = client.serving.control.get("movements")["movements"]
    return sum(row["origin"] == "api" for row in rows)


@pytest.mark.parametrize(
    ("kind", "status", "taken"),
    [
        ("error_before", 500, 0),
        ("error_after", 500, 1),
        ("cut_before", None, 0),
        ("cut_after", None, 1),
        ("too_many", 429, 0),
        ("too_many_today", 429, 0),
        ("unauthorized", 401, 0),
        ("forbidden", 403, 0),
        ("bad_gateway", 502, 0),
        ("empty", 201, 1),
    ],
)
def test_each_misbehaviour_answers_and_takes_effect_as_its_name_says(
    client: Client, attempt: Callable[[], int | None], kind: str, status: int | None, taken: int
) -> None:
    client.serving.control.post("faults", kind=kind, on="POST /estoques")
    assert attempt() == status
    assert _taken(client) == taken
    assert attempt() == 201
    assert _taken(client) == taken + 1


@pytest.mark.parametrize(("kind", "seconds"), [("slow", 2.0), ("slow_after", 1_000.0)])
def test_a_slow_answer_outlasts_a_clients_patience_before_or_after_the_effect(
    client: Client, kind: str, seconds: float
) -> None:
    client.serving.control.post("faults", kind=kind, on="POST /estoques", seconds=seconds)
    body = {"produto": {"id": client.products()["SKU-BZC-001"]}, "deposito": {"id": client.deposit()}}
    headers = {"Authorization": f"Bearer {client.tokens['access_token']}"}
    url = f"{client.serving.api_url}/estoques"
    with pytest.raises(requests.ReadTimeout):
        requests.post(url, json=body | {"operacao": "S", "quantidade": 1}, headers=headers, timeout=0.2)
    assert kind == "slow_after" or _taken(client) == 0
    wait_until(lambda: _taken(client) == 1)


def test_a_slow_request_does_not_hold_up_the_others(client: Client) -> None:
    client.serving.control.post("faults", kind="slow_after", on="GET /produtos", seconds=1_000)
    with pytest.raises(requests.ReadTimeout):
        requests.get(
            f"{client.serving.api_url}/produtos",
            headers={"Authorization": f"Bearer {client.tokens['access_token']}"},
            timeout=0.1,
        )
    assert client.get("/depositos")


def test_a_success_may_be_made_to_name_nothing(client: Client) -> None:
    client.serving.control.post("faults", kind="empty", on="POST /estoques")
    assert client.move(client.products()["SKU-BZC-001"], 1).json() == {"data": {}}


def test_a_fault_passes_some_requests_over_and_hits_a_number_of_times(
    client: Client, attempt: Callable[[], int | None]
) -> None:
    client.serving.control.post("faults", kind="error_before", on="POST /estoques", skip=1, times=2)
    assert [attempt() for _ in range(5)] == [201, 500, 500, 201, 201]
    (fault,) = client.serving.control.get("faults")["faults"]
    assert fault["hits"] == 2


def test_chances_repeat_with_their_seed(client: Client, attempt: Callable[[], int | None]) -> None:
    def run() -> list[int | None]:
        client.serving.control.post("faults/clear", seed=7)
        client.serving.control.post("faults", kind="error_before", on="POST /estoques", times=None, probability=0.5)
        return [attempt() for _ in range(12)]

    first = run()
    assert set(first) == {201, 500}
    assert run() == first


def test_a_fault_of_one_company_spares_the_others(client: Client, attempt: Callable[[], int | None]) -> None:
    other = client.serving.control.post("accounts", name="Outra")["id"]
    client.serving.control.post("faults", kind="error_before", times=None, account=other)
    assert attempt() == 201


def test_an_order_to_the_stand_in_that_is_misspelt_is_refused(client: Client) -> None:
    for path, order in (
        ("faults", {"kind": "no_such_kind"}),
        ("faults", {"kind": "slow", "second": 1}),
        ("behaviour", {"reserve": True}),
        ("limits", {"per_second": 1}),
        ("movements", {"sku": "NO-SUCH-SKU"}),
        ("no/such/order", {}),
    ):
        with pytest.raises(RemoteError):
            client.serving.control.post(path, **order)


def test_every_order_tells_in_one_line_what_it_does(client: Client) -> None:
    summaries = client.serving.control.get("")
    assert "POST faults" in summaries
    assert all(len(summary) > 15 for summary in summaries.values())

"""How much Bling lets through, and how it answers callers who ask for more."""

import time

from sandbox.bling import RunningStandIn
from sandbox.bling.limits import Turnstile
from sandbox.web.wall_clock import Clock
from tests.sandbox.bling.client import Client
from tests.support.patience import wait_until


def _statuses(*clients: Client) -> list[int]:
    """What each was told, one after the other within one second; where a second was not enough, the next one is."""
    log = clients[0].serving.control

    def within_a_second() -> list[int]:
        before = len(log.get("requests")["requests"])
        told = [client.send("GET", "/depositos").status_code for client in clients]
        came = [row["at"] for row in log.get("requests")["requests"][before:]]
        if came[-1] - came[0] < 1:
            return told
        time.sleep(1)
        return []

    return wait_until(within_a_second)


def test_the_fourth_request_within_a_second_is_told_the_limit_and_its_period(client: Client) -> None:
    client.serving.control.post("limits", requests_per_second=3)
    assert _statuses(*[client] * 4) == [200, 200, 200, 429]
    answer = client.send("GET", "/depositos")
    assert answer.json()["error"] == {
        "type": "TOO_MANY_REQUESTS",
        "message": "Limite de requisições atingido.",
        "description": "O limite de requisições por segundo foi atingido, tente novamente mais tarde.",
        "limit": 3,
        "period": "second",
    }
    assert not {"Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining"} & set(answer.headers)
    assert answer.headers["x-amzn-RequestId"]


def test_the_second_is_any_second_and_not_one_of_the_clock() -> None:
    turnstile = Turnstile(Clock())
    turnstile.limits.requests_per_second = 2
    # At 1.2 the first is more than a second ago, the second is not.
    passed = [turnstile.pass_account("an account", at) is None for at in (0.0, 0.6, 1.2, 1.2)]
    assert passed == [True, True, True, False]


def test_the_limit_is_of_the_account_whatever_app_or_token_asks(client: Client) -> None:
    client.serving.control.post("limits", requests_per_second=3)
    other = Client(client.serving).connect()
    assert _statuses(client, client, other, other) == [200, 200, 200, 429]


def test_another_company_has_a_limit_of_its_own(client: Client) -> None:
    control = client.serving.control
    control.post("oauth", signed_in=control.post("accounts", name="Outra")["id"])
    other = Client(client.serving).connect()
    control.post("limits", requests_per_second=3)
    assert _statuses(client, client, client, client, other, other, other) == [200, 200, 200, 429, 200, 200, 200]


def test_the_days_limit_names_the_day_and_lasts_until_the_next(client: Client) -> None:
    client.serving.control.post("limits", requests_per_day=2)
    assert _statuses(*[client] * 3) == [200, 200, 429]
    assert client.send("GET", "/depositos").json()["error"]["period"] == "day"
    client.serving.control.post("clock", seconds=86_400)
    client.tokens = client.refresh().json()
    assert _statuses(client) == [200]


def test_a_refused_request_has_no_effect(client: Client) -> None:
    client.serving.control.post("faults", kind="too_many", on="POST /estoques")
    before = len(client.serving.control.get("movements")["movements"])
    assert client.move(client.products()["SKU-BZC-001"], 1).status_code == 429
    assert len(client.serving.control.get("movements")["movements"]) == before


def test_more_than_twenty_token_calls_in_a_minute_close_the_door_for_an_hour(bling: RunningStandIn) -> None:
    client = Client(bling).connect()
    bling.control.post("limits", requests_per_second=None, address_blocks=True)
    answers = [client.refresh("unknown").status_code for _ in range(21)]
    assert answers[:20] == [400] * 20
    assert client.send("GET", "/depositos").status_code == 403
    bling.control.post("clock", seconds=3_599)
    assert client.send("GET", "/depositos").status_code == 403
    bling.control.post("clock", seconds=2)
    assert client.send("GET", "/depositos").status_code == 200


def test_hundreds_of_errors_within_seconds_close_the_door_for_ten_minutes(client: Client) -> None:
    client.serving.control.post("limits", requests_per_second=None, address_blocks=True)
    assert {client.send("GET", "/nowhere").status_code for _ in range(301)} == {404}
    assert client.send("GET", "/depositos").status_code == 403


def test_the_request_log_tells_when_each_request_came_and_what_it_was_told(client: Client) -> None:
    began = time.monotonic()
    client.send("GET", "/depositos", params={"situacao": 1})
    entry = client.serving.control.get("requests")["requests"][-1]
    assert (entry["method"], entry["path"], entry["query"]) == ("GET", "/Api/v3/depositos", "situacao=1")
    assert began <= entry["at"] <= time.monotonic()
    assert (entry["status"], entry["account"]) == (200, client.get("/empresas/me/dados-basicos")["id"])

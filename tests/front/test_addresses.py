"""Whom the front lets through: TLS alone, no admin unless it was opened, no header that it should set itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.front.nginx import Answer, Front, front
from tests.front.witness import witness

ADMINS = ["/admin/", "/admin", "/admin/login/", "/%61dmin/", "/%61%64%6d%69%6e/login/", "//admin/", "/x/../admin/"]
# nginx takes these for something else, the service for an address of the admin.
DISGUISED = ["/admin/../stock/A", "/admin/x/../../stock/A", "/%61dmin/%2e%2e/stock/A", "/admin/reservations/../../A"]


def told(answer: Answer) -> dict[str, Any]:
    """What the program behind the front heard."""
    assert answer.status == 200, answer
    heard: dict[str, Any] = json.loads(answer.body)
    return heard


@pytest.mark.parametrize("path", [*ADMINS, *DISGUISED])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_admin_is_closed_however_its_address_is_spelt(before_witness: Front, path: str, method: str) -> None:
    assert before_witness.ask(f"{method} {path} HTTP/1.1").status == 404


def test_the_admin_is_open_to_the_addresses_of_a_file_and_its_disguises_stay_closed(tmp_path: Path) -> None:
    (tmp_path / "front").mkdir()
    (tmp_path / "front" / "admin-office.conf").write_text("allow 127.0.0.1;\n")
    with witness() as port, front(tmp_path, port) as running:
        assert told(running.ask("GET /admin/login/ HTTP/1.1"))["path"] == "/admin/login/"
        assert told(running.ask("POST /admin/login/ HTTP/1.1", b"x" * 100_000))["length"] == 100_000
        assert {running.ask(f"GET {path} HTTP/1.1").status for path in DISGUISED} == {404}


@pytest.mark.parametrize(
    "path",
    ["/stock/administration", "/stock/two%20/admin", "/stock/..%2FA", "/stock/A%2F%2FB", "/stock/100%25", "/app/"],
)
def test_an_address_that_is_not_the_admins_passes_as_it_came(before_witness: Front, path: str) -> None:
    assert told(before_witness.ask(f"GET {path} HTTP/1.1"))["path"] == path


FORGED = [
    "X_Forwarded_Proto: http",
    "X_Forwarded_For: 203.0.113.9",
    "X-Real-IP: 203.0.113.9",
    "X-Forwarded-Host: evil.example",
    "Forwarded: for=203.0.113.9",
    "X-Forwarded-Proto: http",
    "X_Shopify_Hmac_Sha256: forged",
]


@pytest.mark.parametrize("header", FORGED)
def test_a_header_that_only_a_front_may_set_is_dropped(before_witness: Front, header: str) -> None:
    headers = told(before_witness.ask(f"GET /stock/A HTTP/1.1\n{header}"))["headers"]
    assert header.partition(": ")[2] not in {value for _, value in headers}
    assert [name for name, _ in headers if "_" in name] == []
    assert ["X-Forwarded-Proto", "https"] in headers


def test_the_addresses_that_a_hop_before_us_named_are_kept_and_ours_comes_last(before_witness: Front) -> None:
    headers = dict(told(before_witness.ask("GET /stock/A HTTP/1.1\nX-Forwarded-For: 198.51.100.7"))["headers"])
    assert headers["X-Forwarded-For"] == "198.51.100.7, 127.0.0.1"


@pytest.mark.parametrize(
    "path", ["/stock/A", "/proxy/stock/A?signature=x", "/app/?id_token=x", "/bling/connect?link=x"]
)
def test_without_tls_nothing_is_answered_and_no_query_repeated(before_witness: Front, path: str) -> None:
    answer = before_witness.ask_in_plain(f"GET {path} HTTP/1.1")
    assert (answer.status, "ocation:" in answer.head) == (403, False)


def test_without_tls_a_page_is_sent_on(before_witness: Front) -> None:
    answer = before_witness.ask_in_plain("GET /app/ HTTP/1.1")
    assert (answer.status, "Location: https://localhost/app/" in answer.head) == (308, True)

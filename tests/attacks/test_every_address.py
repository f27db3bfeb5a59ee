"""A stranger with credentials of their own, at every address there is, with another shop's names and ids.

The test walks the addresses instead of listing them: it tries a new one as soon as it exists, and one with a blank not
filled in below fails here until somebody says what a stranger would put into it.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client

from reservations.models import ApiKey, Shop
from tests.attacks.addresses import OPEN, all_addresses, filled_in
from tests.attacks.owner import SKU, Owner
from tests.attacks.tally import Tally
from tests.factories import make_shop, stock_of
from tests.merchant.merchant import Merchant as Staff
from tests.shopify.signing import body_signature, proxied, session_token

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def credentials(stranger: Shop) -> Iterator[tuple[dict[str, str], str]]:
    """Headers and query of each way to prove who calls, all of them the stranger's own; and none."""
    yield {}, ""
    yield {"Authorization": f"Api-Key {ApiKey.issue(stranger)[1]}"}, ""
    yield {"Authorization": f"Bearer {session_token(stranger.domain)}"}, ""
    yield {}, proxied({"shop": stranger.domain})
    yield {}, f"id_token={session_token(stranger.domain)}"


def attempts(address: str, owner: Owner, stranger: Shop) -> Iterator[tuple[str, HttpResponse]]:
    """What was sent, and the answer; also with the owner's domain in the query, as a forger would have it."""
    client: Any = Client(raise_request_exception=False)
    for headers, query in credentials(stranger):
        for forged in ("", f"shop={owner.shop.domain}&state={owner.shop.domain}&code=x"):
            url = f"{address}?" + "&".join(part for part in (query, forged) if part)
            yield url, client.get(url, headers=headers)
        for body in owner.bodies():
            sent = orjson.dumps(body)
            hmac = {"X-Shopify-Hmac-Sha256": body_signature(sent), "X-Shopify-Shop-Domain": stranger.domain}
            webhook = hmac | {"X-Shopify-Topic": "app/uninstalled"} if address.startswith("/shopify/") else {}
            url = f"{address}?{query}"
            yield (
                url + sent.decode(),
                client.post(url, sent, content_type="application/json", headers=headers | webhook),
            )
            if all(isinstance(value, str | int) for value in body.values()):
                yield url + sent.decode(), client.post(url, body, headers=headers)


@pytest.mark.parametrize("pattern", sorted(set(all_addresses()) - OPEN))
def test_a_stranger_reads_and_changes_nothing_of_another_shops(pattern: str, tally: Tally) -> None:
    owner, stranger = Owner(), Staff().shop
    stock_of(stranger, 1, "OUR-SKU")
    address = filled_in(pattern, owner.names)
    before = owner.state()
    for sent, response in attempts(address, owner, stranger):
        tally.heard(response.status_code)
        assert response.status_code < 500, (sent, response.content[:500])
        told = response.content.decode() + str(dict(response.headers))
        assert [secret for secret in owner.secrets(sent) if secret in told] == [], sent
    assert owner.state() == before


@pytest.mark.parametrize("pattern", sorted(OPEN))
def test_an_open_address_tells_nothing_of_any_shop(pattern: str) -> None:
    owner = Owner()
    response: Any = Client().get(f"/{pattern}?shop={make_shop().domain}")
    told = response.content.decode()
    assert [secret for secret in owner.secrets("") if secret in told] == []


def test_the_owner_is_shown_what_a_stranger_is_not() -> None:
    owner = Owner()
    client: Any = Client()
    page = client.get("/app/reservations/", headers={"Authorization": f"Bearer {session_token(owner.shop.domain)}"})
    assert SKU in page.content.decode()
    read = client.get(f"/stock/{SKU}", headers={"Authorization": f"Api-Key {owner.key}"})
    assert orjson.loads(read.content)["on_hand"] == 5


def test_an_address_with_a_blank_that_nobody_thought_of_fails() -> None:
    assert "stock/<sku:sku>" in all_addresses()
    assert "app/shortfalls/<int:pk>/use" in all_addresses()
    with pytest.raises(KeyError):
        filled_in("app/news/<int:number>", {"sku": SKU, "pk": UUID(int=1)})

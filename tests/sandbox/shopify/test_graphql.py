"""The Admin API's manners: versions, errors inside a 200, points, pages, search, scopes."""

import pytest
import requests

from tests.sandbox.shopify.client import Client
from tests.support.patience import PATIENCE_SECONDS, wait_until

SHOP = "{ shop { myshopifyDomain } }"
PAGE = """query ($first: Int, $after: String) {
  productVariants(first: $first, after: $after) { nodes { id sku } pageInfo { hasNextPage endCursor } }
}"""
SEARCH = "query ($q: String!) { productVariants(first: 50, query: $q) { nodes { sku } } }"


def _add(client: Client, *skus: str | None) -> None:
    client.order("products", products=[{"title": "Peça", "variants": [{"sku": sku} for sku in skus]}])


def _search(client: Client, query: str) -> list[str | None]:
    return [node["sku"] for node in client.ask(SEARCH, q=query)["productVariants"]["nodes"]]


@pytest.mark.parametrize("version", ["2025-07", "unstable", "2026-1"])
def test_only_the_pinned_version_is_there(client: Client, version: str) -> None:
    assert client.send(SHOP, version=version).status_code == 404
    assert client.send(SHOP).headers["X-Shopify-API-Version"] == "2026-10"


def test_a_request_without_a_known_token_is_unauthorized(client: Client) -> None:
    assert client.send(SHOP, token="shpat_unknown").status_code == 401


def test_an_unknown_store_is_not_found(client: Client) -> None:
    url = client.serving.admin_url.format(shop="nobody.myshopify.com")
    assert (
        requests.post(
            f"{url}/admin/api/2026-10/graphql.json", json={"query": SHOP}, timeout=PATIENCE_SECONDS
        ).status_code
        == 404
    )


def test_a_field_that_does_not_exist_is_an_error_inside_a_success(client: Client) -> None:
    answer = client.send("{ shop { nonsense } }")
    assert answer.status_code == 200
    assert answer.json()["errors"][0]["extensions"]["code"] == "undefinedField"
    assert "data" not in answer.json()


def test_a_variable_of_the_wrong_type_is_an_error(client: Client) -> None:
    assert client.errors(PAGE, first="ten")
    assert client.errors("query ($id: ID!) { order(id: $id) { id } }")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"query": 1}', b"{"])
def test_a_body_that_is_no_request_gets_an_answer(client: Client, body: bytes) -> None:
    url = f"{client.base}/admin/api/2026-10/graphql.json"
    headers = {"X-Shopify-Access-Token": client.tokens["access_token"]}
    answer = requests.post(url, data=body, headers=headers, timeout=PATIENCE_SECONDS)
    assert "errors" in answer.json()
    assert answer.status_code in (200, 400)


def test_every_answer_tells_what_it_cost_and_what_is_left(client: Client) -> None:
    cost = client.send(PAGE, first=100).json()["extensions"]["cost"]
    assert cost["requestedQueryCost"] == 2 + 100
    status = cost["throttleStatus"]
    assert (status["maximumAvailable"], status["restoreRate"]) == (2000, 100)
    assert 1_890 <= status["currentlyAvailable"] <= 1_900


def test_points_that_are_not_there_are_an_error_inside_a_success_and_come_back_with_time(client: Client) -> None:
    client.order("rules", bucket_points=150, restore_points=1)
    assert "data" in client.send(PAGE, first=100).json()
    refused = client.send(PAGE, first=100)
    assert refused.status_code == 200
    assert refused.json()["errors"][0]["extensions"]["code"] == "THROTTLED"
    client.order("rules", restore_points=200)
    wait_until(lambda: "data" in client.send(PAGE, first=100).json())


def test_a_mutation_costs_ten_points(client: Client) -> None:
    mutation = 'mutation { tagsAdd(id: "gid://shopify/Order/1", tags: ["a"]) { userErrors { message } } }'
    assert client.send(mutation).json()["extensions"]["cost"]["requestedQueryCost"] == 10


def test_a_query_above_a_thousand_points_is_refused_whatever_is_left(client: Client) -> None:
    query = "{ products(first: 250) { nodes { id variants(first: 250) { nodes { id } } } } }"
    assert client.errors(query)[0]["extensions"]["code"] == "MAX_COST_EXCEEDED"


def test_pages_lead_through_everything_once_also_while_it_grows(client: Client) -> None:
    _add(client, *(f"P-{number}" for number in range(10)))
    seen: list[str] = []
    after = None
    while True:
        page = client.ask(PAGE, first=5, after=after)["productVariants"]
        seen += [node["id"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
        if len(seen) == 5:
            _add(client, "NEW")
    assert len(seen) == len(set(seen)) == 13


def test_a_list_without_a_size_or_above_the_largest_is_refused(client: Client) -> None:
    assert "first or last" in client.errors(PAGE)[0]["message"]
    assert client.errors(PAGE, first=251)
    assert client.errors(PAGE, first=1, after="nonsense")


def test_a_search_by_sku_finds_too_much(client: Client) -> None:
    _add(client, "ABC-1", "abc-1", "ABC-1-X", "ABC-10", None)
    assert _search(client, "sku:'ABC-1'") == ["ABC-1", "abc-1", "ABC-1-X"]
    assert _search(client, "sku:ABC-10 OR sku:SKU-BZC-002") == ["SKU-BZC-002", "ABC-10"]
    assert _search(client, "sku:abc*") == ["ABC-1", "abc-1", "ABC-1-X", "ABC-10"]


def test_skus_may_repeat_or_be_missing(client: Client) -> None:
    _add(client, "DUP", "DUP", None)
    nodes = client.ask(PAGE, first=10)["productVariants"]["nodes"]
    assert [node["sku"] for node in nodes][2:] == ["DUP", "DUP", None]
    item = client.places("DUP")["inventoryItemId"]
    assert client.ask("query ($id: ID!) { inventoryItem(id: $id) { duplicateSkuCount } }", id=item) == {
        "inventoryItem": {"duplicateSkuCount": 1}
    }


def test_an_item_may_back_several_variants(client: Client) -> None:
    first, second = client.variant("SKU-BZC-001"), client.variant("SKU-BZC-002")
    client.order("variants/share", variant_id=second["variant_id"], with_id=first["variant_id"])
    query = "query ($id: ID!) { inventoryItem(id: $id) { variants(first: 5) { nodes { id } } } }"
    found = client.ask(query, id=client.places()["inventoryItemId"])["inventoryItem"]["variants"]["nodes"]
    assert len(found) == 2


def test_what_the_app_was_not_granted_is_denied(client: Client) -> None:
    client.order("scopes", scopes=["read_products"])
    assert client.ask(PAGE, first=1)
    denied = client.errors("{ orders(first: 1) { nodes { id } } }")[0]
    assert denied["extensions"]["code"] == "ACCESS_DENIED"
    assert "read_orders" in denied["message"]
    granted = client.ask("{ currentAppInstallation { accessScopes { handle } } }")
    assert granted == {"currentAppInstallation": {"accessScopes": [{"handle": "read_products"}]}}


def test_a_write_scope_lets_read_too(client: Client) -> None:
    client.order("scopes", scopes=["write_inventory"])
    assert client.ask("{ inventoryItems(first: 1) { nodes { id } } }")


def test_ids_that_lead_nowhere_are_null(client: Client) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    ids = ["gid://shopify/Order/1", "nonsense", client.places()["inventoryItemId"]]
    assert client.ask(query, ids=ids)["nodes"] == [None, None, {"id": ids[2]}]


def test_requests_are_logged_with_their_operation(client: Client) -> None:
    client.ask("query Anything($first: Int) { alias: productVariants(first: $first) { nodes { id } } }", first=1)
    entry = client.serving.control.get("requests")["requests"][-1]
    assert (entry["operation"], entry["account"], entry["status"]) == ("productVariants", client.shop, 200)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("throttled", 200, "THROTTLED"),
        ("internal", 200, "INTERNAL_SERVER_ERROR"),
        ("too_many", 429, None),
        ("unavailable", 503, None),
        ("bad_gateway", 502, None),
        ("error_before", 500, None),
        ("unauthorized", 401, None),
    ],
)
def test_a_misbehaviour_is_seen_once_and_then_all_is_well(
    client: Client, kind: str, status: int, code: str | None
) -> None:
    client.serving.control.post("faults", kind=kind, on="re: shop$")
    answer = client.send(SHOP)
    assert answer.status_code == status
    if code:
        assert answer.json()["errors"][0]["extensions"]["code"] == code
    assert client.send(SHOP).status_code == 200

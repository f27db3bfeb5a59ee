"""The rows of Shopify's carts: found, made, locked and saved, many in one statement."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import connection

from reservations.models import ShopifyCart

from .cart_owners import derived_cart_token

# In one sequence for all, so that two transactions never wait for each other's in a ring.
_UPSERT = """
INSERT INTO reservations_shopifycart (shop_id, token, cart_token, closed_by, refused, seen_at)
SELECT %s, token, cart_token, '', '{}', clock_timestamp()
FROM unnest(%s::text[], %s::uuid[]) AS named(token, cart_token) ORDER BY token
ON CONFLICT (shop_id, token) DO UPDATE SET seen_at = clock_timestamp()
"""


def lock_carts(shop_id: int, tokens: Collection[str]) -> dict[str, ShopifyCart]:
    """The rows of Shopify's carts by token, made where they are new, and locked until the transaction ends."""
    if not tokens:
        return {}
    derived = [derived_cart_token(shop_id, token) for token in tokens]
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [shop_id, list(tokens), derived])
    return known_carts(shop_id, tokens)


def lock_cart(shop_id: int, token: str) -> ShopifyCart:
    """The row of one cart, see :func:`lock_carts`."""
    return lock_carts(shop_id, [token])[token]


def known_carts(shop_id: int, tokens: Collection[str]) -> dict[str, ShopifyCart]:
    """The rows that there are of these tokens, without a lock."""
    return {row.token: row for row in ShopifyCart.objects.filter(shop=shop_id, token__in=tokens)}


def cart_tokens_of(shop_id: int, tokens: Collection[str]) -> dict[str, UUID]:
    """Our uuid of each of Shopify's carts: the known one, else the derived one."""
    if not tokens:
        return {}
    known = dict(ShopifyCart.objects.filter(shop=shop_id, token__in=tokens).values_list("token", "cart_token"))
    return {token: known.get(token) or derived_cart_token(shop_id, token) for token in tokens}


def save(rows: Iterable[ShopifyCart], *columns: str) -> None:
    """Save these columns of rows that are there, in one statement."""
    if rows := list(rows):
        ShopifyCart.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["shop", "token"], update_fields=columns
        )

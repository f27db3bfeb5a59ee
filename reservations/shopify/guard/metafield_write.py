"""Write guards to Shopify, up to 25 variants in one call."""

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

from reservations.shopify.client import admin_api
from reservations.shopify.client.global_ids import global_id
from reservations.shopify.errors import ShopifyError, UserErrors

from . import stale_guards, stock_facts, variant_leases
from .metafield_value import guard_value
from .variant_leases import VariantLease, Written

logger = logging.getLogger(__name__)

NAMESPACE, KEY = "$app", "stock_guard"
# The most that one metafieldsSet takes.
BATCH = 25
# Well below a lease's life.
CALL_SECONDS = 8.0


def write_due_guards(shop_id: int, *, seconds: float = 10.0) -> int:
    """Write and clear the shop's stale guards, batch by batch, until none is left or `seconds` are over.

    Returns how many Shopify has taken. A guard that it refused keeps the reason and is tried again later.
    """
    deadline = time.monotonic() + seconds
    written = 0
    while time.monotonic() < deadline:
        held = variant_leases.take_leases(shop_id, stale_guards.due_variants(shop_id, BATCH))
        if not held:
            break
        written += _write_batch(shop_id, held)
    return written


def _write_batch(shop_id: int, held: Sequence[VariantLease]) -> int:
    """Write what is true now. We read it after taking the leases, so nobody writes older facts over it."""
    scarce = stock_facts.scarce_variants(shop_id, [lease.variant_id for lease in held])
    new = {
        variant_id: Written(
            guard_value(known.free, known.holds), known.stock_item_id, known.ledger_position, known.next_expiry
        )
        for variant_id, known in scarce.items()
    }
    to_set = [lease for lease in held if lease.variant_id in new]
    to_clear = [lease for lease in held if lease.variant_id not in new]
    return _set(shop_id, to_set, new) + _clear(shop_id, to_clear)


def _set(shop_id: int, held: Sequence[VariantLease], new: Mapping[int, Written]) -> int:
    """Write values. Shopify takes a call whole or not at all: where it names single rows, we send the others again."""
    if not held:
        return 0
    # Before the call: if we die after it, the row still says that Shopify may have a value.
    variant_leases.announce_values(shop_id, held)
    rows = [_identifier(lease) | {"type": "json", "value": new[lease.variant_id].value} for lease in held]
    try:
        admin_api.mutate(shop_id, "set_guards", {"metafields": rows}, seconds=CALL_SECONDS)
    except UserErrors as error:
        refused = {index: str(one.get("message")) for one in error.errors if (index := _index(one, held)) is not None}
        for index, problem in refused.items():
            variant_leases.note_failure(shop_id, held[index], problem)
        others = [lease for index, lease in enumerate(held) if index not in refused]
        return _set(shop_id, others, new) if refused else _fail(shop_id, held, error)
    except ShopifyError as error:
        return _fail(shop_id, held, error)
    for lease in held:
        variant_leases.close_lease(shop_id, lease, new[lease.variant_id])
    return len(held)


def _clear(shop_id: int, held: Sequence[VariantLease]) -> int:
    """Remove the values of variants that are no longer scarce or no longer linked."""
    if not held:
        return 0
    try:
        admin_api.mutate(
            shop_id, "clear_guards", {"metafields": [_identifier(lease) for lease in held]}, seconds=CALL_SECONDS
        )
    except ShopifyError as error:
        return _fail(shop_id, held, error)
    for lease in held:
        variant_leases.close_lease(shop_id, lease, Written(""))
    return len(held)


def _fail(shop_id: int, held: Sequence[VariantLease], error: ShopifyError) -> int:
    logger.warning("shop %s: %s guards were not written: %s", shop_id, len(held), error)
    for lease in held:
        variant_leases.note_failure(shop_id, lease, f"{type(error).__name__}: {error}")
    return 0


def _identifier(lease: VariantLease) -> dict[str, str]:
    return {"ownerId": global_id("ProductVariant", lease.variant_id), "namespace": NAMESPACE, "key": KEY}


def _index(error: Mapping[str, Any], held: Sequence[VariantLease]) -> int | None:
    """The index of the row that an error names, None when it names none of ours."""
    index = error.get("elementIndex")
    return index if isinstance(index, int) and 0 <= index < len(held) else None

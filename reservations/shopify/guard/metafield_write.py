"""Write guards to Shopify, up to 21 variants and the four pages of the table of holds in one call."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from plumbing.lease import Lease
from reservations.models import InstallationState, ShopifyInstallation
from reservations.shopify.client import admin_api
from reservations.shopify.client.global_ids import global_id, number
from reservations.shopify.errors import ShopifyError, UserErrors

from . import hold_table, stale_guards, stock_facts, variant_leases
from .variant_leases import VariantLease, Written

logger = logging.getLogger(__name__)

NAMESPACE, KEY = "$app", "stock_guard"
# One metafieldsSet takes 25.
BATCH = 25 - len(hold_table.KEYS)
# Well below a lease's life.
CALL_SECONDS = 8.0
# Written after the call when the title that Shopify answered is not the one that we told: the guard is due once more.
_BEFORE_ALL_LEDGERS = -1


def write_due_guards(shop_id: int, *, seconds: float = 10.0) -> int:
    """Write and clear the shop's stale guards, batch by batch, until none is left or `seconds` are over.

    Returns how many Shopify has taken. A guard that it refused keeps the reason and is tried again later. All variants
    share one table of holds, so a shop has one writer at a time.
    """
    deadline = time.monotonic() + seconds
    written = 0
    installed = ShopifyInstallation.objects.filter(shop=shop_id, state=InstallationState.INSTALLED)
    writer = Lease(installed, holder="guard_lease", until="guard_lease_until")
    with writer.held(variant_leases.LEASE_SECONDS) as mine:
        while mine and time.monotonic() < deadline and mine.renew(variant_leases.LEASE_SECONDS):
            held = variant_leases.take_leases(shop_id, stale_guards.due_variants(shop_id, BATCH))
            if not held and not _lacks_table(shop_id):
                break
            taken = _write_batch(shop_id, held)
            written += taken
            if not taken and not held:
                break
    return written


def _lacks_table(shop_id: int) -> bool:
    known = ShopifyInstallation.objects.filter(shop=shop_id).values_list("validation_id", "hold_table_told").get()
    return stale_guards.lacks_table(*known)


def _write_batch(shop_id: int, held: Sequence[VariantLease]) -> int:
    """Write what is true now. We read it after taking the leases, so nobody writes older facts over it."""
    scarce = stock_facts.scarce_variants(shop_id, [lease.variant_id for lease in held])
    titles = {lease.variant_id: lease.title for lease in held}
    new = {
        variant_id: Written(
            known.value(titles[variant_id]),
            known.stock_item_id,
            known.ledger_position,
            known.next_expiry,
            titles[variant_id],
        )
        for variant_id, known in scarce.items()
    }
    to_set = [lease for lease in held if lease.variant_id in new]
    to_clear = [lease for lease in held if lease.variant_id not in new]
    return _set(shop_id, to_set, new, _Table(shop_id)) + _clear(shop_id, to_clear)


class _Table:
    """The table's pages as they are now, those that the shop's validation has not been told, and how to note them."""

    def __init__(self, shop_id: int) -> None:
        self.installation = ShopifyInstallation.objects.filter(shop=shop_id)
        self.validation, told = self.installation.values_list("validation_id", "hold_table_told").get()
        pages = hold_table.hold_pages(shop_id) if self.validation else []
        self.told = {"validation": self.validation, "pages": [hold_table.fingerprint(page) for page in pages]}
        known = told["pages"] if told and told["validation"] == self.validation else [None] * len(pages)
        self.rows = [
            {"ownerId": self.validation, "namespace": NAMESPACE, "key": key, "type": "json", "value": page}
            for key, page, new, old in zip(hold_table.KEYS, pages, self.told["pages"], known, strict=False)
            if new != old
        ]

    def note(self, told: Mapping[str, Any] | None) -> None:
        """Store what the validation has been told; None before a call, whose answer may get lost."""
        if self.rows:
            self.installation.update(hold_table_told=told)


def _set(shop_id: int, held: Sequence[VariantLease], new: Mapping[int, Written], table: _Table) -> int:
    """Write values. Shopify takes a call whole or not at all: where it names single rows, we send the others again."""
    if not held and not table.rows:
        return 0
    # Before the call: if we die after it, the row still says that Shopify may have a value.
    variant_leases.announce_values(shop_id, held)
    table.note(None)
    rows = [_identifier(lease) | {"type": "json", "value": new[lease.variant_id].value} for lease in held]
    try:
        answer = admin_api.mutate(shop_id, "set_guards", {"metafields": rows + table.rows}, seconds=CALL_SECONDS)
    except UserErrors as error:
        refused = {index: str(one.get("message")) for one in error.errors if (index := _index(one, held)) is not None}
        for index, problem in refused.items():
            variant_leases.note_failure(shop_id, held[index], problem)
        others = [lease for index, lease in enumerate(held) if index not in refused]
        return _set(shop_id, others, new, table) if refused else _fail(shop_id, held, error)
    except ShopifyError as error:
        return _fail(shop_id, held, error)
    table.note(table.told)
    titles = _titles(answer)
    for lease in held:
        written = new[lease.variant_id]
        title = titles.get(lease.variant_id, written.title)
        again = title != written.title
        position = _BEFORE_ALL_LEDGERS if again else written.ledger_position
        variant_leases.close_lease(shop_id, lease, replace(written, title=title, ledger_position=position))
    return len(held)


def _titles(answer: Mapping[str, Any]) -> dict[int, str]:
    """The products' titles, by variant."""
    owners = (row["owner"] for row in answer["metafields"])
    return {int(number(owner["id"])): owner["product"]["title"][:255] for owner in owners if owner}


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
        variant_leases.close_lease(shop_id, lease, Written("", title=lease.title))
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

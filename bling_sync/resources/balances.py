"""Balances. What an answer leaves out is unknown, never zero."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bling_sync.client.bling_api import Bling
from bling_sync.errors import Refused

from .answer_values import identifier, listed, number, part, rows

IDS_PER_CALL = 100
_ZERO, _NEGATIVE = 0, 2


@dataclass(frozen=True, slots=True)
class Balance:
    """Units of a product in one deposit: booked, and what open orders leave of them."""

    physical: Decimal
    virtual: Decimal


def read(bling: Bling, product_ids: Sequence[int], deposit_id: int | None) -> dict[int, Balance]:
    """The balances of up to 100 products in a deposit; one that is missing is unknown.

    It asks for the balances of all deposits first, then for this deposit's own of the products whose answer left that
    open. Raises what `Bling.get` raises.
    """
    everywhere = _rows(bling, "/estoques/saldos", product_ids)
    if deposit_id is None:
        return _known({known: _total(row) for known, row in everywhere.items()})
    found = _known({known: _in_deposit(row, deposit_id) for known, row in everywhere.items()})
    unsaid = [known for known in everywhere if known not in found]
    if unsaid:
        with suppress(Refused):
            here = _rows(bling, f"/estoques/saldos/{deposit_id}", unsaid)
            found.update(_known({known: _total(row) for known, row in here.items()}))
    return found


def _rows(bling: Bling, path: str, product_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What Bling says of each product.

    The documented default of the filter hides what is sold out, the measured one does not. So we leave the filter out,
    and ask again for what is missing among the empty and the overdrawn.
    """
    found: dict[int, dict[str, Any]] = {}
    for wanted in (None, _ZERO, _NEGATIVE):
        missing = [known for known in product_ids if known not in found]
        if missing:
            found.update(_ask(bling, path, missing, wanted))
    return found


def _ask(
    bling: Bling, path: str, product_ids: Sequence[int], wanted: int | None
) -> Iterator[tuple[int, dict[str, Any]]]:
    query: dict[str, int | list[int]] = {"idsProdutos[]": list(product_ids)}
    if wanted is not None:
        query["filtroSaldoEstoque"] = wanted
    try:
        data = bling.get(path, query)
    except Refused:
        if wanted is None:
            raise
        return
    for row in listed(data):
        known = identifier(part(row, "produto").get("id"))
        if known is not None and known in product_ids:
            yield known, row


def _in_deposit(row: dict[str, Any], deposit_id: int) -> Balance | None:
    """The balance in one deposit, None where the row leaves it open."""
    deposits = list(rows(row.get("depositos")))
    here = [one for one in deposits if identifier(one.get("id")) == deposit_id]
    if here:
        return _pair(here[0].get("saldoFisico"), here[0].get("saldoVirtual"))
    # The row does not name this deposit: that means zero only where the others account for all there is.
    elsewhere = sum((number(one.get("saldoVirtual")) or Decimal(0) for one in deposits), Decimal(0))
    accounted = bool(deposits) and elsewhere == number(row.get("saldoVirtualTotal"))
    return Balance(Decimal(0), Decimal(0)) if accounted else None


def _total(row: dict[str, Any]) -> Balance | None:
    return _pair(row.get("saldoFisicoTotal"), row.get("saldoVirtualTotal"))


def _known(balances: dict[int, Balance | None]) -> dict[int, Balance]:
    return {known: balance for known, balance in balances.items() if balance is not None}


def _pair(physical: object, virtual: object) -> Balance | None:
    booked, left = number(physical), number(virtual)
    if left is None:
        return None
    return Balance(booked if booked is not None else left, left)

"""Balances. What an answer leaves out is unknown, never zero."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bling_sync.client.bling import Bling
from bling_sync.errors import Refused

from .reading import identifier, listed, number, part, rows

IDS_PER_CALL = 100
_ZERO, _NEGATIVE = 0, 2


@dataclass(frozen=True, slots=True)
class Balance:
    """Units of a product in one deposit: booked, and what open orders leave of them."""

    physical: Decimal
    virtual: Decimal


def read(bling: Bling, product_ids: Sequence[int], deposit_id: int | None) -> dict[int, Balance]:
    """The balances of up to 100 products in a deposit; one that is missing is unknown.

    The documented default of the filter hides what is sold out, the measured one does not; so it is left out, and what
    is missing is asked for again among the empty and the overdrawn. Raises what `Bling.get` raises.
    """
    found = dict(_read(bling, product_ids, deposit_id, None))
    for wanted in (_ZERO, _NEGATIVE):
        missing = [known for known in product_ids if known not in found]
        if missing:
            found.update(_read(bling, missing, deposit_id, wanted))
    return found


def _read(
    bling: Bling, product_ids: Sequence[int], deposit_id: int | None, wanted: int | None
) -> Iterator[tuple[int, Balance]]:
    query: dict[str, int | list[int]] = {"idsProdutos[]": list(product_ids)}
    if wanted is not None:
        query["filtroSaldoEstoque"] = wanted
    try:
        data = bling.get("/estoques/saldos", query)
    except Refused:
        if wanted is None:
            raise
        return
    for row in listed(data):
        known = identifier(part(row, "produto").get("id"))
        balance = _balance(row, deposit_id)
        if known in product_ids and known is not None and balance is not None:
            yield known, balance


def _balance(row: dict[str, Any], deposit_id: int | None) -> Balance | None:
    deposits = list(rows(row.get("depositos")))
    here = [one for one in deposits if identifier(one.get("id")) == deposit_id]
    if deposit_id is not None and here:
        return _pair(here[0].get("saldoFisico"), here[0].get("saldoVirtual"))
    if deposit_id is not None and deposits:
        # Nothing is said of this deposit. That is none only where the others account for all there is.
        elsewhere = sum((number(one.get("saldoVirtual")) or Decimal(0) for one in deposits), Decimal(0))
        return Balance(Decimal(0), Decimal(0)) if elsewhere == number(row.get("saldoVirtualTotal")) else None
    return _pair(row.get("saldoFisicoTotal"), row.get("saldoVirtualTotal"))


def _pair(physical: object, virtual: object) -> Balance | None:
    booked, left = number(physical), number(virtual)
    if left is None:
        return None
    return Balance(booked if booked is not None else left, left)

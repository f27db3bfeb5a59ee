"""Books units in and out. A movement has no key, and Bling never says what became of one."""

from bling_sync.client.bling_api import Bling
from bling_sync.errors import OutcomeUnknown

from .answer_values import identifier, part

OUT, IN = "S", "E"


def book(bling: Bling, *, product_id: int, deposit_id: int, operation: str, units: int, note: str) -> int:
    """Book `units` out of (S) or into (E) a deposit and return Bling's id of the movement.

    Only ever these two: the third operation sets a balance, and would undo every sale made elsewhere since it was read.
    Raises Refused and NotApplied when nothing was booked, OutcomeUnknown when perhaps it was.
    """
    body = {
        "produto": {"id": product_id},
        "deposito": {"id": deposit_id},
        "operacao": operation,
        "quantidade": units,
        "observacoes": note,
    }
    known = identifier(part({"data": bling.post("/estoques", body)}, "data").get("id"))
    if known is None:
        raise OutcomeUnknown("Bling's answer names no movement")
    return known

"""Deposits: where stock lies."""

from dataclasses import dataclass

from bling_sync.client.bling_api import Bling

from .answer_values import identifier, is_active, is_yes, label, listed

PAGE = 100
_MOST_PAGES = 20


@dataclass(frozen=True, slots=True)
class Deposit:
    """An active deposit. `ignored`: Bling leaves it out of the totals."""

    id: int
    name: str
    default: bool
    ignored: bool


def active(bling: Bling) -> list[Deposit]:
    """The active deposits. Raises ReadFailed and what `Bling.get` raises."""
    deposits: dict[int, Deposit] = {}
    for page in range(1, _MOST_PAGES + 1):
        found = listed(bling.get("/depositos", {"pagina": page, "limite": PAGE, "situacao": 1}))
        for row in found:
            known = identifier(row.get("id"))
            if known is not None and is_active(row.get("situacao")):
                default, ignored = is_yes(row.get("padrao")), is_yes(row.get("desconsiderarSaldo"))
                deposits[known] = Deposit(known, label(row.get("descricao")), default=default, ignored=ignored)
        if len(found) < PAGE:
            break
    return list(deposits.values())

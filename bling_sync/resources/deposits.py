"""Deposits: where stock lies."""

from dataclasses import dataclass

from bling_sync.client.bling import Bling

from .reading import identifier, rows, text

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
    """The active deposits. Raises what `Bling.get` raises."""
    deposits: dict[int, Deposit] = {}
    for page in range(1, _MOST_PAGES + 1):
        found = list(rows(bling.get("/depositos", {"pagina": page, "limite": PAGE, "situacao": 1})))
        for row in found:
            known = identifier(row.get("id"))
            if known is not None and row.get("situacao", 1) == 1:
                name, default, ignored = text(row.get("descricao")), row.get("padrao"), row.get("desconsiderarSaldo")
                deposits[known] = Deposit(known, name, default is True, ignored is True)
        if len(found) < PAGE:
            break
    return list(deposits.values())

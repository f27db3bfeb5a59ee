"""Sales orders: those that Bling imports by itself, and those that we make. `numeroLoja` is the only key there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bling_sync.client.bling_api import Bling
from bling_sync.errors import OutcomeUnknown, ReadFailed

from .answer_values import identifier, is_active, is_yes, label, listed, number, part, text

# Bling's dates are those of São Paulo.
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
PAGE = 100
NUMBERS_PER_CALL = 50
_MOST_PAGES = 10
# `situacao.valor` means the same in every account.
CANCELLED = 2
# The situações that every account begins with, for an answer that has no `valor`.
_VALUE_OF = {6: 0, 9: 1, 12: CANCELLED, 15: 3, 18: 4, 21: 10, 24: 11}
# Open ones, whose orders reserve stock where reservation is on; of these nothing has left the shelf.
RESERVING = (0, 3, 10, 11)
_LARGEST_SITUATION = 1_000


@dataclass(frozen=True, slots=True)
class BlingOrder:
    """An order as a list shows it. `situation` is `situacao.valor`, None where the list leaves it out."""

    id: int
    store_number: str
    situation: int | None

    @property
    def is_cancelled(self) -> bool:
        """Whether it no longer takes anything from the stock."""
        return self.situation == CANCELLED


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """What only the order's own answer tells."""

    invoiced: bool
    situation: int | None


@dataclass(frozen=True, slots=True)
class CounterSale:
    """What an anonymous sale needs from the account: its built-in buyer and a payment method."""

    contact_id: int
    contact_name: str
    payment_form_id: int


def find(bling: Bling, store_numbers: Sequence[str]) -> list[BlingOrder]:
    """Every order whose `numeroLoja` is exactly one of these. Raises ReadFailed and what `Bling.get` raises.

    A caller makes the order if it is not there, so only a list that we read to its end may say so.
    """
    wanted = set(store_numbers)
    found: dict[int, BlingOrder] = {}
    for page in range(1, _MOST_PAGES + 1):
        query: dict[str, int | list[str]] = {"pagina": page, "limite": PAGE, "numerosLojas[]": list(store_numbers)}
        here = listed(bling.get("/pedidos/vendas", query))
        for row in here:
            known, store_number = identifier(row.get("id")), label(row.get("numeroLoja"))
            if known is not None and store_number in wanted:
                found[known] = BlingOrder(known, store_number, situation_of(row))
        if len(here) < PAGE:
            return list(found.values())
    raise ReadFailed("Bling's list of orders has no end")


def detail(bling: Bling, order_id: int) -> OrderDetail:
    """One order. Raises what `Bling.get` raises."""
    row = part({"data": bling.get(f"/pedidos/vendas/{order_id}")}, "data")
    return OrderDetail(identifier(part(row, "notaFiscal").get("id")) is not None, situation_of(row))


def counter(bling: Bling) -> CounterSale:
    """The account's built-in buyer, and its preferred payment method. Raises ReadFailed, and as `Bling.get` does."""
    contact = part({"data": bling.get("/contatos/consumidor-final")}, "data")
    contact_id = identifier(contact.get("id"))
    forms = [row for row in listed(bling.get("/formas-pagamentos")) if is_active(row.get("situacao"))]
    forms.sort(key=lambda row: not is_yes(row.get("padrao")))
    form_id = next((known for row in forms if (known := identifier(row.get("id"))) is not None), None)
    if contact_id is None or form_id is None:
        raise ReadFailed("Bling names no final consumer, or no way to pay")
    return CounterSale(contact_id, text(contact.get("nome")) or "Consumidor Final", form_id)


def make(
    bling: Bling, buyer: CounterSale, *, key: str, product: tuple[int, str, Decimal], units: int, note: str
) -> int:
    """Make an order of `units` of one product (id, name, price each) with `numeroLoja` = `key`; return its id.

    Bling does not refuse a second order with the same key: look for it first. Raises as `Bling.post` does.
    """
    product_id, name, price = product
    today = datetime.now(SAO_PAULO).date().isoformat()
    # Bling refuses an order whose instalments are not the sum of its items to the cent.
    value = round(price, 2)
    total = value * units
    body: dict[str, Any] = {
        "numeroLoja": key,
        "data": today,
        "dataSaida": today,
        "dataPrevista": today,
        "contato": {"id": buyer.contact_id, "nome": buyer.contact_name},
        "itens": [
            {"produto": {"id": product_id}, "quantidade": units, "valor": float(value), "descricao": name or "Produto"}
        ],
        "parcelas": [{"dataVencimento": today, "valor": float(total), "formaPagamento": {"id": buyer.payment_form_id}}],
        "observacoes": note,
    }
    known = identifier(part({"data": bling.post("/pedidos/vendas", body)}, "data").get("id"))
    if known is None:
        raise OutcomeUnknown("Bling's answer names no order")
    return known


def launch(bling: Bling, order_id: int, deposit_id: int) -> None:
    """Book the order's units out of a deposit. Raises as `Bling.post` does."""
    bling.post(f"/pedidos/vendas/{order_id}/lancar-estoque/{deposit_id}")


def situation_of(row: dict[str, Any]) -> int | None:
    """`situacao.valor` of an order, also where an answer or an event names only the situação's id."""
    situation = part(row, "situacao")
    found = number(situation.get("valor"))
    if found is None:
        return _VALUE_OF.get(identifier(situation.get("id")) or 0)
    return int(found) if 0 <= found <= _LARGEST_SITUATION else None

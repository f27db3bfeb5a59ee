"""``POST /cart/validate``: which lines of a cart would get their units now."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from reservations import engine
from reservations.models import Scope, limits_of

from . import answers, body
from .answers import Reply
from .operation import Operation
from .pipeline import ApiRequest, ApiView
from .schema import operations
from .serializers import RESERVE_CART
from .stock import TellsStock
from .web_request import WebRequest

# Why a line would not get its units: the sentences that shoppers read.
REASONS: dict[str, dict[str, str]] = {
    "unknown": {"pt-br": "Este produto não está à venda.", "en": "This product is not for sale."},
    "sold_out": {"pt-br": "Esgotado.", "en": "Sold out."},
    "taken": {"pt-br": "Em outros carrinhos agora.", "en": "In other carts right now."},
    "being_confirmed": {"pt-br": "Em confirmação.", "en": "Being confirmed."},
    "short": {
        "pt-br": "Só há {units} unidade(s) para este carrinho.",
        "en": "Only {units} unit(s) are left for this cart.",
    },
    "limited": {
        "pt-br": "Cada carrinho pode ter no máximo {units} unidade(s) deste produto.",
        "en": "A cart can have at most {units} unit(s) of this product.",
    },
}

# What another's hold that ends may change.
_MAY_PASS = ("taken", "short")


class ValidateCart(TellsStock):
    """A look at the stock through the eyes of one cart. It holds nothing and promises nothing."""

    scope = Scope.READ

    async def reply(self, request: WebRequest, **address: str) -> Reply:
        """Say of each SKU what is held for the cart, what is free, and whether that is enough."""
        asked, _ = await body.members(request, RESERVE_CART)
        wanted = [engine.Line(**line) for line in asked["lines"]]
        found = await request.ask(partial(engine.cart_lines, request.shop.pk, asked["cart_token"], wanted))
        lines = [self._line_told(request, line) for line in found]
        verdict = {"cart_token": asked["cart_token"], "ok": all(line["ok"] for line in lines), "lines": lines}
        reply = answers.send(answers.success(verdict))
        answers.name_language(reply, request.language)
        return reply

    def _line_told(self, request: WebRequest, line: engine.CartLine) -> dict[str, Any]:
        reason = _reason(line, limits_of(request.shop, line.sku).units_per_cart)
        sentence = reason and REASONS[reason[0]][request.language].format(units=self.units_told(request, reason[1]))
        return {
            "sku": line.sku,
            "requested": line.requested,
            "held": line.held,
            "available": self.units_told(request, max(0, line.free or 0)),
            "ok": reason is None,
            "reason": sentence,
            **({"sells_without_stock": True} if line.sells_without_stock else {}),
            **({"retry_at": line.retry_at} if reason and reason[0] in _MAY_PASS and line.retry_at else {}),
        }


class ValidateCartView(ApiView):
    """A look at the stock through the eyes of one cart. It holds nothing and promises nothing."""

    meanings: ClassVar[Mapping[str, Operation]] = {"POST": ValidateCart()}

    @operations.validate_cart
    def post(self, request: ApiRequest) -> Reply:
        """Say of each SKU what is held for the cart, what is free, and whether that is enough."""
        return self.reply(request)


def _reason(line: engine.CartLine, most: int | None) -> tuple[str, int] | None:
    """The obstacle, and the units that the cart could have; None if there is none."""
    if line.sells_without_stock:
        return None
    if line.free is None:
        return "unknown", 0
    # Before the limit: what a cart holds stays its own, even if the merchant has lowered the limit since.
    if line.held >= line.requested:
        return None
    if most is not None and line.requested > most:
        return "limited", most
    # `free` is below zero in a shortfall; the cart still has what it holds.
    possible = line.held + max(0, line.free)
    if possible >= line.requested:
        return None
    if possible:
        return "short", possible
    # Units that we sold and that the ERP may show already: nobody may call them gone. Nor those that others only hold.
    return ("being_confirmed" if line.in_doubt else "taken" if line.retry_at else "sold_out"), 0

"""Shopify's search syntax, as far as an app needs it: it finds by words and without regard to case, so too much."""

import re
from collections.abc import Callable
from typing import Any

from sandbox.shopify.entities import Entity

_TERM = re.compile(r"""(?:(-)?(\w+):)?(>=|<=|>|<)?("[^"]*"|'[^']*'|[^\s()]+)""")
_WORD = re.compile(r"\w+")

FIELDS: dict[str, Callable[[Any], Any]] = {
    "id": lambda entity: entity.number,
    "sku": lambda entity: entity.sku or "",
    "title": lambda entity: entity.title,
    "status": lambda entity: entity.status,
    "name": lambda entity: entity.name,
    "tag": lambda entity: " ".join(entity.tags),
    "barcode": lambda entity: entity.barcode or "",
    "product_id": lambda entity: entity.product.number,
    "cart_token": lambda entity: entity.cart_token or "",
    "updated_at": lambda entity: entity.updated_at,
    "created_at": lambda entity: entity.created_at,
    "processed_at": lambda entity: entity.created_at,
    "financial_status": lambda entity: entity.display_financial_status,
}


def matcher(query: str | None) -> Callable[[Entity], bool]:
    """Whether an entity is found: alternatives between OR, all terms of one alternative. Unknown fields are ignored."""
    if not query or not query.strip():
        return lambda entity: True
    alternatives = [_terms(part) for part in re.split(r"\sOR\s", query)]
    return lambda entity: any(all(term(entity) for term in terms) for terms in alternatives)


def _terms(text: str) -> list[Callable[[Entity], bool]]:
    found = _TERM.finditer(text.replace(" AND ", " ").strip("() "))
    return [_term(*match.groups()) for match in found]


def _term(minus: str | None, name: str | None, comparison: str | None, value: str) -> Callable[[Entity], bool]:
    wanted = value.strip("\"'")

    def holds(entity: Entity) -> bool:
        if name is None:
            return any(_matches(str(_read(entity, known)), None, wanted) for known in ("sku", "title", "name"))
        if name not in FIELDS:
            return True
        return _matches(_read(entity, name), comparison, wanted) is not bool(minus)

    return holds


def _read(entity: Entity, name: str) -> Any:
    try:
        return FIELDS[name](entity)
    except AttributeError:
        return ""


def _matches(value: Any, comparison: str | None, wanted: str) -> bool:
    if comparison:
        left: Any
        right: Any
        left, right = (value, int(wanted)) if isinstance(value, int) and wanted.isdigit() else (str(value), wanted)
        return bool({">": left > right, ">=": left >= right, "<": left < right, "<=": left <= right}[comparison])
    if wanted.endswith("*"):
        return str(value).lower().startswith(wanted[:-1].lower())
    have, want = (set(_WORD.findall(str(text).lower())) for text in (value, wanted))
    return want <= have

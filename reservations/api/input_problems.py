"""The problems that one member of a body can have: a stable code, and a sentence in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass

from rest_framework.exceptions import ErrorDetail, ValidationError

from .limits import MAX_IDS, MAX_LINES, MAX_ORDER_ID_LENGTH, MAX_PROBLEMS_SHOWN, MAX_QUANTITY, MAX_SKU_LENGTH

assert MAX_IDS == MAX_LINES  # the sentence of "too_many" speaks for lines and ids alike
_SHOWN_LENGTH = 100

TEXTS: dict[str, dict[str, str]] = {
    "required": {"pt-br": "é obrigatório", "en": "is required"},
    "null": {"pt-br": "não pode ser null", "en": "cannot be null"},
    "unknown_member": {"pt-br": "não existe neste pedido", "en": "is not a member of this request"},
    "not_an_object": {"pt-br": "deve ser um objeto", "en": "must be an object"},
    "not_a_list": {"pt-br": "deve ser uma lista", "en": "must be a list"},
    "empty": {"pt-br": "não pode estar vazio", "en": "cannot be empty"},
    "too_many": {"pt-br": f"pode ter no máximo {MAX_IDS} itens", "en": f"has at most {MAX_IDS} items"},
    "not_an_integer": {
        "pt-br": "deve ser um número inteiro do JSON, sem aspas, ponto ou expoente",
        "en": "must be a JSON integer, without quotes, point or exponent",
    },
    "out_of_range": {
        "pt-br": f"deve estar entre 1 e {MAX_QUANTITY}",
        "en": f"must be between 1 and {MAX_QUANTITY}",
    },
    "not_a_string": {"pt-br": "deve ser um texto", "en": "must be a string"},
    "not_a_uuid": {
        "pt-br": "deve ser um UUID como '3b241101-e2bb-4255-8caf-4136c566a962'",
        "en": "must be a UUID such as '3b241101-e2bb-4255-8caf-4136c566a962'",
    },
    "invalid_sku": {
        "pt-br": f"deve ter de 1 a {MAX_SKU_LENGTH} caracteres, nenhum deles de controle",
        "en": f"must have 1 to {MAX_SKU_LENGTH} characters, none of them a control character",
    },
    "invalid_order_id": {
        "pt-br": f"deve ter de 1 a {MAX_ORDER_ID_LENGTH} caracteres, nenhum deles de controle",
        "en": f"must have 1 to {MAX_ORDER_ID_LENGTH} characters, none of them a control character",
    },
    "invalid_cart_token": {
        "pt-br": "deve ser o token do carrinho do Shopify, sem a parte '?key='",
        "en": "must be the token of Shopify's cart, without its part '?key='",
    },
    "exactly_one_target": {
        "pt-br": "deve ter exatamente um entre reservation_id, reservation_ids e cart_token",
        "en": "must have exactly one of reservation_id, reservation_ids and cart_token",
    },
}
# Our codes for problems that the REST framework names too loosely.
_NAMES = {"invalid": "not_an_object", "max_length": "too_many"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at ``field``, a place such as ``lines[2].quantity``; empty for the body as a whole."""

    field: str
    code: str

    def sentence(self, language: str) -> str:
        """The problem in words."""
        return f"{self.field or 'JSON'} {TEXTS[self.code][language]}"


def problems_of(error: ValidationError) -> tuple[Problem, ...]:
    """The problems that a serializer found, in the order of its members."""
    # Lazily: a body of a thousand bad lines costs no more than the first few of its problems.
    found = (Problem(field, code) for field, code in _walk("", error.detail))
    return tuple(problem for problem, _ in zip(found, range(MAX_PROBLEMS_SHOWN), strict=False))


def _walk(field: str, detail: object) -> Iterator[tuple[str, str]]:
    if isinstance(detail, ErrorDetail):
        yield field, _NAMES.get(detail.code or "", detail.code or "")
    elif isinstance(detail, dict):
        for key, inner in detail.items():
            yield from _walk(_place(field, key), inner)
    elif isinstance(detail, list):
        for inner in detail:
            yield from _walk(field, inner)


def _place(field: str, key: object) -> str:
    if key == "non_field_errors":
        return field
    if isinstance(key, int):
        return f"{field}[{key}]"
    name = str(key)[:_SHOWN_LENGTH]
    return f"{field}.{name}" if field else name

"""Reading Bling's query parameters: arrays repeat the key with brackets, pages begin at 1."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sandbox.bling.errors import invalid
from sandbox.web import Request, Response, json_response

T = TypeVar("T")

PAGE = 100
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
A_YEAR_SECONDS = 366 * 86_400


def data(value: object, status: int = 200) -> Response:
    """An answer in Bling's envelope."""
    return json_response(status, {"data": value})


def texts(request: Request, name: str) -> list[str]:
    """The values of `name[]`. Without the brackets there are none."""
    return request.query.get(f"{name}[]", [])


def numbers(request: Request, name: str) -> list[int]:
    """The same as integers. Raises Refusal."""
    return [number(value, name) for value in texts(request, name)]


def number(text: str, name: str) -> int:
    """An integer in a query. Raises Refusal."""
    if not (text.isascii() and text.removeprefix("-").isdigit()):
        raise invalid(name, f"O valor informado para {name} é inválido.")
    return int(text)


def optional_number(request: Request, name: str) -> int | None:
    """An integer in a query, None when it is not there. Raises Refusal."""
    text = request.one(name)
    return None if text is None else number(text, name)


def page(request: Request, found: Sequence[T]) -> Sequence[T]:
    """The page that the query names. Bling gives no total: a short page is the last."""
    size = min(PAGE, max(1, optional_number(request, "limite") or PAGE))
    first = (max(1, optional_number(request, "pagina") or 1) - 1) * size
    return found[first : first + size]


def period(request: Request, name: str) -> tuple[date, date] | None:
    """The days of `nameInicial` and `nameFinal`, None without. Raises Refusal for more than a year."""
    first, last = request.one(f"{name}Inicial"), request.one(f"{name}Final")
    if first is None and last is None:
        return None
    begin = _day(first, name) if first else date.min
    end = _day(last, name) if last else date.max
    if first and last and (end - begin).days > 366:
        raise invalid(name, "O período informado não pode ser maior que 1 ano.")
    return begin, end


def moments(request: Request, name: str) -> tuple[float, float]:
    """`nameInicial` and `nameFinal`, in São Paulo's time, as seconds since 1970; an end left out is open.

    Raises Refusal.
    """
    first, last = (_moment(request.one(f"{name}{end}"), name) for end in ("Inicial", "Final"))
    if first is not None and last is not None and last - first > A_YEAR_SECONDS:
        raise invalid(name, "O período informado não pode ser maior que 1 ano.")
    return (float("-inf") if first is None else first), (float("inf") if last is None else last)


def _moment(text: str | None, name: str) -> float | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SAO_PAULO).timestamp()
    except ValueError:
        raise invalid(name, "Data inválida.") from None


def _day(text: str, name: str) -> date:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise invalid(name, "Data inválida.") from None

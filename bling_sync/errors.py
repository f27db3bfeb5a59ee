"""Why a call to Bling brought nothing, by what the caller may do about it.

`NotApplied`: Bling did nothing; the same call may be made again. `OutcomeUnknown`: it may have; a write must not be
repeated blindly. `Refused`: Bling did nothing and will not; only a person can change that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bling_sync.storable_text import storable
from plumbing.whole_number import whole_number


class BlingError(Exception):
    """A call that brought nothing. The message is in English, for logs and operators, and holds no secret."""


class NotApplied(BlingError):
    """Bling did nothing. `retry_after` (seconds) says when to try again, None leaves it to the caller."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unreachable(NotApplied):
    """No connection was made, so nothing was sent."""


class RateLimited(NotApplied):
    """Too many requests: of this second, or of this `day`."""

    def __init__(self, message: str, retry_after: float, *, day: bool = False) -> None:
        super().__init__(message, retry_after)
        self.day = day


class Waiting(NotApplied):
    """We hold back on our own account: Bling did not answer lately, or the budget is spent."""


class NotRenewed(Waiting):
    """We cannot, or should not, renew this shop's tokens now, and without one we cannot call Bling."""


class AccessRefused(NotApplied):
    """Bling refused the access token, even a renewed one; it may accept one later."""


class AuthorizationLost(NotApplied):
    """Bling takes none of our tokens: only the merchant can authorize us again."""


class NotConnected(NotApplied):
    """The shop has no connection to Bling, or the merchant ended it."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One of `fields[]`: what Bling has against which value. Its description alone is generic."""

    code: int
    element: str
    message: str


class Refused(BlingError):
    """Bling understood and said no (4xx). Nothing was done."""

    def __init__(self, status: int, kind: str, message: str, fields: tuple[FieldError, ...] = ()) -> None:
        details = "; ".join(f"{field.element}: {field.message} ({field.code})" for field in fields)
        super().__init__(f"{status} {kind}: {message}{f' [{details}]' if details else ''}"[:500])
        self.status = status
        self.kind = kind
        self.fields = fields


class ScopeMissing(Refused):
    """The app was registered without the right to this resource."""


class OutcomeUnknown(BlingError):
    """The request was sent and no answer came that says what became of it."""


class ReadFailed(NotApplied):
    """A read brought no answer: it has no effect, so it may be repeated."""


def error_of(body: object) -> tuple[str, str, Mapping[str, Any]]:
    """Type, message and the whole of the error in an answer's body, in Bling's shape or OAuth's plain one."""
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, dict):
        message = storable(error.get("description")) or storable(error.get("message"))
        return storable(error.get("type"), 64), message, error
    if isinstance(error, str) and isinstance(body, dict):
        return storable(error, 64), storable(body.get("error_description")), {}
    return "", "", {}


def fields_of(error: Mapping[str, Any]) -> tuple[FieldError, ...]:
    """The fields that an error names, those inside collections too."""
    found = []
    rows = error.get("fields")
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict):
            element, message = storable(row.get("element")), storable(row.get("msg"))
            found.append(FieldError(_number(row.get("code")), element, message))
            found += fields_of({"fields": row.get("collection")})
    return tuple(found)


def _number(value: object) -> int:
    if isinstance(value, str):
        return whole_number(value) or 0
    return value if isinstance(value, int) else 0

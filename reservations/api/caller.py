"""Who calls: whatever the way of proving it, it ends in a shop and a name for the credential."""

from dataclasses import dataclass

from rest_framework.request import Request

from reservations.models import Shop


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller that has proved who it is.

    ``credential`` names the proof (``key:12``): idempotency keys of two credentials never meet.
    ``requests_per_minute`` is None where there is no limit.
    """

    shop: Shop
    credential: str
    requests_per_minute: int | None = None


class ApiRequest(Request):
    """A request whose caller is known; every query that it leads to names ``shop``."""

    caller: Caller
    shop: Shop

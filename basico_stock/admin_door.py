"""The door of Django's admin: from where it can be reached, and what its pages may load.

The admin is on the host that every shopper's browser reaches, so production keeps it shut until `ADMIN_NETWORKS` names
networks. To anybody else there is nothing at its addresses.
"""

from collections.abc import Callable
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from reservations.api import exception_handler
from reservations.api.caller_address import caller_address

PREFIX = "/admin"
# Scripts and styles from files of ours alone. The image of a QR code comes in the page itself.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EVERYWHERE = "all"
Network = IPv4Network | IPv6Network


class AdminDoor:
    """Middleware: 404 for who may not reach the admin, and a policy for whatever page the others get."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Hand the request on, if it does not knock at a shut door."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        if not is_open_to(caller_address(request.META)):
            return exception_handler.not_found(request)
        response = self.get_response(request)
        response["Content-Security-Policy"] = POLICY
        return response


def is_open_to(address: str) -> bool:
    """Whether the admin can be reached from this address, as :func:`caller_address` spells it."""
    if EVERYWHERE in settings.ADMIN_NETWORKS:
        return True
    try:
        caller = ip_network(address)
    except ValueError:
        # An address that nobody can read lies in no network.
        return False
    return any(_holds(network, caller) for network in networks(tuple(settings.ADMIN_NETWORKS)))


@cache
def networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    """The networks that these texts name, as in ``203.0.113.0/24``. Raises ValueError for a text that names none."""
    return tuple(ip_network(text) for text in texts)


def _holds(network: Network, caller: Network) -> bool:
    match network, caller:
        case (IPv4Network(), IPv4Network()) | (IPv6Network(), IPv6Network()):
            return caller.subnet_of(network)  # type: ignore[arg-type]
    return False

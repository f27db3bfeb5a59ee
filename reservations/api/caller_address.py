"""Whose address a request comes from, as far as the proxies that we trust tell.

Each proxy on the way writes the address that called it at the end of ``X-Forwarded-For``. Whatever stands before the
entries of proxies that we know, the caller may have written. So we count from the end: the ``TRUSTED_PROXIES`` of this
installation, and those of whoever passed the call on to us.
"""

from collections.abc import Mapping
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings
from prometheus_client import Counter

# All whose address cannot be read count as one: no odd spelling is a way around a limit.
UNREADABLE = "unreadable"
# A household, or a telephone, has all addresses of such a network, and takes a new one whenever it likes.
_NETWORK_BITS = 64

UNREADABLE_ADDRESSES = Counter(
    "bazico_unreadable_addresses_total",
    "Requests whose caller's address could not be read: is TRUSTED_PROXIES the number of proxies in front?",
)


def caller_address(environ: Mapping[str, Any], *, passed_on_by: int = 0) -> str:
    """The caller's IPv4 address, or its IPv6 network of 64 bits, in one spelling; `UNREADABLE` where nobody knows.

    `environ` is a request's ``META``. `passed_on_by` counts proxies of others, beyond our own, that the call came
    through and that write the header as ours do.
    """
    trusted = settings.TRUSTED_PROXIES + passed_on_by
    address = _counted_as(_entry(environ, trusted).strip())
    if address == UNREADABLE:
        UNREADABLE_ADDRESSES.inc()
    return address


def _entry(environ: Mapping[str, Any], trusted: int) -> str:
    """What the farthest of so many trusted proxies wrote; the connection's own address where we trust none."""
    if not trusted:
        return str(environ.get("REMOTE_ADDR", ""))
    entries = str(environ.get("HTTP_X_FORWARDED_FOR", "")).rsplit(",", trusted)
    # Fewer entries than proxies: it came around one of them.
    return entries[-trusted] if len(entries) >= trusted else ""


def _counted_as(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return UNREADABLE
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), _NETWORK_BITS), strict=False))

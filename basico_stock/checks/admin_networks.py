"""ADMIN_NETWORKS must be networks: a text that names none would fail each request to the admin."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from basico_stock import admin_door

# We know an IPv6 caller by the network of 64 bits.
LONGEST_IPV6 = 64


@register(Tags.security)
def networks_of_the_admin_are_networks(**_: Any) -> list[CheckMessage]:
    """Read them one by one, so that the sentence names the wrong one."""
    return [
        Error(
            f"ADMIN_NETWORKS cannot be read: {text}. Write networks as in 203.0.113.0/24,2001:db8:1:2::/64.",
            id="basico.E037",
        )
        for text in settings.ADMIN_NETWORKS
        if not _is_network(text)
    ]


def _is_network(text: str) -> bool:
    if text == admin_door.EVERYWHERE:
        return True
    try:
        (network,) = admin_door.networks((text,))
    except ValueError:
        return False
    return network.version == 4 or network.prefixlen <= LONGEST_IPV6

"""What `bin/dev` starts for the sandbox, and the addresses that lead the service to it."""

import shlex
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BLING_OFFSET = 1_000
SHOPIFY_OFFSET = 2_000
PORTS = 65_536


@dataclass(frozen=True)
class Ports:
    """Where the stand-ins of one sandbox listen, on loopback."""

    bling: int
    shopify: int


def ports_beside(web_port: int) -> Ports:
    """The stand-ins' ports beside a service on `web_port`: always the same ones, others only where those are taken."""
    return Ports(_free(_beside(web_port, BLING_OFFSET)), _free(_beside(web_port, SHOPIFY_OFFSET)))


def processes(ports: Ports, home: Path) -> dict[str, str]:
    """Name and shell command of each stand-in, in the manner of the Procfile; each keeps its books in `home`."""
    wanted = {"bling": ports.bling, "shopify": ports.shopify}
    return {
        name: f"python -m sandbox.{name} --port {port} --books {shlex.quote(str(_books(home, name)))}"
        for name, port in wanted.items()
    }


def forget(home: Path) -> None:
    """Remove the books of the stand-ins of `home`: they begin anew."""
    for name in ("bling", "shopify"):
        _books(home, name).unlink(missing_ok=True)


def environment(ports: Ports) -> Mapping[str, str]:
    """The settings that lead the service to the stand-ins instead of to the real Bling and Shopify."""
    bling = f"http://127.0.0.1:{ports.bling}/Api/v3"
    return {
        "BLING_API_URL": bling,
        "BLING_AUTHORIZE_URL": f"{bling}/oauth/authorize",
        "SHOPIFY_ADMIN_URL": f"http://127.0.0.1:{ports.shopify}/{{shop}}",
    }


def _books(home: Path, name: str) -> Path:
    return home / f"{name}.books"


def _beside(port: int, offset: int) -> int:
    return port + offset if port + offset < PORTS else port - offset


def _free(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no port is free on this machine")

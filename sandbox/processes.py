"""What `bin/dev` starts for the sandbox, and the addresses that lead the service to it."""

from collections.abc import Mapping

BLING_OFFSET = 1_000
SHOPIFY_OFFSET = 2_000
PORTS = 65_536


def bling_port(web_port: int) -> int:
    """The port of the stand-in for Bling beside a service on `web_port`, so that two sandboxes never meet."""
    return _beside(web_port, BLING_OFFSET)


def shopify_port(web_port: int) -> int:
    """The port of the stand-in for Shopify beside a service on `web_port`."""
    return _beside(web_port, SHOPIFY_OFFSET)


def processes(web_port: int) -> dict[str, str]:
    """Name and shell command of each stand-in, in the manner of the Procfile."""
    return {
        "bling": f"python -m sandbox.bling --port {bling_port(web_port)}",
        "shopify": f"python -m sandbox.shopify --port {shopify_port(web_port)}",
    }


def environment(web_port: int) -> Mapping[str, str]:
    """The settings that lead the service to the stand-ins instead of to the real Bling and Shopify."""
    bling = f"http://127.0.0.1:{bling_port(web_port)}/Api/v3"
    return {
        "BLING_API_URL": bling,
        "BLING_AUTHORIZE_URL": f"{bling}/oauth/authorize",
        "SHOPIFY_ADMIN_URL": f"http://127.0.0.1:{shopify_port(web_port)}/{{shop}}",
    }


def _beside(port: int, offset: int) -> int:
    return port + offset if port + offset < PORTS else port - offset

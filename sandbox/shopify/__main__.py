"""`python -m sandbox.shopify`: the stand-in as a process, for the app that the settings name."""

import sys

from sandbox.program import run
from sandbox.shopify import RunningStandIn, serve


def _make(base: str, port: int) -> RunningStandIn:
    from django.conf import settings

    secrets = settings.SHOPIFY_API_KEY, settings.SHOPIFY_API_SECRET
    return serve(*secrets, f"{base}/shopify/webhooks", f"{base}/proxy", port=port)


if __name__ == "__main__":
    sys.exit(run("sandbox.shopify", "A stand-in for Shopify, on loopback.", _make))

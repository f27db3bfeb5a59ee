"""`python -m sandbox.bling`: the stand-in as a process, for the app that the settings name."""

import sys

from sandbox.bling import RunningStandIn, serve
from sandbox.program import run

# Lag as a newcomer can watch it; measured on real accounts: 9 to 22 seconds.
LAG_SECONDS = (1.0, 3.0)


def _make(base: str, port: int) -> RunningStandIn:
    from django.conf import settings

    app = settings.BLING_CLIENT_ID, settings.BLING_CLIENT_SECRET
    serving = serve(*app, f"{base}/bling/callback", f"{base}/bling/webhooks", port=port)
    manners = serving.bling.deliveries.manners
    manners.lag_min, manners.lag_max = LAG_SECONDS
    return serving


if __name__ == "__main__":
    sys.exit(run("sandbox.bling", "A stand-in for Bling, on loopback.", _make))

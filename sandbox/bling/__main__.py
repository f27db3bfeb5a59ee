"""`python -m sandbox.bling`: the stand-in as a process, for the app that the settings name."""

import argparse
import os
import signal
import sys
import threading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "basico_stock.settings")

from django.conf import settings

from sandbox.bling import serve
from sandbox.guard import NotASandbox

# Lag as a newcomer can watch it; measured on real accounts: 9 to 22 seconds.
LAG_SECONDS = (1.0, 3.0)


def main() -> int:
    """Serve until asked to stop; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.bling", description="A stand-in for Bling, on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--public-url", help="where the service listens; default: the setting PUBLIC_URL")
    options = parser.parse_args()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        return _serve(options.port, options.public_url, stopped)
    except (NotASandbox, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1


def _serve(port: int, public_url: str | None, stopped: threading.Event) -> int:
    base = (public_url or settings.PUBLIC_URL).rstrip("/")
    serving = serve(
        *(settings.BLING_CLIENT_ID, settings.BLING_CLIENT_SECRET),
        *(f"{base}/bling/callback", f"{base}/bling/webhooks"),
        port=port,
    )
    serving.bling.deliveries.manners.lag_min, serving.bling.deliveries.manners.lag_max = LAG_SECONDS
    with serving:
        print(f"Bling's stand-in answers at {serving.api_url}, orders to it at {serving.url}/_control/", flush=True)
        stopped.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A stateful Bling: OAuth with rotation, products, balances, movements, orders, limits, signed webhooks.

`python -m sandbox.bling --port 9000` is a process; `serve()` is a thread of a test.
"""

from sandbox.bling.bling_server import RunningStandIn, serve
from sandbox.bling.events import Registration, sign

__all__ = ["Registration", "RunningStandIn", "serve", "sign"]

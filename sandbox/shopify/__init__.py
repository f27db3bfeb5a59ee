"""A stateful Shopify: Admin GraphQL on its own schema, rotating tokens, signed webhooks, the app proxy.

`python -m sandbox.shopify --port 10000` is a process; `serve()` is a thread of a test.
"""

from sandbox.shopify.shopify import DEMO_SHOP
from sandbox.shopify.shopify_server import RunningStandIn, serve

__all__ = ["DEMO_SHOP", "RunningStandIn", "serve"]

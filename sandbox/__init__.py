"""Stand-ins for Bling and Shopify, for a laptop and for tests: real HTTP, misbehaviour on request.

Each is a process of its own (`python -m sandbox.bling`, `python -m sandbox.shopify`) or a thread of a test
(`sandbox.bling.serve()`). They listen on loopback only and refuse to start outside a sandbox (`sandbox.permission`).
`docs/sandbox.md` says how to command each.
"""

from sandbox.ports import Ports, environment, forget, ports_beside, processes

__all__ = ["Ports", "environment", "forget", "ports_beside", "processes"]

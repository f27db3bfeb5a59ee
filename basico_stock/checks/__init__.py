"""System checks: a misconfigured machine does not start, and each mistake is one sentence.

`manage.py check --database default` runs them all; each process of the Procfile runs them first (startup.py).
"""

from basico_stock.checks import addresses, admin_networks, demo_sign_in, durability, middleware, postgres, secrets

__all__ = ["addresses", "admin_networks", "demo_sign_in", "durability", "middleware", "postgres", "secrets"]

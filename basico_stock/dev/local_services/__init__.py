"""Real PostgreSQL and real Redis for a laptop and for tests, from wheels, with nothing to install.

Unix sockets only: nothing listens on the network. Never for production: no backups, no replica, an old Redis; a system
check refuses them there.
"""

from basico_stock.dev.local_services.errors import LocalServiceError
from basico_stock.dev.local_services.home_services import Services

__all__ = ["LocalServiceError", "Services"]

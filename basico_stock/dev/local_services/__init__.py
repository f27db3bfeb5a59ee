"""Real PostgreSQL and real Redis for a laptop and for tests, from wheels, with nothing to install.

They listen on unix sockets only, never on the network. They are not for production (no backups, no replica, an old
Redis), where a system check refuses them.
"""

from basico_stock.dev.local_services.errors import LocalServiceError
from basico_stock.dev.local_services.home_services import Services

__all__ = ["LocalServiceError", "Services"]

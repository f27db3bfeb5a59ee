"""Find a TCP port for a server that a test starts."""

import random
import socket
from contextlib import suppress

# Below those that systems give to outgoing connections: one of them could take a port there before its server does.
PORTS = range(20_000, 32_000)


def free_port() -> int:
    """A port of this machine's that nothing listens on."""
    while True:
        port = random.choice(PORTS)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port

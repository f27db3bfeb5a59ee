"""What every stand-in is made of, whichever service it plays: memory, reception, control panel, and a loopback port."""

from sandbox.stand_in.loopback import OnLoopback
from sandbox.stand_in.memory import Memory
from sandbox.stand_in.panel import PREFIX, Panel
from sandbox.stand_in.reception import Reception
from sandbox.stand_in.remote import Remote, RemoteError

__all__ = ["PREFIX", "Memory", "OnLoopback", "Panel", "Reception", "Remote", "RemoteError"]

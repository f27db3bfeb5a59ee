"""What every stand-in is made of, whichever service it plays: memory and books, reception, panel, a loopback port."""

from sandbox.stand_in.books import Books
from sandbox.stand_in.loopback import OnLoopback
from sandbox.stand_in.memory import Memory
from sandbox.stand_in.numbers import Numbers
from sandbox.stand_in.panel import PREFIX, Panel
from sandbox.stand_in.reception import Reception
from sandbox.stand_in.remote import Remote, RemoteError

__all__ = ["PREFIX", "Books", "Memory", "Numbers", "OnLoopback", "Panel", "Reception", "Remote", "RemoteError"]

"""The Procfile: the same commands here as on a platform that runs it."""

import re
from pathlib import Path

from basico_stock.dev.errors import CannotStart
from basico_stock.environment import REPOSITORY

LINE = re.compile(r"^([A-Za-z0-9_-]+):\s*(.+)$")


def read(path: Path = REPOSITORY / "Procfile") -> dict[str, str]:
    """Return each process's name and shell command. Raises CannotStart for any other line."""
    commands = {}
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            match = LINE.match(line)
            if not match:
                raise CannotStart(f"{path} has a line that is not `name: command`: {line}")
            commands[match[1]] = match[2]
    return commands

"""The folder that a test run writes into: in memory where there is room.

Tests commit many thousands of times, and each COMMIT waits for the disk. Every guarantee of the servers stays on
(`fsync` and its like), so tests run on the servers that the product runs on; none of them cuts the power.
"""

import hashlib
import os
import shutil
from pathlib import Path

from basico_stock.environment import REPOSITORY

# Linux keeps what is written here in memory.
MEMORY = Path("/dev/shm")
# Two databases, their logs, and the homes of a few services.
ROOM_BYTES = 4 * 2**30


def directory() -> Path:
    """This project's folder in memory, or `.basico` beside the code where that has no room or is somebody else's."""
    beside = REPOSITORY / ".basico"
    beside.mkdir(exist_ok=True)
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM_BYTES:
        return beside
    identity = f"{os.geteuid()}:{REPOSITORY}"
    folder = MEMORY / f"bazico-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"
    folder.mkdir(mode=0o755, exist_ok=True)
    return folder if folder.lstat().st_uid == os.geteuid() and not folder.is_symlink() else beside

"""Stop what a killed `bin/dev` left running, found by a mark in its environment and not by a pid, which gets reused."""

import os
from contextlib import suppress
from pathlib import Path

import psutil

MARK = "BASICO_DEV_HOME"
# Short: they have lost their parent, and nobody waits for what they do.
PATIENCE_SECONDS = 3


def marked(home: Path) -> dict[str, str]:
    """The variable that marks a process as started for `home`; its children inherit it."""
    return {MARK: str(home)}


def find(home: Path) -> list[psutil.Process]:
    """Return the processes of this user that were started for `home`, this one and its parents left out."""
    this = psutil.Process()
    spared = {this.pid, *(parent.pid for parent in this.parents())}
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            mine = process.pid not in spared and process.uids().real == os.getuid()
            if mine and process.environ().get(MARK) == str(home):
                found.append(process)
    return found


def stop(home: Path) -> int:
    """Stop them, with force where asking does not help. Returns how many there were."""
    found = find(home)
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(found, timeout=PATIENCE_SECONDS)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=PATIENCE_SECONDS)
    return len(found)

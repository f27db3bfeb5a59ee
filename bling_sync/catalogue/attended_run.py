"""Takes a run to its end while a person watches; a worker may take steps of it too, never both at once."""

import time
from collections.abc import Callable

from bling_sync import shop_work
from bling_sync.models import ImportRun, Phase, RunState
from plumbing.away_from_database import pause

# How often a person hears about progress.
SAY_SECONDS = 2.0
# After this long without progress the command gives up; the worker takes the run up when Bling answers again.
PATIENCE_SECONDS = 300.0
_NAP_SECONDS = 1.0


def follow(run: ImportRun, say: Callable[[str], None]) -> None:
    """Work on the run and report progress, until it ends or makes none for PATIENCE_SECONDS.

    It may be interrupted at any time; the run resumes where it was.
    """
    said = moved = time.monotonic()
    while run.state == RunState.RUNNING and time.monotonic() - moved < PATIENCE_SECONDS:
        before = progress(run)
        shop_work.go_on_importing(run.shop_id, seconds=SAY_SECONDS)
        run.refresh_from_db()
        if progress(run) != before:
            moved = time.monotonic()
        elif run.state == RunState.RUNNING:
            # Bling does not answer now, or another process holds the lease (a dead one too, until it ends).
            pause(_NAP_SECONDS)
        if run.state == RunState.RUNNING and time.monotonic() - said >= SAY_SECONDS:
            said = time.monotonic()
            say(progress(run) if said - moved < SAY_SECONDS else f"{progress(run)}, waiting for its turn")


def progress(run: ImportRun) -> str:
    """How far the run is, in one line."""
    phase = Phase(run.phase)
    figures = {
        Phase.PRODUCTS: f"{run.read} products, page {run.page}",
        Phase.BALANCES: f"{run.balanced} of {run.read}",
        Phase.APPLY: f"{run.applied} figures",
    }
    return f"{phase.label}: {figures[phase]}" if phase in figures else f"{phase.label} ({run.read} products)"

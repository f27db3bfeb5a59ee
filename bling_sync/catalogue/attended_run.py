"""Taking a run to its end while a person watches; a worker may do it too, one step at a time either way."""

import time
from collections.abc import Callable

from bling_sync import work_slices
from bling_sync.models import ImportRun, Phase, RunState
from plumbing.away_from_database import pause

# A figure of progress every so often is enough for a person.
SAY_SECONDS = 2.0
# Without any progress for so long, whoever watches may go: the worker takes the run up when Bling answers again.
PATIENCE_SECONDS = 300.0
_NAP_SECONDS = 1.0


def follow(run: ImportRun, say: Callable[[str], None]) -> None:
    """Go on with the run until it ends, or for long gets no further, and say how far it is.

    It can be cut off at any time and taken up again.
    """
    said = moved = time.monotonic()
    while run.state == RunState.RUNNING and time.monotonic() - moved < PATIENCE_SECONDS:
        before = progress(run)
        work_slices.go_on_importing(run.shop_id, seconds=SAY_SECONDS)
        run.refresh_from_db()
        if progress(run) != before:
            moved = time.monotonic()
        elif run.state == RunState.RUNNING:
            # Bling does not answer for now, or another process has the turn (for some seconds also a dead one).
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

"""Takes a run to its end while a person watches; a worker may take steps of it too, never both at once."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from bling_sync import shop_work
from bling_sync.models import ImportRun, Phase, RunState
from plumbing.away_from_database import pause

from . import cancellation, workload

# How often a person hears about progress.
SAY_SECONDS = 2.0
# After this long without progress the command gives up; the worker takes the run up when Bling answers again.
PATIENCE_SECONDS = 300.0
_NAP_SECONDS = 1.0


def follow(run: ImportRun, say: Callable[[str], None]) -> None:
    """Work on the run and report progress, until it ends or makes none for PATIENCE_SECONDS.

    Ctrl-C cancels the run between two steps; pressed again it only ends the command, and a worker goes on.
    """
    with _ctrl_c() as pressed:
        _follow(run, say, pressed)


def _follow(run: ImportRun, say: Callable[[str], None], pressed: threading.Event) -> None:
    said = moved = time.monotonic()
    while run.state == RunState.RUNNING and time.monotonic() - moved < PATIENCE_SECONDS:
        before = progress(run)
        if pressed.is_set() and run.cancel_asked_at is None:
            say("Cancelling.")
            cancellation.ask(run)
        shop_work.go_on_importing(run.shop_id, seconds=SAY_SECONDS)
        run.refresh_from_db()
        if progress(run) != before:
            moved = time.monotonic()
        elif run.state == RunState.RUNNING:
            # Bling does not answer now, or another process holds the lease (a dead one too, until it ends).
            pause(_NAP_SECONDS)
        if run.state == RunState.RUNNING and time.monotonic() - said >= SAY_SECONDS:
            said = time.monotonic()
            waits = "" if said - moved < SAY_SECONDS else ", waiting for its turn"
            say(f"{progress(run)}{waits}, {time_left(run)}")


def progress(run: ImportRun) -> str:
    """How far the run is, in one line."""
    phase = Phase(run.phase)
    figures = {
        Phase.PRODUCTS: f"{run.read} products, page {run.page}",
        Phase.BALANCES: f"{run.balanced} of {run.read}",
        Phase.APPLY: f"{run.applied} figures",
    }
    return f"{phase.label}: {figures[phase]}" if phase in figures else f"{phase.label} ({run.read} products)"


def time_left(run: ImportRun) -> str:
    """How much longer it takes, in one line."""
    seconds = workload.left(run)
    return "time left: known once all products are read" if seconds is None else f"about {seconds:.0f} s left"


@contextmanager
def _ctrl_c() -> Iterator[threading.Event]:
    """Note the first Ctrl-C instead of breaking off in the middle of a step."""
    pressed = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield pressed
        return

    def note(number: int, frame: FrameType | None) -> None:
        pressed.set()
        signal.signal(signal.SIGINT, former)

    former = signal.signal(signal.SIGINT, note)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, former)

"""What web, worker, guard and beat do before anything else: refuse to run on a mistaken machine."""

import gc
import multiprocessing
import signal
import sys

from django.core import checks

# Net new objects before the collector looks at the young ones (Python's own figure is 700), and how many such rounds
# before it looks at the older.
GC_YOUNG_OBJECTS = 5_000
GC_OLDER_ROUNDS = 20


def stop_when_asked_while_loading() -> None:
    """Let SIGTERM end a web process that is still loading the program.

    Granian's workers are forked with their parent's handler, which only makes a note in their copy of the server, and
    get their own once the program is loaded. One asked to stop in between would not hear it, and its parent would wait
    for it in vain. So the note is read, and from here on the signal ends the process.
    """
    if multiprocessing.current_process().name == "granian-worker":
        inherited = signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if getattr(getattr(inherited, "__self__", None), "interrupt_signal", False):
            sys.exit(0)


def refuse_mistakes() -> None:
    """Run the system checks, the database's among them; on errors say each and end the process with status 1."""
    errors = [found for found in checks.run_checks(databases=["default"]) if found.is_serious()]
    if errors:
        sentences = [f"- {error.msg} ({error.id})\n" for error in errors]
        sys.stderr.writelines(["Refusing to start:\n", *sentences])
        sys.stderr.flush()
        sys.exit(1)


def settle_memory() -> None:
    """Take what was loaded out of the garbage collector's sight, and let it look less often.

    A full collection walks every object of the process, and it came in the middle of a batch, with the row locked:
    15 % of a web process's time in a flash sale, and most of its slowest answers.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_YOUNG_OBJECTS, GC_OLDER_ROUNDS, GC_OLDER_ROUNDS)

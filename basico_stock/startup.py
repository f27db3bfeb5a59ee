"""The first steps of web, worker, guard and beat: above all, refuse to run on a misconfigured machine."""

import gc
import multiprocessing
import signal
import sys

from django.core import checks

# So many net new objects make the garbage collector look at the young ones (Python's default is 700), and after so many
# such rounds it looks at the older.
GC_YOUNG_OBJECTS = 5_000
GC_OLDER_ROUNDS = 20


def stop_when_asked_while_loading() -> None:
    """Let SIGTERM end a web process that is still loading the program.

    Granian forks its workers with their parent's handler, which only sets a flag in their copy of the server; they get
    their own handler once the program is loaded. A worker asked to stop in between would ignore it, and its parent
    would wait in vain. So we read the flag, and from here on the signal ends the process.
    """
    if multiprocessing.current_process().name == "granian-worker":
        inherited = signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if getattr(getattr(inherited, "__self__", None), "interrupt_signal", False):
            sys.exit(0)


def refuse_mistakes() -> None:
    """Run the system checks, the database's included; print every error and end the process with status 1."""
    errors = [found for found in checks.run_checks(databases=["default"]) if found.is_serious()]
    if errors:
        sentences = [f"- {error.msg} ({error.id})\n" for error in errors]
        sys.stderr.writelines(["Refusing to start:\n", *sentences])
        sys.stderr.flush()
        sys.exit(1)


def settle_memory() -> None:
    """Exempt the loaded program from garbage collection, and make collections rarer.

    A full collection walks every object of the process, often in the middle of a batch, with the row locked. It cost
    15 % of a web process's time in a flash sale, and caused most of its slowest answers.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_YOUNG_OBJECTS, GC_OLDER_ROUNDS, GC_OLDER_ROUNDS)

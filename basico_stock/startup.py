"""What web, worker and beat do before anything else: refuse to run on a mistaken machine."""

import multiprocessing
import signal
import sys

from django.core import checks


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

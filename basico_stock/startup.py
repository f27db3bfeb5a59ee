"""What web, worker and beat do before anything else: refuse to run on a mistaken machine."""

import multiprocessing
import signal
import sys

from django.core import checks


def stop_when_asked_while_loading() -> None:
    """Let SIGTERM end a web process that is still loading the program.

    Granian's workers are forked with a handler that only wakes their parent, and get their own once the program is
    loaded. Asked to stop in between, one would not hear it, and its server would wait for it in vain.
    """
    if multiprocessing.current_process().name == "granian-worker":
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def refuse_mistakes() -> None:
    """Run the system checks, the database's among them; on errors say each and end the process with status 1."""
    errors = [found for found in checks.run_checks(databases=["default"]) if found.is_serious()]
    if errors:
        sentences = [f"- {error.msg} ({error.id})\n" for error in errors]
        sys.stderr.writelines(["Refusing to start:\n", *sentences])
        sys.stderr.flush()
        sys.exit(1)

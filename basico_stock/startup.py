"""What web, worker and beat do before anything else: refuse to run on a mistaken machine."""

import sys

from django.core import checks


def refuse_mistakes() -> None:
    """Run the system checks, the database's among them; on errors say each and end the process with status 1."""
    errors = [found for found in checks.run_checks(databases=["default"]) if found.is_serious()]
    if errors:
        sentences = [f"- {error.msg} ({error.id})\n" for error in errors]
        sys.stderr.writelines(["Refusing to start:\n", *sentences])
        sys.stderr.flush()
        sys.exit(1)

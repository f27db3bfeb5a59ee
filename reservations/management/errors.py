"""Turn whatever stands in a command's way into one sentence: a traceback helps nobody who types commands."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, ProgrammingError

from reservations.engine import EngineError


@contextmanager
def as_sentences() -> Iterator[None]:
    """Turn errors that an operator can cause or meet into CommandError; a defect keeps its traceback."""
    try:
        yield
    except ValidationError as error:
        raise CommandError(_sentence(error)) from error
    except EngineError as error:
        raise CommandError(error.detail("en")) from error
    except (OperationalError, InterfaceError, IntegrityError, ProgrammingError) as error:
        # A missing table means that nobody has migrated; any other ProgrammingError is a defect.
        if isinstance(error, ProgrammingError) and not isinstance(error.__cause__, psycopg.errors.UndefinedTable):
            raise
        raise CommandError(_database_sentence(error)) from error


def _sentence(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    named = ((name.replace("_", "-"), " ".join(messages)) for name, messages in error.message_dict.items())
    return " ".join(messages if name == "--all--" else f"{name}: {messages}" for name, messages in named)


def _database_sentence(error: DatabaseError | InterfaceError) -> str:
    if isinstance(error, ProgrammingError):
        return "The database has no tables yet: run manage.py migrate, or bin/dev on a laptop."
    if isinstance(error, IntegrityError):
        return "Somebody else wrote the same at this moment: look, and try again."
    reason = str(error).strip().partition("\n")[0]
    return f"The database does not answer ({reason}): start it (bin/dev on a laptop), or look at DATABASE_URL."

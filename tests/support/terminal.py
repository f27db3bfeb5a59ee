"""Runs commands, in this process or, as an operator does, in a process of their own."""

import os
import subprocess
from io import StringIO
from urllib.parse import urlsplit

from django.core.management import call_command
from django.db import connection

from .command_server import command_server


def output_of(command: str, *arguments: str) -> str:
    """Run the command and return what it prints. Raises CommandError."""
    printed = StringIO()
    call_command(command, *arguments, stdout=printed)
    return printed.getvalue()


def variables_of_this_test(**others: str) -> dict[str, str]:
    """The environment that puts another process on this test's database."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    return {**os.environ, "DATABASE_URL": url, **others}


def in_a_terminal(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py` with these arguments against this test's database."""
    return command_server().run(arguments, variables_of_this_test(**variables), seconds=180)

"""Runs many commands of `manage.py` without as many starts of Python: each in a fork of one process that waits.

That process has imported the packages that every command needs, and nothing that reads a setting or a variable. So a
command still knows its machine by the environment alone and reads the project and its settings itself, as a start from
a terminal does, in a third of the processor time.
"""

import atexit
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from basico_stock.environment import REPOSITORY

# Not prometheus_client, which reads the environment where it is imported.
PACKAGES = {
    "amqp", "billiard", "celery", "click", "cryptography", "django", "drf_spectacular", "environ", "jwt", "kombu",
    "psutil", "psycopg", "psycopg_pool", "redis", "requests", "rest_framework", "shopify", "sqlparse", "urllib3",
    "whitenoise", "yaml",
}  # fmt: skip


class CommandServer:
    """The process that waits, and what it is told through its standard input."""

    def __init__(self) -> None:
        names = [name for name in sys.modules if name.partition(".")[0] in PACKAGES]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.command_fork", json.dumps(names)],
            cwd=REPOSITORY,
            env={name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self.stop)

    def run(
        self, arguments: tuple[str, ...], environment: dict[str, str], seconds: int
    ) -> subprocess.CompletedProcess[str]:
        """Run `manage.py` with these arguments to its end; after `seconds` it is killed."""
        assert self._process.stdin
        assert self._process.stdout
        with tempfile.TemporaryDirectory() as folder:
            outputs = [f"{folder}/stdout", f"{folder}/stderr"]
            print(json.dumps([arguments, environment, seconds, *outputs]), file=self._process.stdin, flush=True)
            status = int(self._process.stdout.readline())
            said = [Path(output).read_text(encoding="utf-8") for output in outputs]
        return subprocess.CompletedProcess(["manage.py", *arguments], status, *said)

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


@cache
def command_server() -> CommandServer:
    """The one of this test process, started when it is first needed."""
    return CommandServer()

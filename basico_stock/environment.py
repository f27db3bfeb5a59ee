"""The source of the settings: environment variables first, then what `bin/dev` wrote down.

`bin/dev` writes every value that it runs with to `$BASICO_HOME/dev.env`, so that `manage.py`, Celery and a shell next
to it find the same database and the same secrets without any variable. An explicit `DEBUG=0` means production, and
production never reads a development machine's file.
"""

import os
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

REPOSITORY = Path(__file__).resolve().parent.parent
OFF = ("", "0", "false", "no", "off", "n", "f")


def home() -> Path:
    """The folder with the data and secrets of a development machine: `$BASICO_HOME`, or `.basico` in the repository."""
    return Path(os.environ.get("BASICO_HOME") or REPOSITORY / ".basico").expanduser().absolute()


def development_file() -> Path:
    """The file in which `bin/dev` records the values it runs with."""
    return home() / "dev.env"


class Environment(environ.Env):
    """django-environ's reader, and one for texts that we must take as they stand."""

    def text(self, name: str, default: str | None = None) -> str:
        """Return the variable's exact text; django-environ takes a secret that begins with `$` for a reference.

        Raises ImproperlyConfigured when the variable is unset and has no default.
        """
        value = self.ENVIRON.get(name, default)
        if value is None:
            raise ImproperlyConfigured(f"{name} is not set. Set it in the environment; bin/dev does so on a laptop.")
        return str(value)

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        """Return the variable as its type: a number, a switch, a list.

        Raises ImproperlyConfigured, which names the variable, where its text does not fit the type.
        """
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} cannot be read: {error}.") from error


def load() -> Environment:
    """Return the environment to read settings from; variables that are set win over the development file."""
    says_production = os.environ.get("DEBUG", "on").strip().lower() in OFF
    if not says_production and development_file().is_file():
        Environment.read_env(development_file(), overwrite=False)
    return Environment()

"""Where the settings come from: environment variables first, then what `bin/dev` wrote down.

`bin/dev` writes every value it runs with to `$BASICO_HOME/dev.env`, so that `manage.py`, Celery and a shell opened next
to it find the same database and the same secrets with no variable set. An explicit `DEBUG=0` means production, and
production never reads a development machine's file.
"""

import os
from pathlib import Path

import environ

REPOSITORY = Path(__file__).resolve().parent.parent
OFF = ("", "0", "false", "no", "off", "n", "f")


def home() -> Path:
    """The folder with the data and secrets of a development machine: `$BASICO_HOME`, or `.basico` in the repository."""
    return Path(os.environ.get("BASICO_HOME") or REPOSITORY / ".basico").expanduser().absolute()


def development_file() -> Path:
    """The file in which `bin/dev` records the values it runs with."""
    return home() / "dev.env"


def load() -> environ.Env:
    """Return the environment to read settings from; variables that are set win over the development file."""
    says_production = os.environ.get("DEBUG", "on").strip().lower() in OFF
    if not says_production and development_file().is_file():
        environ.Env.read_env(development_file(), overwrite=False)
    return environ.Env()

"""The values that this machine runs with: the environment's, the rest made up here, all of them written down.

`manage.py` reads them from `$BASICO_HOME/dev.env` (basico_stock/environment.py). Each start writes the file anew and
keeps only the secrets, so that we can read today what we encrypted yesterday.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import environ
from cryptography.fernet import Fernet

from basico_stock.environment import development_file

KEPT = ("SECRET_KEY", "ENCRYPTION_KEYS")
# Everything that web, worker, guard, beat and `manage.py` must agree on; we record each that is set.
RECORDED = (
    *KEPT,
    *("DEBUG", "HOST", "PORT", "PUBLIC_URL", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "BROKER_URL", "SANDBOX"),
    *("DEMO_API_KEY", "DEMO_HOLD_SECONDS", "ERP_BACKEND", "GROUP_COMMIT", "LOG_LEVEL", "METRICS_TOKEN"),
    *("SHOPIFY_API_KEY", "SHOPIFY_API_SECRET", "SHOPIFY_API_SECRET_PREVIOUS", "SHOPIFY_ADMIN_URL"),
    *("BLING_CLIENT_ID", "BLING_CLIENT_SECRET", "BLING_API_URL", "BLING_AUTHORIZE_URL"),
)
# For these `PORT= bin/dev`, or an empty line of a .env, means unset; an empty secret stays empty: a check refuses it.
EMPTY_IS_UNSET = ("HOST", "PORT", "PUBLIC_URL", "DATABASE_URL", "REDIS_URL")


def complete(given: Mapping[str, str]) -> dict[str, str]:
    """Return the values to run with: `given` first, then kept secrets, then those of a development machine."""
    given = {name: value for name, value in given.items() if value or name not in EMPTY_IS_UNSET}
    port = given.get("PORT", "8000")
    defaults = {
        "DEBUG": "1",
        "HOST": "127.0.0.1",
        "PORT": port,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SANDBOX": "1",
        "DEMO_API_KEY": "demo-key",
        "DEMO_HOLD_SECONDS": "600",
        "SHOPIFY_API_KEY": "demo-shopify-key",
        "SHOPIFY_API_SECRET": "demo-shopify-secret",
        "BLING_CLIENT_ID": "demo-bling-id",
        "BLING_CLIENT_SECRET": "demo-bling-secret",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    }
    return defaults | _kept() | {name: given[name] for name in RECORDED if name in given}


def write(values: Mapping[str, str]) -> None:
    """Write the values down for this user alone, all at once."""
    target = development_file()
    draft = target.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("# Written by bin/dev at each start. Variables that are set win over these values.\n")
        file.writelines(f"{name}={_quoted(value)}\n" for name, value in sorted(values.items()))
    draft.replace(target)


def _kept() -> dict[str, str]:
    found = _read(development_file())
    return {name: found[name] for name in KEPT if found.get(name)}


def _read(file: Path) -> dict[str, str]:
    class Recorded(environ.Env):
        ENVIRON: dict[str, str] = {}

    if file.is_file():
        Recorded.read_env(file)
    return dict(Recorded.ENVIRON)


def _quoted(value: str) -> str:
    # The reader takes all from the first to the last quote, so quotes inside need no escape; a line break would.
    return "'" + value.replace("\n", " ") + "'"

"""Machines as the environment describes them: a sound production machine, and how to run the program on one."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

from cryptography.fernet import Fernet

from basico_stock.environment import REPOSITORY
from tests.support.command_server import command_server

HERE = {"PATH": os.environ.get("PATH", os.defpath), "HOME": os.environ.get("HOME", "/")}


def production(**changes: str | None) -> dict[str, str]:
    """The environment of a sound production machine with `changes`; None takes a variable away."""
    sound: dict[str, str | None] = {
        **HERE,
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "DATABASE_URL": "postgresql://bazico@db.internal/bazico",
        "REDIS_URL": "redis://redis.internal:6379/0",
        "PUBLIC_URL": "https://estoque.example.com",
        "SHOPIFY_API_KEY": secrets.token_hex(16),
        "SHOPIFY_API_SECRET": secrets.token_hex(16),
        "BLING_CLIENT_ID": secrets.token_hex(20),
        "BLING_CLIENT_SECRET": secrets.token_hex(30),
    }
    return {name: value for name, value in (sound | changes).items() if value is not None}


def run(*arguments: str, environment: dict[str, str], seconds: float = 180) -> subprocess.CompletedProcess[str]:
    """Run a program of this Python's environment to its end."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', '')}"
    return subprocess.run(
        arguments,
        cwd=REPOSITORY,
        env=environment | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def manage(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a management command to its end."""
    return command_server().run(arguments, environment, seconds=180)

"""A stand-in must never run where real money is: it refuses to start outside a development machine's sandbox."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class NotASandbox(Exception):
    """This machine's settings do not allow a stand-in; the message says which one and what to do."""


def require() -> None:
    """Return if this machine is a sandbox. Raises NotASandbox."""
    try:
        development, sandbox = settings.DEVELOPMENT, settings.SANDBOX
    except ImproperlyConfigured as error:
        raise NotASandbox(f"The settings cannot be read, so nothing says that this is a sandbox: {error}") from error
    if not development:
        raise NotASandbox("Stand-ins run on development machines only: this one is in production (DEBUG is off).")
    if not sandbox:
        raise NotASandbox("Stand-ins run only with SANDBOX=1.")

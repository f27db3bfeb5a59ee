"""How long things take on Bling's side, in seconds; each figure has one name and one place."""

from datetime import timedelta

from django.conf import settings

# An access token is renewed this long before it expires: a lost answer then costs nothing, the old one still opens
# doors. One that lives shorter than usual is renewed when a quarter of its life is left.
RENEW_BEFORE = timedelta(minutes=30)
REFRESH_TOKEN_LIVES = timedelta(days=30)
WARN_BEFORE = timedelta(days=7)
CONNECT_SECONDS = 5.0
# The pause before a balance is read after a change, and read again while units are in doubt; and for how long it is
# read so often. Measured lags end within 22 seconds.
READ_AFTER = timedelta(seconds=2)
OFTEN_READ_FOR = timedelta(seconds=24)
# Added to the longest call: a process that is silent for longer has died.
DEAD_MARGIN_SECONDS = 5.0


def call_seconds() -> float:
    """The longest that one call may take, from connecting to the last byte."""
    return float(settings.BLING_TIMEOUT_SECONDS)


def grace() -> timedelta:
    """How long after its effect a movement may still be missing from a balance. Measured: up to 22 seconds."""
    return timedelta(seconds=settings.BLING_SETTLE_SECONDS)


def sender_is_dead_after() -> timedelta:
    """How long after its sending a push without an outcome counts as having lost its sender."""
    return timedelta(seconds=call_seconds() + DEAD_MARGIN_SECONDS)

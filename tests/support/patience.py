"""Waiting for what must happen: only a hang ends the wait, never a machine that is busy."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Far beyond every timeout of the product, and what ten times a busy machine needs: what is not there by then hangs.
PATIENCE_SECONDS = 120.0
_LONGEST_NAP_SECONDS = 0.05


def wait_until(
    happened: Callable[[], T],
    what: str | Callable[[], str] = "it happens",
    seconds: float = PATIENCE_SECONDS,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Wait until `happened` returns something true, and return that; fail after `seconds` for want of `what`.

    `sleep` lets the time between two looks go by, in seconds.
    """
    end, nap = time.monotonic() + seconds, 0.001
    while not (found := happened()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:.0f} s in vain until {what() if callable(what) else what}")
        sleep(nap)
        nap = min(2 * nap, _LONGEST_NAP_SECONDS)
    return found

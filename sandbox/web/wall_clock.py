"""The stand-in's wall clock, which a test moves forward rather than wait six hours for a token to expire."""

import time


class Clock:
    """Seconds since 1970, plus what was skipped."""

    def __init__(self) -> None:
        """Begin with the machine's time."""
        self.skipped_seconds = 0.0

    def now(self) -> float:
        """The time, in seconds since 1970."""
        return time.time() + self.skipped_seconds

    def skip(self, seconds: float) -> None:
        """Move the time forward."""
        self.skipped_seconds += seconds

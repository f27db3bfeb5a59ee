"""Why `bin/dev` does not start."""


class CannotStart(Exception):
    """Something on this machine is in the way; the message is one sentence that says what to do."""

"""Why a local service does not run, in one sentence that says what to do."""


class LocalServiceError(Exception):
    """A local service cannot start; the message says why, and what to do."""

"""What can go wrong with an embedded service, said in one sentence that tells what to do."""


class EmbeddedServiceError(Exception):
    """An embedded service could not be started; the message says why and what to do."""

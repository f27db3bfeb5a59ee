"""Numbers that are never given out twice, also after a restart."""


class Numbers:
    """Numbers one after the other. Unlike `itertools.count` they can be written down, in every Python."""

    def __init__(self, first: int) -> None:
        """Begin with `first`."""
        self._next = first

    def __next__(self) -> int:
        """The next number."""
        number = self._next
        self._next += 1
        return number

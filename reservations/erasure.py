"""A shop that has left is forgotten: whoever keeps something of it registers how to erase it."""

from collections.abc import Callable

_erasers: list[Callable[[int], object]] = []


def register(eraser: Callable[[int], object]) -> None:
    """Let `eraser` be called with the id of each shop whose data has to go, inside the transaction that erases it."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def shop_is_erased(shop_id: int) -> None:
    """Erase what others keep of the shop."""
    for eraser in _erasers:
        eraser(shop_id)

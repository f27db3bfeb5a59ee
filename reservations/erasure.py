"""Forget a shop that has left: each app that stores something of a shop registers how to erase it."""

from collections.abc import Callable

_erasers: list[Callable[[int], object]] = []


def register(eraser: Callable[[int], object]) -> None:
    """Call `eraser` with the id of each shop that we erase, inside the transaction that erases it."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def shop_is_erased(shop_id: int) -> None:
    """Run every registered eraser for the shop."""
    for eraser in _erasers:
        eraser(shop_id)

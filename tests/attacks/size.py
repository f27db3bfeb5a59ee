"""How much of an attack a run sends: `ATTACKS=whole` all of it, the suite a part, another one for each address."""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def whole_or_every(nth: int, all_of_them: Sequence[T], *, turn: int) -> Sequence[T]:
    """Every `nth` of them, from another one on for each `turn`; all where the environment asks for the whole."""
    return all_of_them if os.environ.get("ATTACKS") == "whole" else all_of_them[turn % nth :: nth]

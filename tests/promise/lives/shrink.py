"""Make a life that failed as short as it gets, so that a finding reads as a story."""

from collections.abc import Callable
from dataclasses import replace

from .life import Life

Fails = Callable[[Life], bool]


def shrink(life: Life, fails: Fails, *, most_tries: int = 40) -> Life:
    """The shortest life found in `most_tries` that still `fails`: steps are left out, the longest runs first."""
    tries = 0
    size = max(1, len(life.steps) // 2)
    while size and tries < most_tries:
        shorter = False
        for start in range(0, len(life.steps), size):
            fewer = replace(life, steps=life.steps[:start] + life.steps[start + size :])
            tries += 1
            if fewer.steps and fails(fewer):
                life, shorter = fewer, True
                break
            if tries >= most_tries:
                break
        size = size if shorter else size // 2
    return life

"""The metafield's value: short JSON, and never longer than Shopify gives to a function."""

from collections.abc import Mapping

import orjson

# Of a longer metafield the function sees nothing at all, and would let everything pass.
MOST_BYTES = 10_000
# `"<36 characters>":` and a comma.
_BYTES_AROUND_A_QUANTITY = 40


def guard_value(free: int, holds: Mapping[str, int]) -> str:
    """The JSON for `free` units and `holds` (reservation ids with their units, oldest first).

    Where not all holds have room the newest are left out. Their carts then have to wait at the checkout until older
    holds end: some sales come later, and none is made of a unit that another cart holds.
    """
    told: dict[str, int] = {}
    value: dict[str, object] = {"free": max(0, free), "holds": told}
    room = MOST_BYTES - len(orjson.dumps(value))
    for hold, quantity in holds.items():
        room -= _BYTES_AROUND_A_QUANTITY + len(str(quantity))
        if room < 0:
            break
        told[hold] = quantity
    return orjson.dumps(value).decode()

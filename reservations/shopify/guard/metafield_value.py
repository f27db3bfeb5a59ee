"""The metafield's value: short JSON, never longer than what Shopify passes to a function."""

from collections.abc import Mapping

import orjson

# Shopify hides a longer metafield from the function, which would then let everything pass.
MOST_BYTES = 10_000
# `"<36 characters>":` and a comma.
_BYTES_AROUND_A_QUANTITY = 40


def guard_value(free: int, holds: Mapping[str, int]) -> str:
    """The JSON for `free` units and `holds` (reservation ids with their units, oldest first).

    Where not all holds fit, the newest are left out. Their carts wait at the checkout until older holds end: some sales
    come later, but no cart buys a unit that another one holds.
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

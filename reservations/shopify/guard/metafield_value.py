"""What a scarce variant tells: one short string, which the function reads for the least work.

``extensions/bazico-guard/src/facts.js`` says what each character means, and reads it.
"""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote

import orjson

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_KEY_LENGTH = 5
_MOST_TITLE = 20
_READABLE = " !'()*,-./:;=?@_"
# A cart may ask for as many at most; the function would let more wait.
MOST_UNITS = 9_999
# The character of one unit more would be the one that ends the facts.
_MOST_NAMELESS = 77
# So many characters at the end of a hold's id are told: 48 random bits. The beginning is a time.
ID_LENGTH = 12
# So many holds a variant tells by itself; of a stock with more the table tells all.
MOST_TOLD = 1


def guard_value(
    stock_item_id: int,
    free: int,
    holds: Iterable[tuple[str, int]],
    title: str,
    *,
    nameless: int = 0,
    until: datetime | None = None,
) -> str:
    """The JSON for `free` units and `holds`, reservation ids with their units, of the stock item.

    `nameless` units are held by carts without a name, and each of those may have them. The checkout's message names the
    `title`, or its beginning, and the time of day of `until`, which is in the shop's time zone.
    """
    told = list(holds)
    if len(told) > MOST_TOLD:
        held = "+"
    else:
        held = "".join(digit(units) + hold_id[-ID_LENGTH:] for hold_id, units in told) or digit(0)
    more = digit(min(nameless, _MOST_NAMELESS)) + (f"{until:%H%M}" if until else "") if nameless or until else ""
    return orjson.dumps(f"{stock_key(stock_item_id)}{digit(free)}{held}{more}~{_short(title)}").decode()


def stock_key(stock_item_id: int) -> str:
    """What stands for the stock item, in five characters."""
    digits = ""
    for _ in range(_KEY_LENGTH):
        stock_item_id, rest = divmod(stock_item_id, len(_DIGITS))
        digits = _DIGITS[rest] + digits
    return digits


def digit(units: int) -> str:
    """A number as one character; below 0, which means a shortfall, is 0."""
    return chr(ord("0") + min(max(units, 0), MOST_UNITS))


def _short(title: str) -> str:
    """As much of the title as fits, in ASCII: other characters make the whole string dearer to read."""
    short = ""
    for character in title:
        escaped = quote(character, safe=_READABLE)
        if len(short) + len(escaped) > _MOST_TITLE:
            break
        short += escaped
    return short

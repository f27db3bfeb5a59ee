"""Read whole numbers from text that comes from outside."""

# What PostgreSQL's bigint can hold: the largest id of a row, and of anything at Shopify or Bling.
LARGEST_ID = 2**63 - 1


def whole_number(text: str, *, most: int = LARGEST_ID) -> int | None:
    """Read ASCII digits as a number from 0 to `most`; None for any other text, even one with a sign or a space.

    We refuse text with more digits than `most` unread: Python raises ValueError above 4,300 of them. `isdigit` alone
    accepts digits of other scripts, and superscripts, which `int` then refuses.
    """
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if number <= most else None

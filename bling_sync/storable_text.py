"""Text from outside, in a form that PostgreSQL can store."""


def storable(value: object, longest: int = 255) -> str:
    """The text without NUL and lone surrogates, which PostgreSQL refuses; "" for anything that is not text."""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "replace").decode()[:longest]

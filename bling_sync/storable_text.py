"""Text from outside as a database can keep it."""


def storable(value: object, longest: int = 255) -> str:
    """The text without NUL and halves of characters, which PostgreSQL refuses; "" of anything that is no text."""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "replace").decode()[:longest]

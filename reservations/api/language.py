"""The one of our two languages that a caller reads best."""

from functools import lru_cache

from reservations.engine.errors import DEFAULT_LANGUAGE

LANGUAGES = (DEFAULT_LANGUAGE, "en")
_LONGEST_HEADER = 256


def language_of(header: str | None) -> str:
    """Our language for an ``Accept-Language`` header (RFC 9110): ``pt-br`` unless the caller prefers ``en``."""
    if not header or len(header) > _LONGEST_HEADER:
        return DEFAULT_LANGUAGE
    return _negotiate(header)


@lru_cache(maxsize=256)
def _negotiate(header: str) -> str:
    """The language of the highest quality; of equals the first in the header. Any Portuguese will do for ours."""
    best, best_quality = DEFAULT_LANGUAGE, 0.0
    named = [_range(part) for part in header.split(",")]
    primaries = {tag.partition("-")[0] for tag, _ in named}
    for tag, quality in named:
        language = _ours(tag, primaries)
        if language and quality > best_quality:
            best, best_quality = language, quality
    return best


def _ours(tag: str, primaries: set[str]) -> str | None:
    """Our language that `tag` asks for; ``*`` asks for the first one that the header does not name by itself."""
    if tag == "*":
        return next((ours for ours in LANGUAGES if ours.partition("-")[0] not in primaries), None)
    primary = tag.partition("-")[0]
    return next((ours for ours in LANGUAGES if ours.partition("-")[0] == primary), None)


def _range(part: str) -> tuple[str, float]:
    tag, _, parameters = part.partition(";")
    name, _, value = parameters.partition("=")
    return tag.strip().lower(), _quality(value.strip()) if name.strip().lower() == "q" else 1.0


def _quality(value: str) -> float:
    """A number from 0 to 1 with at most three decimals; anything else counts as unacceptable."""
    whole, _, decimals = value.partition(".")
    if whole not in ("0", "1") or not (decimals == "" or (decimals.isascii() and decimals.isdigit())):
        return 0.0
    return min(float(value), 1.0)

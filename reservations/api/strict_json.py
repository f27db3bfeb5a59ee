"""JSON as RFC 8259 has it and as a shop means it.

Python's parser is more forgiving than a promise about stock can be: it takes the last of two equal keys, NaN, half
characters and numbers of any length, and deep nesting exhausts the interpreter's stack. This module refuses all of that
before anything reads a value.
"""

import json
import re
from typing import Any

from .errors import DuplicateKey, InvalidJson, InvalidText, JsonTooDeep
from .limits import MAX_JSON_DEPTH

# A string up to its end, or a bracket. A string without an end takes the rest: that is the parser's to refuse.
_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
# Twenty characters are already beyond every limit here; Python takes quadratic time for thousands, and then refuses.
_DIGITS_READ = 20
_KEY_SHOWN = 100


def loads(body: bytes) -> Any:
    """The value that `body` spells. Raises InvalidJson, JsonTooDeep, DuplicateKey or InvalidText."""
    _check_depth(body)
    try:
        text = body.decode()
        value = _decoder.decode(text)
    except ValueError as error:  # UnicodeDecodeError and JSONDecodeError are such
        raise InvalidJson from error
    if "\\u" in text:  # NUL and half characters can be written in no other way
        _check_text(value)
    return value


def _check_depth(body: bytes) -> None:
    # Nearly every body has fewer brackets than it may have levels, and then needs no walk.
    if body.count(b"[") + body.count(b"{") <= MAX_JSON_DEPTH:
        return
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(body):
        first = token[0][:1]
        if first in (b"[", b"{"):
            depth += 1
            if depth > MAX_JSON_DEPTH:
                raise JsonTooDeep
        elif first != b'"':
            depth -= 1


def _check_text(value: object) -> None:
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str() as text if "\0" in text or not _is_whole(text):
                raise InvalidText
            case dict() as members:
                waiting.extend(members)
                waiting.extend(members.values())
            case list() as items:
                waiting.extend(items)


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise DuplicateKey(_repeated(pairs))
    return members


def _repeated(pairs: list[tuple[str, Any]]) -> str:
    seen: set[str] = set()
    repeated = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return repeated[:_KEY_SHOWN].encode(errors="replace").decode()


def _refuse_constant(name: str) -> Any:
    raise InvalidJson(name)


def _bounded_int(digits: str) -> int:
    return int(digits[:_DIGITS_READ])


_decoder = json.JSONDecoder(object_pairs_hook=_members, parse_int=_bounded_int, parse_constant=_refuse_constant)

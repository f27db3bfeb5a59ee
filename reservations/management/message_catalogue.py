"""Translations without GNU gettext's programs: read a `.po` file, write the `.mo` file that Django loads.

The `.mo` file depends on the `.po` file alone, byte for byte, so a test can tell whether it is current.
"""

import ast
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

# Below it lie the project's own texts and those of its apps.
_PROJECT = Path(__file__).resolve().parents[2]
MO_MAGIC = 0x950412DE
MO_HEADER = struct.Struct("<7I")
MO_ENTRY = struct.Struct("<2I")


@dataclass
class Message:
    """One message: its context, its English text (singular, and plural where it has one) and the translation."""

    context: str | None = None
    source: list[str] = field(default_factory=list)
    target: list[str] = field(default_factory=list)
    fuzzy: bool = False

    @property
    def key(self) -> str:
        """The message as gettext looks it up."""
        text = "\0".join(self.source)
        return text if self.context is None else f"{self.context}\4{text}"

    @property
    def is_translated(self) -> bool:
        """Whether it has a whole translation that nobody has marked as fuzzy."""
        return bool(self.target) and all(self.target) and not self.fuzzy


def catalogues(root: Path = _PROJECT) -> list[Path]:
    """Every `.po` file of the project: its own, and those that an app brings."""
    return sorted([*root.glob("locale/*/LC_MESSAGES/*.po"), *root.glob("[a-z]*/locale/*/LC_MESSAGES/*.po")])


def read_messages(po_file: Path) -> list[Message]:
    """The messages of `po_file`, its header (whose source is empty) first."""
    messages: list[Message] = []
    for block in po_file.read_text(encoding="utf-8").split("\n\n"):
        message = _parse(block)
        if message.source:
            messages.append(message)
    return messages


def compile_messages(messages: list[Message]) -> bytes:
    """The `.mo` file for `messages`, without untranslated ones, so that their English shows.

    The format is GNU gettext's: a header, a table of keys, a table of translations (each row a length and an offset),
    then the texts, each ending in NUL. Readers search the keys by halves, so these are sorted by their bytes.
    """
    shown = sorted((message for message in messages if message.is_translated), key=lambda message: message.key.encode())
    keys = [message.key.encode() for message in shown]
    values = ["\0".join(message.target).encode() for message in shown]
    key_table = MO_HEADER.size
    value_table = key_table + MO_ENTRY.size * len(shown)
    texts = value_table + MO_ENTRY.size * len(shown)
    # Revision 0, and an empty hash table: readers can do without one.
    header = MO_HEADER.pack(MO_MAGIC, 0, len(shown), key_table, value_table, 0, texts)
    tables, place = b"", texts
    for text in (*keys, *values):
        tables += MO_ENTRY.pack(len(text), place)
        # The length leaves the closing NUL out, the place must not.
        place += len(text) + 1
    return header + tables + b"".join(text + b"\0" for text in (*keys, *values))


def is_current(po_file: Path) -> bool:
    """Whether the `.mo` file beside `po_file` says the same."""
    mo_file = po_file.with_suffix(".mo")
    return mo_file.is_file() and mo_file.read_bytes() == compile_messages(read_messages(po_file))


def compile_file(po_file: Path) -> None:
    """Write the `.mo` file beside `po_file`."""
    po_file.with_suffix(".mo").write_bytes(compile_messages(read_messages(po_file)))


def _parse(block: str) -> Message:
    message = Message()
    for keyword, text in _statements(block):
        if keyword == "#,":
            message.fuzzy = "fuzzy" in text
        elif keyword == "msgctxt":
            message.context = text
        elif keyword in ("msgid", "msgid_plural"):
            message.source.append(text)
        elif keyword.startswith("msgstr"):
            message.target.append(text)
    return message


def _statements(block: str) -> Iterator[tuple[str, str]]:
    """The block's keywords, each with its whole text, which may span several lines."""
    keyword, text = "", ""
    for line in block.splitlines():
        if line.startswith('"'):
            text += ast.literal_eval(line)
            continue
        if keyword:
            yield keyword, text
        keyword, _, rest = line.partition(" ")
        text = rest if keyword.startswith("#") else ast.literal_eval(rest)
    if keyword:
        yield keyword, text

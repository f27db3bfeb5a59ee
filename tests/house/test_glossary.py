"""No name and no page uses a word that docs/glossary.md refuses in its last column."""

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from basico_stock.environment import REPOSITORY
from tests.house.pages import GLOSSARY, PAGES, name, prose, text_of
from tests.house.references import places

PRODUCT = ("plumbing/", "reservations/", "bling_sync/", "staff/", "basico_stock/", "sandbox/")
_ROW = re.compile(r"^\| (?P<word>[^|]+) \| (?P<meaning>[^|]+) \| (?P<refused>[^|]*) ?\|$", re.MULTILINE)
_REFUSED = re.compile(r"`([^`]+)`(?: in `([^`]+)`)?")
_PART = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


@dataclass(frozen=True)
class Refused:
    """A word of the glossary's last column, below a folder or anywhere."""

    word: str
    below: str = ""

    def among(self, file: str, names: Iterable[str]) -> list[str]:
        """Those of this file's names that use the word."""
        if not file.startswith(self.below):
            return []
        return [found for found in names if self._is_in(found)]

    def _is_in(self, found: str) -> bool:
        if self.word[0].isupper():
            return found == self.word
        return f"_{self.word}_" in f"_{'_'.join(part.lower() for part in _PART.findall(found))}_"

    def in_text(self, text: str) -> list[str]:
        """Where a text uses it, if the word or phrase is refused everywhere."""
        if self.below or self.word[0].isupper() or "_" in self.word or self.word.endswith("/"):
            return []
        words = r"\s+".join(map(re.escape, self.word.split()))
        said = re.finditer(rf"(?<![\w/]){words}(?![\w/])", text, re.IGNORECASE)
        return [text[max(0, place.start() - 30) : place.end() + 30] for place in said]


def refused(page: str) -> list[Refused]:
    return [Refused(*found) for row in _ROW.finditer(page) for found in _REFUSED.findall(row["refused"])]


WORDS = refused(GLOSSARY.read_text())
each_word = pytest.mark.parametrize(
    "word", [pytest.param(word, id=f"{word.word} {word.below}".strip()) for word in WORDS]
)


@cache
def product() -> Mapping[str, tuple[frozenset[str], str]]:
    """Each Python file of the product but migrations: its names, and the text of its remarks."""
    files = (place for place in places() if place.startswith(PRODUCT) and place.endswith(".py"))
    sources = {file: (REPOSITORY / file).read_text() for file in files if "/migrations/" not in file}
    return {file: (names_in(file, source), remarks(source)) for file, source in sources.items()}


def names_in(file: str, source: str) -> frozenset[str]:
    """The module, its folders, and the classes and functions in it."""
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    inside = {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)}
    return frozenset({*inside, *Path(file).with_suffix("").parts})


def remarks(source: str) -> str:
    """Docstrings and comments."""
    tree = ast.walk(ast.parse(source))
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    said = [ast.get_docstring(node) or "" for node in tree if isinstance(node, kinds)]
    return "\n".join([*said, *re.findall(r"#(?!: ?noqa| type:)(.*)", source)])


@each_word
def test_no_name_uses_a_refused_word(word: Refused) -> None:
    found = {file: uses for file, (names, _) in product().items() if (uses := word.among(file, names))}
    folders = [place for place in places() if f"/{place}".endswith(f"/{word.word}") and word.word.endswith("/")]
    assert (found, folders) == ({}, [])


@each_word
def test_no_page_says_a_refused_word(word: Refused) -> None:
    said = {name(page): uses for page in PAGES if (uses := word.in_text(_without_code(prose(text_of(page)))))}
    assert said == {}


@each_word
def test_no_docstring_or_comment_says_a_refused_phrase(word: Refused) -> None:
    texts = product().items() if " " in word.word else ()
    assert {file: uses for file, (_, text) in texts if (uses := word.in_text(text))} == {}


def _without_code(text: str) -> str:
    """Prose without spans of code: paths are the other test's business."""
    return re.sub(r"`[^`\n]+`", "``", text)


def test_the_glossary_is_read_whole() -> None:
    rows = [line for line in GLOSSARY.read_text().splitlines() if line.startswith("| ")]
    heads = [row for row in rows if row.startswith("| word |")]
    assert len(_ROW.findall(GLOSSARY.read_text())) == len(rows)
    assert len(rows) - len(heads) > 25
    assert len(WORDS) > 15


def test_a_word_has_one_row() -> None:
    rows = [row["word"] for row in _ROW.finditer(GLOSSARY.read_text()) if row["meaning"] != "what it means"]
    words = [word for row in rows for word in row.split(", ")]
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize(
    ("word", "file", "found"),
    [
        (Refused("Held"), "reservations/engine/book.py", "Held"),
        (Refused("prolong"), "reservations/engine/book.py", "prolong_hold"),
        (Refused("prolong"), "reservations/engine/book.py", "ProlongHold"),
        (Refused("claim", "reservations/shopify/guard/"), "reservations/shopify/guard/x.py", "claim_variant"),
        (Refused("catching_up"), "reservations/shopify/catching_up/x.py", "catching_up"),
    ],
)
def test_a_name_that_uses_a_refused_word_is_found_out(word: Refused, file: str, found: str) -> None:
    assert word.among(file, [found]) == [found]


@pytest.mark.parametrize(
    ("word", "file", "found"),
    [
        (Refused("Held"), "reservations/engine/book.py", "HeldLine"),
        (Refused("prolong"), "reservations/engine/book.py", "prolongation"),
        (Refused("claim", "reservations/shopify/guard/"), "bling_sync/outbox/x.py", "claim"),
    ],
)
def test_a_name_that_means_something_else_is_not(word: Refused, file: str, found: str) -> None:
    assert word.among(file, [found]) == []


def test_a_sentence_that_says_a_refused_word_is_found_out() -> None:
    assert Refused("counts of refusals").in_text("One.\nThe counts of\nrefusals wait.") != []
    assert Refused("mock").in_text("A Mock of Bling.") != []
    assert Refused("mock").in_text("Nobody mocks Bling.") == []

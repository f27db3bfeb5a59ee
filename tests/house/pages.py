"""The project's written pages, and what they mention."""

import re
from collections.abc import Iterator
from pathlib import Path

from basico_stock.environment import REPOSITORY

PAGES = [
    *(REPOSITORY / name for name in ("README.md", "README.pt-BR.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((REPOSITORY / "docs").rglob("*.md")),
]
GLOSSARY = REPOSITORY / "docs" / "glossary.md"
_FENCED = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^ {4}.*$", re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def text_of(page: Path) -> str:
    """The page; of the glossary without the words that it refuses."""
    text = page.read_text()
    return re.sub(r"\|[^|\n]*\|$", "| |", text, flags=re.MULTILINE) if page == GLOSSARY else text


def prose(text: str) -> str:
    """The page without its blocks of code."""
    return _INDENTED.sub("", _FENCED.sub("", text))


def spans(text: str) -> Iterator[str]:
    """What stands between backticks in prose and tables."""
    return (span.replace("\\|", "|") for span in _SPAN.findall(prose(text)))


def links(text: str) -> Iterator[str]:
    """Where the page's relative links lead, images included."""
    return (link for link in _LINK.findall(prose(text)) if not re.match(r"[a-z]+:", link))


def anchors(text: str) -> set[str]:
    """The names by which a link may point at a heading of the page."""
    headings = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(_FENCED.sub("", text)))
    return {heading.strip().replace(" ", "-") for heading in headings}


def name(page: Path) -> str:
    """The page as a failure should name it."""
    return page.relative_to(REPOSITORY).as_posix()

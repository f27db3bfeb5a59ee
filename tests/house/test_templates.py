"""Templates are read by people: one block element a line, and lines that fit a screen."""

import re
from collections.abc import Iterator

from basico_stock.environment import REPOSITORY

FOLDERS = ("templates", "bling_sync/templates")
LONGEST_LINE = 160
BLOCKS = (
    "html|head|body|header|main|footer|aside|nav|section|article|div|p|h1|h2|h3|h4|ul|ol|li|dl|dt|dd|"
    "table|thead|tbody|tfoot|tr|td|th|caption|form|fieldset|details|summary|template|link|meta|title|"
    "script|style|s-page|s-section|s-stack|s-banner|s-table|s-table-header-row|s-table-header|"
    "s-table-body|s-table-row|s-table-cell|s-choice-list|s-choice|s-select|s-option"
)
OPENED = re.compile(rf"<({BLOCKS})(?=[\s>/]|$)")
# Nobody can break a Django tag, or the value of an attribute: each may have a line of its own, however long.
ONE_TAG = re.compile(r"\{% (?:(?!%\}).)+ %\}")
ONE_ATTRIBUTE = re.compile(r'[\w-]+="[^"]*(?:\{%.*%\}[^"]*)*"(?:>|></[\w-]+>)?')
TEMPLATE_TAG = re.compile(r"\{[%{#].*?[%}#]\}")


def lines() -> Iterator[tuple[str, str]]:
    """Each line of each template, with its place."""
    for folder in FOLDERS:
        for path in sorted((REPOSITORY / folder).rglob("*.html")):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                yield f"{path.relative_to(REPOSITORY)}:{number}", line


def test_no_line_opens_two_block_elements() -> None:
    crowded = [place for place, line in lines() if len(OPENED.findall(TEMPLATE_TAG.sub("", line))) > 1]
    assert crowded == []


def test_no_line_is_longer_than_a_screen_unless_it_is_one_thing_that_cannot_be_broken() -> None:
    long = [(place, line.strip()) for place, line in lines() if len(line) > LONGEST_LINE]
    assert [place for place, line in long if not (ONE_TAG.fullmatch(line) or ONE_ATTRIBUTE.fullmatch(line))] == []


def test_the_rule_has_templates_to_read() -> None:
    assert len({place.split(":")[0] for place, _ in lines()}) > 40

"""Every path, name, command, variable, test and link in the pages leads to something that is there."""

from pathlib import Path

import pytest

from basico_stock.environment import REPOSITORY
from tests.house.pages import PAGES, anchors, links, name, spans, text_of
from tests.house.references import OUTSIDE, unresolved

each_page = pytest.mark.parametrize("page", PAGES, ids=map(name, PAGES))


@each_page
def test_what_a_page_mentions_is_there(page: Path) -> None:
    assert unresolved(text_of(page)) == []


@each_page
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    assert [link for link in links(page.read_text()) if not leads_somewhere(page, link)] == []


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or anchor in anchors(target.read_text()))


def test_every_page_of_the_docs_is_in_their_index() -> None:
    index = REPOSITORY / "docs" / "README.md"
    listed = {(index.parent / link.partition("#")[0]).resolve() for link in links(index.read_text())}
    decisions = REPOSITORY / "docs" / "decisions"
    assert [name(page) for page in (REPOSITORY / "docs").glob("*.md") if page not in {index, *listed}] == []
    assert [name(page) for page in decisions.glob("*.md") if page not in listed] == []


def test_no_name_is_excused_that_no_page_mentions() -> None:
    assert {*OUTSIDE} - {span for page in PAGES for span in spans(page.read_text())} == set()


@pytest.mark.parametrize(
    "mention",
    [
        "`reservations/engine/never_there.py`",
        "`never_there.py`",
        "`__init__.py`",
        "`reservations/<verb>/never_there.py`",
        "`reservations/engine/errors.py::NeverThere`",
        "`engine.never_there`",
        "`reservations.engine.never_there`",
        "`NEVER_READ=1`",
        "`test_a_sentence_that_nobody_wrote`",
        "`ERROR reservations.never_there it happened`",
        "`manage.py never_there`",
        "`configure_shop DOMAIN --never-there`",
        "```sh\nmanage.py audit_stock --never-there\n```",
        "    python -m never_there",
        "bin/never",
    ],
)
def test_a_mention_of_what_is_not_there_is_found_out(mention: str) -> None:
    assert unresolved(f"# A page\n\n{mention}\n") != []


def test_a_mention_of_what_is_there_is_not() -> None:
    there = (
        "`reservations/engine/errors.py::Busy` `engine/errors.py` `engine.confirm` `reservations/engine/<verb>.py` "
        "`manage.py audit_stock --shop DOMAIN` `SECRET_KEY` `orders/paid` `reservations.engine.errors`"
    )
    assert unresolved(there) == []


@pytest.mark.parametrize("link", ["never.md", "api.md#never", "#never"])
def test_a_link_that_leads_nowhere_is_found_out(link: str) -> None:
    assert not leads_somewhere(REPOSITORY / "docs" / "errors.md", link)

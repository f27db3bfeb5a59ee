"""The page on measurements takes its figures from a run."""

import pytest

from bench.publish import BEGIN, END, PAGE, PICTURE, with_figures


def test_new_figures_replace_the_old_ones_and_nothing_else() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert with_figures(page, "new") == f"before\n{BEGIN}\n```text\nnew\n```\n{END}\nafter\n"


def test_a_page_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="substring not found"):
        with_figures("no marks", "new")


def test_the_documentation_has_its_marks_and_shows_its_picture() -> None:
    page = PAGE.read_text()
    assert "```text\nnew\n```" in with_figures(page, "new")
    assert f"](images/{PICTURE.name})" in page
    assert PICTURE.is_file()

"""The pages use only elements, attributes and slots of Polaris: it drops unknown ones without a word.

The table is Polaris' web components 1.1.0 (`@shopify/polaris-types`), as far as these pages use them.
"""

import re
from pathlib import Path

import pytest

from basico_stock.environment import REPOSITORY

_FIELD = {"name", "label", "value", "details", "error", "required", "disabled", "placeholder", "id"}
_TEXT = _FIELD | {"maxlength", "minlength", "readonly", "autocomplete"}
ATTRIBUTES = {
    "s-badge": {"tone", "color", "icon", "size"},
    "s-banner": {"tone", "heading", "dismissible", "hidden"},
    "s-box": {"padding", "background", "border", "borderradius", "accessibilitylabel"},
    "s-button": {"type", "variant", "tone", "href", "target", "icon", "loading", "disabled", "accessibilitylabel"},
    "s-checkbox": {"name", "label", "value", "checked", "details", "error", "required", "disabled"},
    "s-choice": {"value", "selected", "disabled", "accessibilitylabel"},
    "s-choice-list": {"name", "label", "details", "error", "multiple", "disabled", "values"},
    "s-link": {"href", "target", "tone", "accessibilitylabel"},
    "s-number-field": _FIELD | {"min", "max", "step", "suffix", "prefix", "inputmode", "readonly", "autocomplete"},
    "s-option": {"value", "selected", "disabled"},
    "s-page": {"heading", "inlinesize"},
    "s-progress": {"value", "max", "tone", "accessibilitylabel"},
    "s-search-field": _TEXT,
    "s-section": {"heading", "subheading", "padding", "accessibilitylabel"},
    "s-select": _FIELD | {"icon"},
    "s-spinner": {"size", "accessibilitylabel"},
    "s-stack": {"direction", "gap", "alignitems", "justifycontent", "padding"},
    "s-table": {"variant", "loading", "paginate", "hasnextpage", "haspreviouspage"},
    "s-table-body": set(),
    "s-table-cell": set(),
    "s-table-header": {"listslot", "format"},
    "s-table-header-row": set(),
    "s-table-row": {"clickdelegate"},
    "s-text-field": _TEXT | {"icon", "prefix", "suffix"},
    # App Bridge's own.
    "s-app-nav": set(),
}
# Any element of HTML has these.
EVERYWHERE = {"id", "slot", "class"}
SLOTS = {"breadcrumb-actions", "primary-action", "secondary-actions", "aside", "details"}
TEMPLATES = sorted((REPOSITORY / "templates" / "merchant").rglob("*.html"))


def used(template: Path) -> list[tuple[str, dict[str, str]]]:
    """The elements of Polaris in a template, each with its attributes as written."""
    text = re.sub(r"{{.*?}}|{%\s*(?:block)?translate.*?%}", "x", template.read_text())
    text = re.sub(r"{%.*?%}", " ", text)
    tags = re.findall(r"<(s-[a-z-]+)((?:\s+[a-z-]+(?:=\"[^\"]*\")?)*)\s*>", text)
    assert len(tags) == len(re.findall(r"<s-[a-z-]+", text)), template
    return [(tag, dict(re.findall(r"([a-z-]+)(?:=\"([^\"]*)\")?", written))) for tag, written in tags]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(REPOSITORY / "templates").as_posix())
def test_a_page_asks_of_polaris_only_what_it_has(template: Path) -> None:
    for tag, attributes in used(template):
        assert tag in ATTRIBUTES
        unknown = {name for name in attributes if not name.startswith("data-")} - ATTRIBUTES[tag] - EVERYWHERE
        assert (tag, unknown) == (tag, set())
        assert attributes.get("slot", "details") in SLOTS

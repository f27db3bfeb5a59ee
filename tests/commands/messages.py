"""The texts that need a translation, read from the program's source."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

from basico_stock.environment import REPOSITORY

CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
IN_TEMPLATE = re.compile(r"""\bn?gettext\(u?((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))""")
APPS = ("basico_stock", "reservations", "bling_sync", "staff")


def messages() -> set[str]:
    """Every text in Python code and templates; of a plural, its singular."""
    python = (file for app in APPS for file in (REPOSITORY / app).rglob("*.py") if "migrations" not in file.parts)
    templates = (REPOSITORY / "templates").rglob("*.html")
    return {
        *(text for file in python for text in _in_python(file)),
        *(text for file in templates for text in _in_template(file)),
    }


def _in_python(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _in_template(file: Path) -> Iterator[str]:
    for quoted in IN_TEMPLATE.findall(templatize(file.read_text(encoding="utf-8"))):
        yield ast.literal_eval(quoted)

"""Whether what a page mentions is there: files, functions, modules, commands with their options, variables, tests.

A path may be written from the root or by its ending, as long as no other file ends so; ``path::name`` is a function, a
class, a method or a constant in that file; ``module.name`` is one in a module of that name.
"""

import ast
import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from pkgutil import resolve_name

from django.core.management import get_commands, load_command_class

from basico_stock.environment import REPOSITORY
from tests.house.pages import spans

PACKAGES = ("basico_stock", "plumbing", "reservations", "bling_sync", "staff", "sandbox", "bench", "tests")
_LEFT_OUT = {".git", ".venv", ".basico", "node_modules", "__pycache__"}
_ENDINGS = "py|md|toml|yaml|js|mjs|po|in|conf|html|graphql|txt|liquid|lua"
_PATH = re.compile(rf"\.?[\w<>*-][\w.<>*-]*(/[\w.<>*-]*)+|[\w*-]+(\.[\w-]+)*\.({_ENDINGS})")
_DOTTED = re.compile(r"[a-z_]\w*(\.[A-Za-z_]\w*)+(\(\))?")
_VARIABLE = re.compile(r"(?<![\w$])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?![\w])")
_COMMAND = re.compile(r"manage\.py ([a-z_]+)([^;|`#\n]*)")
_LOG_LINE = re.compile(r"(?:ERROR|WARNING) ([\w.]+) ")

# What belongs to others: Shopify's addresses, third parties' names, examples. A test finds one that no page mentions.
OUTSIDE = {
    *("A/B", "A/", "America/Sao_Paulo"),
    *("cart/...", "cart.js", "cart/add.js", "cart/change.js", "cart/update.js", "cart/clear.js"),
    *("Session.temp", "session_token.decode_from_header", "shopify.session_token", "sys.setswitchinterval"),
    *("navigator.locks", "shopify.idToken()", "threading.Lock", "connection.close()", "citus.enable_unsafe_triggers"),
    "INTERNAL_SERVER_ERROR",
}


@cache
def places() -> tuple[str, ...]:
    """Every file of the project, and every folder that holds one; folders end in a slash."""
    found: set[str] = set()
    for folder, folders, files in os.walk(REPOSITORY):
        folders[:] = [name for name in folders if name not in _LEFT_OUT]
        for path in (Path(folder, file).relative_to(REPOSITORY) for file in files):
            found.update([path.as_posix(), *(f"{parent.as_posix()}/" for parent in path.parents[:-1])])
    return tuple(sorted(found))


def unresolved(text: str) -> list[str]:
    """What the page mentions and the project lacks."""
    return [*_unresolved_spans(text), *_unresolved_commands(text), *_unresolved_programs(text)]


def _unresolved_spans(text: str) -> Iterator[str]:
    return (span for span in spans(text) if span not in OUTSIDE | topics() and not _is_there(span))


def _is_there(span: str) -> bool:
    """Whether the span names something of ours, or is none of the kinds of names that we know."""
    path, mark, inside = span.partition("::")
    if mark:
        return any(inside in defined(file) for file in _at(path))
    if _PATH.fullmatch(span):
        return bool(_at(span))
    if span.startswith("test_") and span.isidentifier():
        return span in tests()
    if _DOTTED.fullmatch(span):
        return _is_code(span.removesuffix("()"))
    log_line = _LOG_LINE.match(span)
    return _is_module(log_line[1]) if log_line else set(_VARIABLE.findall(span)) <= variables()


def _at(path: str) -> list[str]:
    """The files that this path means: those there, or the only one whose path ends so."""
    pattern = re.sub(r"<[^>]+>", "*", path)
    exact = [place for place in places() if fnmatchcase(place.rstrip("/"), pattern.rstrip("/"))]
    ending = [place for place in places() if fnmatchcase(place.rstrip("/"), f"*/{pattern.rstrip('/')}")]
    return exact or (ending if len(ending) == 1 else [])


@cache
def defined(file: str) -> frozenset[str]:
    """The names that a Python file offers: functions, classes, ``Class.method``, constants, and what it re-exports."""
    if not file.endswith(".py"):
        return frozenset()
    names: set[str] = set()
    for node in ast.parse((REPOSITORY / file).read_text()).body:
        match node:
            case ast.ClassDef():
                names |= {node.name, *(f"{node.name}.{inner}" for inner in _members(node))}
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                names.add(node.name)
            case ast.ImportFrom():
                names |= {alias.asname or alias.name for alias in node.names}
            case ast.Assign() | ast.AnnAssign():
                names |= _assigned(node)
    return frozenset(names)


def _members(node: ast.ClassDef) -> set[str]:
    functions = {inner.name for inner in node.body if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)}
    return functions.union(*(_assigned(inner) for inner in node.body if isinstance(inner, ast.Assign | ast.AnnAssign)))


def _assigned(node: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _is_module(name: str) -> bool:
    path = name.replace(".", "/")
    return f"{path}.py" in places() or f"{path}/" in places()


def _is_code(dotted: str) -> bool:
    """A dotted name from the root, ``module.name`` in any module that is called so, or the id of a system check."""
    first, _, rest = dotted.partition(".")
    if first in PACKAGES:
        return _is_module(dotted) or _is_importable(dotted)
    if first == "basico":
        return any(f'"{dotted}"' in (REPOSITORY / place).read_text() for place in _at("basico_stock/checks/*.py"))
    files = [place for place in places() if place.endswith((f"/{first}.py", f"/{first}/__init__.py"))]
    offered = {name for file in files if file.startswith(PACKAGES) for name in defined(file)}
    return any(name == rest or name.endswith(f".{rest}") for name in offered)


def _is_importable(dotted: str) -> bool:
    try:
        resolve_name(dotted)
    except (ImportError, AttributeError):
        return False
    return True


@cache
def tests() -> frozenset[str]:
    """The names of the tests."""
    return frozenset().union(*(defined(place) for place in places() if place.startswith("tests/")))


@cache
def topics() -> frozenset[str]:
    """The webhooks' topics that the app asks for."""
    return frozenset(re.findall(r'"(\w+/\w+)"', (REPOSITORY / "shopify.app.toml").read_text()))


@cache
def variables() -> frozenset[str]:
    """Environment variables that something here reads or sets, and constants of the code and of the function."""
    found: set[str] = set()
    for place in places():
        if place.endswith(".py"):
            source = (REPOSITORY / place).read_text()
            found.update(
                re.findall(r"""(?:env(?:\.\w+)?|environ|getenv|get)[(\[]\s*["']([A-Z][A-Z0-9_]+)["']""", source)
            )
            found.update(name for name in defined(place) if name.isupper())
            found.update(re.findall(r"""\(.*, "(REQUIRE_[A-Z]+)"\)""", source))
        elif place in ("Procfile", "compose.yaml", ".ci/run") or fnmatchcase(place, "bin/*[!/]"):
            found.update(re.findall(r"\b[A-Z][A-Z0-9_]+\b", (REPOSITORY / place).read_text()))
    return frozenset(found)


def _unresolved_commands(text: str) -> Iterator[str]:
    ours = {name: app for name, app in get_commands().items() if app in ("reservations", "bling_sync", "staff")}
    starts = "|".join(ours)
    short = [match for span in spans(text) if (match := re.match(rf"({starts})\b(.*)", span))]
    for name, rest in [*_COMMAND.findall(text), *(match.groups() for match in short)]:
        options = set(re.findall(r"(?<!\S)\[?(--[a-z-]+)", rest))
        if name not in get_commands():
            yield f"manage.py {name}"
        elif name in ours:
            shown = load_command_class(str(ours[name]), name).create_parser("manage.py", name).format_help()
            yield from (f"manage.py {name} {option}" for option in sorted(options) if option not in shown)


def _unresolved_programs(text: str) -> Iterator[str]:
    """``python -m`` of a module that is not there, and ``bin/`` of no script."""
    for module in re.findall(r"python3? -m ([\w.]+)", text):
        if find_spec(module.rstrip(".")) is None:
            yield f"python -m {module}"
    for script in re.findall(r"(?<![\w./*-])bin/\w+", text):
        if script not in places():
            yield script

"""What Shopify's CLI asks of the extensions before it takes them, read from its source (@shopify/cli 4.8.2)."""

import fnmatch
import json
import re
import tomllib
from pathlib import Path
from typing import Any

from .places import GUARD, ORDER_STATUS, ROOT, THEME

API_VERSION = "2026-10"
# Directory of a theme extension: the names of files that may be in it.
THEME_FILES = {
    "assets": r".*\.(jpg|jpeg|json|js|css|png|svg|wasm)",
    "blocks": r".*\.liquid",
    "locales": r".*\.json",
    "snippets": r".*\.liquid",
}


def extension(folder: Path) -> dict[str, Any]:
    """The only extension of a folder."""
    (found,) = tomllib.loads((folder / "shopify.extension.toml").read_text())["extensions"]
    return dict(found)


def package(folder: Path) -> dict[str, Any]:
    """What the folder's package.json says."""
    return dict(json.loads((folder / "package.json").read_text()))


def deployed(theme: Path) -> list[str]:
    """The files that the CLI sends: those one level down, but for what `.shopifyignore` names and hidden ones."""
    lines = [line.strip() for line in (theme / ".shopifyignore").read_text().splitlines()]
    ignored = ["node_modules/*", *(line for line in lines if line and not line.startswith("#"))]
    files = [str(path.relative_to(theme)) for path in theme.glob("[!.]*/[!.]*") if path.is_file()]
    return [name for name in files if not any(fnmatch.fnmatch(name, pattern) for pattern in ignored)]


def test_each_extension_has_the_handle_of_its_folder_and_its_type() -> None:
    for folder, kind in ((THEME, "theme"), (GUARD, "function"), (ORDER_STATUS, "ui_extension")):
        found = extension(folder)
        assert (found["handle"], found["type"]) == (folder.name, kind)


def test_the_theme_sends_no_file_that_the_cli_refuses() -> None:
    names = deployed(THEME)
    assert {"assets/bazico-hold.js", "blocks/bazico-hold.liquid", "locales/en.default.json"} <= set(names)
    for name in names:
        directory, _, file = name.partition("/")
        assert directory in THEME_FILES, f"the CLI stops at {name}"
        assert re.fullmatch(THEME_FILES[directory], file), name


def test_the_source_of_the_themes_script_stays_here() -> None:
    assert (THEME / "src" / "index.js").is_file()
    scripts = sorted(name for name in deployed(THEME) if name.endswith(".js"))
    assert scripts == [f"assets/bazico-{name}.js" for name in ("hold", "keeper", "vitals")]


def test_the_extensions_and_the_app_name_one_api_version() -> None:
    app = tomllib.loads((ROOT / "shopify.app.toml").read_text())
    assert app["webhooks"]["api_version"] == API_VERSION
    for folder in (GUARD, ORDER_STATUS):
        assert tomllib.loads((folder / "shopify.extension.toml").read_text())["api_version"] == API_VERSION
    year, month, *_ = package(ORDER_STATUS)["dependencies"]["@shopify/ui-extensions"].split(".")
    assert f"{year}-{month}" == API_VERSION


def test_the_function_begins_where_the_cli_looks_and_its_export_is_kebab_case() -> None:
    assert (GUARD / "src" / "index.js").is_file()
    (target,) = extension(GUARD)["targeting"]
    assert re.fullmatch(r"[a-z0-9-]+", target["export"])


def test_the_functions_library_is_of_a_version_that_the_cli_compiles() -> None:
    assert package(GUARD)["dependencies"]["@shopify/shopify_function"].split(".")[0] in {"0", "1", "2"}


def test_the_functions_own_tests_stand_before_its_compilation() -> None:
    # Without a command of ours the CLI generates types by a package.json that has no settings for it, and stops.
    assert extension(GUARD)["build"]["typegen_command"] == "npm test"


def test_every_name_in_an_extensions_settings_is_in_both_languages() -> None:
    for folder in (GUARD, ORDER_STATUS):
        named = {value[2:] for value in extension(folder).values() if isinstance(value, str) and value.startswith("t:")}
        assert named == {"name", "description"}
        for language in ("en.default", "pt-BR"):
            assert set(json.loads((folder / "locales" / f"{language}.json").read_text())) >= named


def test_the_block_asks_the_host_that_the_app_names_and_may_use_the_network() -> None:
    app = tomllib.loads((ROOT / "shopify.app.toml").read_text())
    (named,) = re.findall(r'const SERVICE = "(.*)";', (ORDER_STATUS / "src" / "service.ts").read_text())
    assert app["application_url"] == f"{named}/app/"
    assert extension(ORDER_STATUS)["capabilities"] == {"network_access": True}


def test_the_blocks_module_is_there_and_its_target_is_one_of_the_order_status_page() -> None:
    (target,) = extension(ORDER_STATUS)["targeting"]
    assert (ORDER_STATUS / target["module"]).is_file()
    assert target["target"] == "customer-account.order-status.block.render"

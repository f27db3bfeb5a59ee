"""The check of known holes: silent only when somebody was asked and nothing is overdue."""

import sys
from pathlib import Path
from typing import Any

import pytest

from supply_chain import __main__ as check
from supply_chain.lock_file import packages
from tests.extensions.places import ROOT
from tests.supply_chain.source import advisory, source
from tests.support.free_port import free_port

LOCK = "django==5.2.19 \\\n    --hash=sha256:00\nPyJWT==2.15.1 ; python_version >= '3.11' \\\n    --hash=sha256:00\n"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    file = tmp_path / "requirements.txt"
    file.write_text(LOCK)
    return file


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["supply_chain", *map(str, arguments)])
    return check.main()


OLD_FIX: dict[str, Any] = {"days_old": 30, "fixed": "5.2.20"}


def test_packages_against_which_nothing_is_known_pass(monkeypatch: pytest.MonkeyPatch, lock: Path) -> None:
    with source() as osv:
        assert run(monkeypatch, lock, "--source", osv) == 0


def test_an_old_fix_that_is_missing_fails(
    monkeypatch: pytest.MonkeyPatch, lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with source(advisory("PYSEC-1", "django", **OLD_FIX)) as osv:
        assert run(monkeypatch, lock, "--source", osv) == check.OVERDUE
    assert "OVERDUE: django 5.2.19, PYSEC-1 of " in capsys.readouterr().out


@pytest.mark.parametrize(
    "told",
    [
        {"days_old": 6, "fixed": "5.2.20"},
        {"days_old": 30, "fixed": None},
        {"days_old": 30, "fixed": "5.2.18"},
        {"days_old": 30, "fixed": "0123456789abcdef"},
        {"days_old": 30, "fixed": "5.2.20", "withdrawn": "2026-11-01T00:00:00Z"},
    ],
)
def test_a_young_fix_none_or_a_withdrawn_advisory_is_told_and_fails_nothing(
    monkeypatch: pytest.MonkeyPatch, lock: Path, told: dict[str, Any]
) -> None:
    with source(advisory("PYSEC-1", "django", **told)) as osv:
        assert run(monkeypatch, lock, "--source", osv) == 0


def test_an_advisory_on_a_later_page_is_read_too(monkeypatch: pytest.MonkeyPatch, lock: Path) -> None:
    young = advisory("PYSEC-1", "pyjwt", days_old=1, fixed="3.0")
    with source(young, advisory("PYSEC-2", "pyjwt", days_old=30, fixed="2.16")) as osv:
        assert run(monkeypatch, lock, "--source", osv) == check.OVERDUE


def test_a_source_that_is_away_fails(monkeypatch: pytest.MonkeyPatch, lock: Path) -> None:
    assert run(monkeypatch, lock, "--source", f"http://127.0.0.1:{free_port()}") == check.NOBODY_SAID


@pytest.mark.parametrize(
    "answers",
    [
        {"status": 404},
        {"status": 503},
        {"results": []},
        {"results": "none"},
        {"results": [{"vulns": [], "next_page_token": "1"}] * 2},
    ],
)
def test_a_source_that_does_not_answer_the_question_fails(
    monkeypatch: pytest.MonkeyPatch, lock: Path, answers: dict[str, Any]
) -> None:
    with source(answers=answers) as osv:
        assert run(monkeypatch, lock, "--source", osv) == check.NOBODY_SAID


def test_a_file_that_pins_nothing_is_no_clean_one(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("# nothing\n")
    with pytest.raises(ValueError, match="pins no package"):
        packages(tmp_path / "empty.txt")


def test_every_package_of_our_lock_files_is_asked_about() -> None:
    files = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
    pinned = {
        line.split()[0] for file in files for line in file.read_text().splitlines() if "==" in line.split(" ;")[0]
    }
    assert {f"{package.name}=={package.version}" for package in packages(*files)} == {name.lower() for name in pinned}

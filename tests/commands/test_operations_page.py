"""docs/operations.md says what is true."""

import re
import shlex
from typing import Any

import pytest
from celery.schedules import crontab
from django.core.management import call_command, get_commands, load_command_class

from basico_stock.beat import SCHEDULE, Job
from basico_stock.environment import REPOSITORY
from reservations.models import Shop
from tests.factories import numbers

PAGE = (REPOSITORY / "docs" / "operations.md").read_text()
OPTION = re.compile(r"--[a-z-]+")


def table_rows(heading: str) -> list[list[str]]:
    """The cells of the rows of the first table below this heading."""
    below = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in below.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows[1:]]


def when(job: Job) -> str:
    """The job's schedule, in the page's words."""
    schedule: Any = job["schedule"]
    if not isinstance(schedule, crontab):
        return f"every {schedule.total_seconds():g} s"
    hours, minute = schedule.hour, min(schedule.minute)  # type: ignore[attr-defined]
    return f"hourly, at minute {minute}" if len(hours) == 24 else f"nightly, {min(hours):02}:{minute:02}"


def test_the_page_names_commands_with_options_that_they_have() -> None:
    described = {row[0].strip("`").split()[0]: row[0] for row in table_rows("Commands")}
    for name, usage in described.items():
        shown = load_command_class(str(get_commands()[name]), name).create_parser("manage.py", name).format_help()
        assert set(OPTION.findall(usage)) <= set(OPTION.findall(shown)), name


def test_every_variable_that_is_read_is_on_the_page_and_no_other() -> None:
    settings = "".join((REPOSITORY / "basico_stock" / name).read_text() for name in ("settings.py", "database.py"))
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    read |= set(re.findall(r"\$\{([A-Z_]+):-", (REPOSITORY / "Procfile").read_text()))
    section = PAGE.split("## Variables\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    prose = section.split("Only a development machine has")[1]
    named = set(re.findall(r"`([A-Z_]+)(?:=1)?`", " ".join([*rows, prose])))
    assert named == read


def test_every_metric_of_an_alarm_exists() -> None:
    known = set(re.findall(r"`(bazico_\w+)`", (REPOSITORY / "docs" / "api.md").read_text()))
    alarms = PAGE.split("## Health, logs and alarms\n")[1].split("\n## ")[0]
    assert {name.removesuffix("_bucket") for name in re.findall(r"bazico_\w+", alarms)} <= known


def test_every_command_is_described_on_some_page() -> None:
    pages = "".join(page.read_text() for page in [*(REPOSITORY / "docs").rglob("*.md"), REPOSITORY / "README.md"])
    ours = [name for name, app in get_commands().items() if app in ("reservations", "bling_sync", "staff")]
    assert [name for name in ours if f"`{name}" not in pages and f"manage.py {name}" not in pages] == []


@pytest.mark.django_db(transaction=True)
def test_the_commands_of_the_page_run_as_they_stand() -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith("python manage.py ")]
    for line in lines:
        call_command(*shlex.split(line)[2:])
    assert len(lines) == 4
    shop = Shop.objects.get(domain="loja-da-ana.myshopify.com")
    assert (shop.hold_seconds, shop.max_units_per_line, numbers(shop, "CAMISETA-P")) == (900, 2, (12, 0, 0))


def test_every_job_of_this_app_is_on_the_page_with_its_schedule() -> None:
    jobs = {name: when(job) for name, job in SCHEDULE.items() if job["task"].startswith("reservations.tasks.")}
    assert jobs == {row[0]: row[1] for row in table_rows("Periodic work") if row[0] in SCHEDULE}

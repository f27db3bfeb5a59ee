"""Bank days: Brazil's national bank holidays, and terms that count around them."""

from datetime import date, datetime

import pytest
from dateutil.easter import easter

from reservations.shopify.orders.bank_days import BRASILIA, end_of_bank_day, is_bank_day

# As the federation of banks publishes them; those on weekends are left out.
HOLIDAYS = {
    2025: "01-01 03-03 03-04 04-18 04-21 05-01 06-19 11-20 12-25",
    2026: "01-01 02-16 02-17 04-03 04-21 05-01 06-04 09-07 10-12 11-02 11-20 12-25",
    2027: "01-01 02-08 02-09 03-26 04-21 05-27 09-07 10-12 11-02 11-15",
}
WEEKEND = (5, 6)


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=BRASILIA)


@pytest.mark.parametrize("year", HOLIDAYS)
def test_the_bank_days_of_a_year_are_its_weekdays_without_the_published_holidays(year: int) -> None:
    days = [date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())]
    closed = [f"{day:%m-%d}" for day in days if day.weekday() not in WEEKEND and not is_bank_day(day)]
    assert closed == HOLIDAYS[year].split()


@pytest.mark.parametrize("day", ["1961-04-02", "2000-04-23", "2024-03-31", "2026-04-05", "2038-04-25", "2076-04-19"])
def test_easter_falls_where_the_calendar_has_it(day: str) -> None:
    assert easter(int(day[:4])) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("placed", "days", "over"),
    [
        # A Monday of an ordinary week.
        ("2026-11-23T10:00", 1, "2026-11-25T00:00"),
        ("2026-11-23T10:00", 3, "2026-11-27T00:00"),
        # On Friday the weekend comes between, and on Saturday no day of it counts.
        ("2026-11-27T23:59", 1, "2026-12-01T00:00"),
        ("2026-11-28T00:01", 1, "2026-12-01T00:00"),
        # Before Carnival: Monday and Tuesday are none.
        ("2026-02-13T10:00", 1, "2026-02-19T00:00"),
    ],
)
def test_a_term_of_bank_days_ends_at_midnight_in_brasilia(placed: str, days: int, over: str) -> None:
    assert end_of_bank_day(at(placed), days) == at(over)


def test_the_day_of_an_order_is_brasilias_and_not_greenwichs() -> None:
    late_on_monday = datetime.fromisoformat("2026-11-24T02:30+00:00")
    assert end_of_bank_day(late_on_monday, 1) == at("2026-11-25T00:00")

"""Bank days in Brazil: the days on which a boleto can be paid and cleared.

The rule is short and is law (CMN resolution 4.880/2020, federal holidays, law 14.759/2023), so it stands here and
needs no calendar package. Local holidays are left out: they close a city's branches but stop no clearing.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.easter import easter

# Banks count their days by Brasília's clock.
BRASILIA = ZoneInfo("America/Sao_Paulo")
# Month and day of the holidays that have a fixed one.
_FIXED = {(1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (11, 20), (12, 25)}
# Days from Easter: Carnival's Monday and Tuesday, Good Friday, Corpus Christi.
_FROM_EASTER = (-48, -47, -2, 60)
_SATURDAY = 5


def is_bank_day(day: date) -> bool:
    """Whether banks clear payments on this day."""
    if day.weekday() >= _SATURDAY or (day.month, day.day) in _FIXED:
        return False
    return (day - easter(day.year)).days not in _FROM_EASTER


def end_of_bank_day(after: datetime, days: int) -> datetime:
    """The end, in Brasília, of the bank day that comes `days` (positive) bank days after this moment's day."""
    day = after.astimezone(BRASILIA).date()
    while days > 0:
        day += timedelta(days=1)
        days -= is_bank_day(day)
    return end_of_day(day)


def end_of_day(day: date) -> datetime:
    """The moment at which this day ends in Brasília."""
    return datetime.combine(day + timedelta(days=1), time(), BRASILIA)

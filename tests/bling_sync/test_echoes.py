"""Every movement of ours comes back as an event that names no maker: of which push is it the echo?"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bling_sync.outbox.echoes import Movement, pairs

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


def movement(number: int, *, sent: float, units: int = 1, operation: str = "S", said: float | None = None) -> Movement:
    """A movement `sent` seconds after noon; `said` is an event's own date, or the time of a push's answer."""
    said_at = None if said is None else NOON + timedelta(seconds=said)
    return Movement(number, operation, Decimal(units), NOON + timedelta(seconds=sent), said_at)


def test_the_oldest_push_has_the_oldest_event_that_fits() -> None:
    ours = [movement(1, sent=0), movement(2, sent=5), movement(3, sent=6, units=2)]
    heard = [movement(11, sent=8, units=2, said=6), movement(12, sent=9, said=0), movement(13, sent=9, said=5)]
    assert pairs(ours, heard) == [(12, 1), (13, 2), (11, 3)]


def test_a_push_whose_echo_got_lost_does_not_take_that_of_a_later_one() -> None:
    ours = [movement(1, sent=0), movement(2, sent=240)]
    assert pairs(ours, [movement(11, sent=250, said=240)]) == [(11, 2)]


def test_an_echo_that_got_lost_does_not_shift_all_that_follow() -> None:
    ours = [movement(number, sent=10.0 * number, said=10.0 * number + 0.4) for number in range(4)]
    heard = [movement(20 + number, sent=40, said=10.0 * number) for number in range(1, 4)]
    assert sorted(pairs(ours, heard)) == [(21, 1), (22, 2), (23, 3)]


def test_an_event_that_comes_late_is_known_by_its_own_date() -> None:
    ours = [movement(1, sent=0), movement(2, sent=1_500)]
    assert pairs(ours, [movement(11, sent=1_505, said=1)]) == [(11, 1)]


def test_clocks_that_differ_a_little_do_not_part_a_push_from_its_event() -> None:
    assert pairs([movement(1, sent=0, said=1)], [movement(11, sent=5, said=-50)]) == [(11, 1)]


def test_an_event_that_came_before_the_push_is_somebody_elses_whatever_its_date() -> None:
    assert pairs([movement(1, sent=10)], [movement(11, sent=9, said=12)]) == []


def test_a_date_of_another_time_zone_is_not_believed_and_its_arrival_counts() -> None:
    assert pairs([movement(1, sent=0)], [movement(11, sent=20, said=-10_800)]) == [(11, 1)]
    assert pairs([movement(1, sent=0)], [movement(11, sent=700, said=-10_800)]) == []


def test_an_event_without_a_date_counts_by_its_arrival() -> None:
    assert pairs([movement(1, sent=0)], [movement(11, sent=500)]) == [(11, 1)]

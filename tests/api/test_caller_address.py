"""The caller's address is what the last trusted proxy wrote; all that cannot be read is one caller."""

import pytest
from pytest_django import Settings

from reservations.api.caller_address import UNREADABLE, caller_address

OURS = "10.0.0.9"


def told(header: str | None, *, trusted: int, passed_on_by: int = 0, settings: Settings) -> str:
    settings.TRUSTED_PROXIES = trusted
    environ = {"REMOTE_ADDR": OURS} | ({} if header is None else {"HTTP_X_FORWARDED_FOR": header})
    return caller_address(environ, passed_on_by=passed_on_by)


@pytest.mark.parametrize(
    ("header", "trusted", "address"),
    [
        (None, 0, OURS),
        ("203.0.113.7", 0, OURS),
        ("203.0.113.7", 1, "203.0.113.7"),
        ("203.0.113.7, 10.0.0.2", 2, "203.0.113.7"),
        ("198.51.100.1, unknown, 203.0.113.7 ,10.0.0.2", 2, "203.0.113.7"),
    ],
)
def test_it_is_what_the_farthest_trusted_proxy_wrote(
    header: str | None, trusted: int, address: str, settings: Settings
) -> None:
    assert told(header, trusted=trusted, settings=settings) == address


@pytest.mark.parametrize("forged", ["198.51.100.1", "unknown", "", ",,,", "[::1]", "127.0.0.1:80", "198.51.100.1, ::1"])
def test_what_a_caller_writes_before_it_changes_nothing(forged: str, settings: Settings) -> None:
    assert told(f"{forged}, 203.0.113.7", trusted=1, settings=settings) == "203.0.113.7"


def test_a_proxy_of_others_is_counted_beyond_our_own(settings: Settings) -> None:
    header = "198.51.100.1, 203.0.113.7, 23.227.38.1"
    assert told(header, trusted=1, passed_on_by=1, settings=settings) == "203.0.113.7"
    assert told("198.51.100.1, 203.0.113.7", trusted=0, passed_on_by=1, settings=settings) == "203.0.113.7"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "unknown",
        "_hidden",
        "203.0.113.7:4711",
        "[2001:db8::1]",
        "203.0.113.007",
        "1.2.3",
        "x" * 10_000,
        "٣.3.3.3",
    ],
)
def test_all_that_cannot_be_read_are_one_caller(header: str | None, settings: Settings) -> None:
    assert told(header, trusted=1, settings=settings) == UNREADABLE


def test_a_call_that_came_around_a_proxy_is_nobodys(settings: Settings) -> None:
    assert told("203.0.113.7", trusted=2, settings=settings) == UNREADABLE


@pytest.mark.parametrize(
    "spelling", ["2001:db8:1:2::1", "2001:DB8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::5%eth0", "2001:0db8:0001:0002::"]
)
def test_all_addresses_of_a_household_are_one_caller(spelling: str, settings: Settings) -> None:
    assert told(spelling, trusted=1, settings=settings) == "2001:db8:1:2::/64"


def test_an_ipv4_address_in_the_dress_of_ipv6_is_the_same_caller(settings: Settings) -> None:
    assert told("::ffff:203.0.113.7", trusted=1, settings=settings) == "203.0.113.7"

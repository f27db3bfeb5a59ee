"""Text from outside is a whole number only where it is plain digits within its bound."""

import pytest

from plumbing.whole_number import LARGEST_ID, whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("007", 7), (str(LARGEST_ID), LARGEST_ID)])
def test_plain_digits_are_a_number(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text", ["", " 7", "7\n", "-7", "+7", "7.0", "1_000", "0x7", "seven", "\u0667", "\u00b2", "\uff17", "7\0"]
)
def test_everything_else_is_none(text: str) -> None:
    assert whole_number(text) is None


@pytest.mark.parametrize("text", [str(LARGEST_ID + 1), "9" * 5_000, "0" * 5_000])
def test_a_number_that_no_id_can_be_is_none_and_no_error(text: str) -> None:
    assert whole_number(text) is None


def test_the_bound_itself_is_within() -> None:
    assert (whole_number("65535", most=65_535), whole_number("65536", most=65_535)) == (65_535, None)

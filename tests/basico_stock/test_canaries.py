"""The watch over the logs of the whole suite: it sees a secret where there is one, and plants what requests carry."""

import logging

from django.test import Client

from tests.canaries import canaries

SECRET = "a-secret-of-this-test-0123456789"


def seen() -> list[str]:
    """What the watch has seen, forgotten so that this test may pass."""
    found, canaries.seen = canaries.seen, []
    return found


def test_a_line_that_shows_a_planted_secret_is_seen() -> None:
    canaries.plant(SECRET)
    logging.getLogger("anybody").warning("look: %s", SECRET)
    assert len(seen()) == 1


def test_a_traceback_that_shows_one_is_seen() -> None:
    canaries.plant(SECRET)
    try:
        int(SECRET)
    except ValueError:
        logging.getLogger("anybody").exception("it failed")
    assert len(seen()) == 1


def test_what_the_formatter_redacts_is_not_seen() -> None:
    canaries.plant(SECRET)
    logging.getLogger("anybody").warning("Authorization: Bearer %s", SECRET)
    assert seen() == []


def test_a_request_plants_its_credentials() -> None:
    headers = {"Authorization": f"Api-Key {SECRET}", "Cookie": "sessionid=the-cookie-of-this-test"}
    Client().get("/nowhere?id_token=the-token-of-this-test", headers=headers)
    assert {SECRET, "the-cookie-of-this-test", "the-token-of-this-test"} <= canaries.planted

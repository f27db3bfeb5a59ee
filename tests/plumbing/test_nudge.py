"""A nudge wakes a worker, many at once wake it once, and none makes its sender wait."""

import os
import threading
import time

from plumbing.nudger import PAUSE_SECONDS, Nudger
from tests.support.patience import PATIENCE_SECONDS, wait_until


def test_one_message_wakes_a_worker_for_many_nudges() -> None:
    sent: list[int] = []
    arrived = threading.Event()

    def send_message(shop_id: int) -> None:
        sent.append(shop_id)
        arrived.set()

    nudger = Nudger("test-nudges", send_message)
    for _ in range(100):
        nudger.nudge(7)
    assert arrived.wait(PATIENCE_SECONDS)
    assert len(sent) <= 2


def test_a_broker_that_is_away_holds_nobody_up() -> None:
    def away(shop_id: int) -> None:
        raise ConnectionError

    nudger = Nudger("test-nudges", away)
    for shop_id in range(100):
        nudger.nudge(shop_id)
    assert nudger.is_running


def test_a_broker_that_is_away_is_left_alone_and_then_told_again() -> None:
    tries: list[float] = []
    told_again = threading.Event()

    def away_at_first(shop_id: int) -> None:
        tries.append(time.monotonic())
        if len(tries) == 1:
            raise ConnectionError
        told_again.set()

    nudger = Nudger("test-nudges", away_at_first)
    nudger.nudge(7)
    wait_until(lambda: tries)
    nudger.nudge(8)
    assert told_again.wait(PATIENCE_SECONDS + PAUSE_SECONDS)
    assert tries[1] - tries[0] >= PAUSE_SECONDS


def test_a_forked_child_sends_its_own_nudges_and_none_of_its_parents() -> None:
    reader, writer = os.pipe()
    nudger = Nudger("test-nudges", lambda shop_id: os.write(writer, b"%d\n" % shop_id))
    # As a thread of the parent might hold it at the fork: the child must not wait for it.
    nudger._starting.acquire()
    nudger._changing.acquire()
    nudger._shop_ids.add(1)
    child = os.fork()
    if child == 0:  # nothing of pytest may run here
        try:
            nudger.nudge(2)
            time.sleep(1)
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as sent:
        assert sent.read() == b"2\n"

"""Ids of reservations: no thread and no process draws one twice, and their version keeps an index in order."""

import os
from uuid import UUID

from reservations.engine.book.ids import new_id
from tests.support.rendezvous import at_once, returned


def test_ids_of_many_threads_are_all_different_and_of_version_seven() -> None:
    batches = returned(at_once([lambda: [new_id() for _ in range(500)]] * 8))
    ids = [known for batch in batches for known in batch]
    assert len(set(ids)) == len(ids) == 4_000
    assert {(known.version, known.variant) for known in ids} == {(7, UUID(int=0x2 << 62).variant)}


def test_a_forked_process_does_not_draw_the_random_bits_of_its_parent() -> None:
    new_id()  # the parent has drawn some by now
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # the child must not go on as a second pytest
        os.write(writing, b"".join(new_id().bytes for _ in range(100)))
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        sent = pipe.read()
    theirs = {_random_half(UUID(bytes=sent[at : at + 16])) for at in range(0, len(sent), 16)}
    ours = {_random_half(new_id()) for _ in range(100)}
    assert len(theirs) == len(ours) == 100
    assert not theirs & ours


def _random_half(known: UUID) -> int:
    return known.int & 0x3FFFFFFFFFFFFFFF

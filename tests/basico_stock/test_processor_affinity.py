"""Each web worker keeps to its own processor where there are as many workers as processors."""

import os
import sys

import psutil
import pytest

from basico_stock import processor_affinity
from tests.api.server import web_server

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not hasattr(os, "sched_getaffinity"), reason=f"{sys.platform} has no processor affinity (Linux runs this)"
    ),
]
HERE = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def _processors_of_the_workers(workers: int) -> list[list[int]]:
    """The processors on which the threads of each worker may run."""
    with web_server(WEB_PROCESSES=str(workers)) as server:
        assert server.get("/healthz").status_code == 200
        children = psutil.Process(server.process.pid).children()
        found = [[os.sched_getaffinity(thread.id) for thread in child.threads()] for child in children]
    return sorted(sorted(set[int]().union(*threads)) for threads in found)


def test_every_worker_has_a_processor_and_every_processor_a_worker() -> None:
    assert _processors_of_the_workers(len(HERE)) == [[processor] for processor in HERE]


@pytest.mark.skipif(len(HERE) < 2, reason="one processor is every worker's (two run this)")
def test_fewer_workers_than_processors_run_where_the_kernel_likes() -> None:
    assert _processors_of_the_workers(1) == [HERE]


def test_workers_share_the_processors_evenly_or_not_at_all() -> None:
    chosen = [processor_affinity.processor_for_worker(index, 2 * len(HERE)) for index in range(2 * len(HERE))]
    assert chosen == HERE * 2
    assert processor_affinity.processor_for_worker(0, 2 * len(HERE) + 1) == (HERE[0] if len(HERE) == 1 else None)


def test_where_it_is_forbidden_the_program_is_loaded_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setaffinity", forbidden)
    assert processor_affinity.run_on(0, lambda: "loaded") == "loaded"

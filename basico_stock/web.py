"""The web server: granian, which goes on answering when one of its workers is killed, and killed again.

Granian takes a worker that ends within five seconds of its start for one that cannot start, and ends the whole server
with it. That is right where each new worker refuses the machine (`basico_stock.startup`): a supervisor should know. It
is wrong for a worker that was killed, by the kernel for its memory or by a person: the others still answer, and no
buyer may lose a sale because of a neighbour.

And we tell a worker twice that was forked just when the server was asked to stop: a new process forgets the signals
that reach it before its Python is up, and the server would wait for it until it has to kill it.

Each worker has a processor of its own where there are enough (`basico_stock.processor_affinity`).
"""

import signal
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from granian import cli
from granian.server.mp import MPServer, WorkerProcess

from basico_stock import processor_affinity

_KILLED = -signal.SIGKILL
# A worker that is older than this has heard every signal.
_YOUNG_SECONDS = 5.0
# From a worker's fork to a Python that hears signals, on a busy machine.
_WAKING_SECONDS = 0.5


class WebServer(MPServer):
    """Granian's server, which replaces killed workers however young they were, and tells the youngest twice to stop."""

    def _spawn_worker(  # type: ignore[override]  # (granian's base names a fourth that it never gives)
        self, idx: int, target: Any, callback_loader: Callable[[], Any]
    ) -> WorkerProcess:
        """Fork a worker that moves to its processor before it loads the program."""
        processor = processor_affinity.processor_for_worker(idx, self.workers)
        load = callback_loader if processor is None else partial(processor_affinity.run_on, processor, callback_loader)
        return super()._spawn_worker(idx, target, load)

    def _respawn_workers(self, workers: Sequence[int], *args: Any, **kwargs: Any) -> None:
        """Replace these workers, and forget when we replaced the killed ones, so that they do not end the server."""
        killed = [index for index in workers if self.wrks[index].inner.exitcode == _KILLED]
        super()._respawn_workers(workers, *args, **kwargs)
        for index in killed:
            self.respawned_wrks.pop(index, None)

    def _stop_workers(self) -> None:
        """Ask all workers to stop, the young ones twice, and wait for them."""
        now = time.monotonic()
        young = [worker for worker in self.wrks if now - worker.birth < _YOUNG_SECONDS]
        for worker in young:
            worker.terminate()  # type: ignore[no-untyped-call]
        if young:
            time.sleep(_WAKING_SECONDS)
        super()._stop_workers()  # type: ignore[no-untyped-call]


def main() -> None:
    """Granian's own command line, with this server."""
    cli.Server = WebServer  # type: ignore[attr-defined]
    cli.entrypoint()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()

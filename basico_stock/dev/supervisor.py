"""Start everything in order, watch it, and stop it."""

import os
import shutil
import signal
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import sandbox
from basico_stock.dev import console, leftovers, machine_values, preflight, procfile, ready, schema_stamp
from basico_stock.dev.child import STOP_SECONDS, Child
from basico_stock.dev.errors import CannotStart
from basico_stock.dev.local_services import Services
from basico_stock.environment import OFF, home

WATCH_SECONDS = 0.25
READY_SECONDS = 60
# A shell's status for Ctrl-C: an interrupted walk has shown nothing.
INTERRUPTED = 130


class Interrupted(Exception):
    """Somebody asked to stop."""


class Machine:
    """One run of `bin/dev`."""

    def __init__(self, *, once: bool, reset: bool) -> None:
        """Decide what to run with, and start nothing yet. Raises CannotStart."""
        self.once = once
        self.reset = reset
        self.home = home()
        self.values = machine_values.complete(os.environ)
        self.stand_ins: dict[str, str] = {}
        self.services = Services(
            self.home, postgres="DATABASE_URL" not in self.values, redis="REDIS_URL" not in self.values
        )
        if reset and not self.services.postgres:
            raise CannotStart("--reset empties only the local database: unset DATABASE_URL, or empty yours yourself.")
        self.children: list[Child] = []
        self.asked_to_stop = threading.Event()

    def run(self) -> int:
        """Start everything, stay until asked to stop, stop everything; return the exit status."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        with ExitStack() as stack:
            stack.enter_context(preflight.lock(self.home))
            if count := leftovers.stop(self.home):
                console.say(f"Stopped {count} processes that an earlier run had left behind.")
            preflight.port_is_free(self.values["HOST"], preflight.port_number(self.values["PORT"]))
            self._find_stand_ins()
            try:
                self._start()
                return self._show_once() if self.once else self._stay()
            except Interrupted:
                return INTERRUPTED if self.once else 0
            finally:
                self._stop()

    def _find_stand_ins(self) -> None:
        """Choose the stand-ins' ports, now that nothing that an earlier run left behind is in their way."""
        if self.values["SANDBOX"].strip().lower() in OFF:
            return
        ports = sandbox.ports_beside(preflight.port_number(self.values["PORT"]))
        self.stand_ins = sandbox.processes(ports, self.home)
        self.values = {**sandbox.environment(ports), **self.values}

    def _start(self) -> None:
        has_schema = self._has_schema()
        self._start_services()
        shutil.rmtree(self.home / "metrics", ignore_errors=True)
        machine_values.write(self.values)
        console.say("Bringing the database up to date ...")
        prepare = self._start_child("prepare", "python -m basico_stock.dev.prepare")
        if not has_schema:
            self._finish(prepare)
        commands = procfile.read()
        console.say("Starting web ...")
        web = self._start_child("web", commands["web"], PROMETHEUS_MULTIPROC_DIR=str(self.home / "metrics"))
        answers = ready.answers(self.values)
        self._wait_until(lambda: bool(prepare.status()) or answers(), [web])
        if has_schema:
            self._finish(prepare)
        # After web, so that five programs do not fight for two cores while somebody waits for the first answer.
        console.say("Starting worker, guard and beat ...")
        for name, command in self.stand_ins.items():
            self._start_child(name, command)
        for name in ("worker", "guard", "beat"):
            self._start_child(name, commands[name])
        console.say(ready.announcement(self.values, once=self.once), who="")

    def _start_services(self) -> None:
        if names := self.services.names():
            console.say(f"Starting {' and '.join(names)} ...")
        if self.reset:
            self.services.erase()
            sandbox.forget(self.home)
        self.services.start()
        self.values |= self.services.urls()

    def _has_schema(self) -> bool:
        """Whether web may start before the database was looked at: it can only be as the last start left it."""
        postgres = self.services.postgres
        return not self.reset and postgres is not None and postgres.has_data() and schema_stamp.is_current(self.home)

    def _finish(self, prepare: Child) -> None:
        self._wait_until(lambda: prepare.status() is not None, [])
        self.children.remove(prepare)
        prepare.wait_stopped(time.monotonic())
        if prepare.status() != 0:
            raise CannotStart("The database could not be prepared; the lines above say why.")
        if self.services.postgres:
            schema_stamp.remember(self.home)

    def _start_child(self, name: str, command: str, **more: str) -> Child:
        environment = {**os.environ, **self.values, **self._surroundings(), **leftovers.marked(self.home), **more}
        child = Child(name, command, environment)
        self.children.append(child)
        child.start()
        return child

    def _surroundings(self) -> dict[str, str]:
        path = f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        # These warnings are meant for production (as many threads as cores, no root, a long secret). Here many threads,
        # root and the demo secret are intended.
        meant = "ignore:You're running the worker with superuser,ignore:The HMAC key is"
        quiet = {"GRANIAN_LOG_LEVEL": "error", "PYTHONWARNINGS": meant}
        ours = {"BASICO_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "basico_stock.settings"}
        return {"PATH": path, "PYTHONUNBUFFERED": "1", **ours, **quiet}

    def _wait_until(self, done: ready.Condition, needed: list[Child]) -> None:
        """Wait for `done`. Raises CannotStart when one of `needed` ends first or time runs out, or Interrupted."""
        deadline = time.monotonic() + READY_SECONDS
        while not done():
            if self.asked_to_stop.wait(0.05):
                raise Interrupted
            for child in needed:
                if child.status() is not None:
                    child.wait_stopped(time.monotonic())
                    raise CannotStart(f"{child.name} ended by itself; its lines above say why.")
            if needed and time.monotonic() > deadline:
                raise CannotStart(f"The service did not answer within {READY_SECONDS} seconds; see the lines above.")

    def _stay(self) -> int:
        while not self.asked_to_stop.wait(WATCH_SECONDS):
            for name in self.services.revive():
                console.say(f"{name} had ended by itself and runs again.")
            for child in self.children:
                child.look_after()
        return 0

    def _show_once(self) -> int:
        child = self._start_child("", "python -m basico_stock.dev.once")
        self._wait_until(lambda: child.status() is not None, [])
        child.wait_stopped(time.monotonic())
        return child.status() or 0

    def _stop(self) -> None:
        console.say("Stopping ...")
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.wait_stopped(deadline)
        leftovers.stop(self.home)
        self.services.stop()
        console.say("Everything that was started has stopped.")

    def _on_signal(self, *_: Any) -> None:
        self.asked_to_stop.set()

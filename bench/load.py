"""Load from outside the measured processes: wrk where it is installed, else the client of this folder."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

REPLAY = Path(__file__).with_name("replay.lua")
# Kill a load that has not ended this long after it was asked to.
PATIENCE_SECONDS = 60
# Longer than any answer may take, so that a slow server shows in the latencies and not as lost answers.
ANSWER_SECONDS = 12


@dataclass(frozen=True)
class Load:
    """What one load saw. Latencies in milliseconds; `answers` counts the answers by HTTP status."""

    requests: int
    seconds: float
    p50_ms: float
    p90_ms: float
    p99_ms: float
    socket_errors: int
    answers: dict[str, int]


@dataclass(frozen=True)
class Target:
    """Where the load goes, and which requests (a file of lines "path<tab>body") it repeats."""

    port: int
    headers: Mapping[str, str]
    requests: Path
    confirms: bool = False


def tool() -> str:
    """The load generator's name."""
    return "wrk" if shutil.which("wrk") else "bench.generator"


def run(target: Target, connections: int, seconds: float) -> Load:
    """Keep `connections` requests under way for `seconds`, and tell what came back."""
    # SIGINT ends it, because wrk's own clock knows whole seconds only; -d bounds it if this process dies.
    process = subprocess.Popen(
        _command(target, connections, seconds), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert process.stdout
        output = process.stdout.readline()  # "ready": the requests are read, the load begins
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_SECONDS)  # what it prints fits into the pipe
        output += process.stdout.read()
    finally:
        process.kill()
        process.wait()
    found = [line for line in output.splitlines() if line.startswith("{")]
    if not found:
        raise RuntimeError(f"{tool()} measured nothing: {output}")
    return Load(**json.loads(found[-1]))


def _command(target: Target, connections: int, seconds: float) -> Sequence[str]:
    url = f"http://127.0.0.1:{target.port}"
    headers = [part for name, value in target.headers.items() for part in ("-H", f"{name}: {value}")]
    arguments = [str(target.requests), "pairs" if target.confirms else "once"]
    if tool() == "wrk":
        limits = ["-t1", f"-c{connections}", f"-d{int(seconds) + 5}s", "--timeout", f"{ANSWER_SECONDS}s"]
        return ["wrk", *limits, *headers, "-s", str(REPLAY), url, "--", *arguments]
    limits = ["-c", str(connections), "-d", str(seconds + 5)]
    return [sys.executable, "-m", "bench.generator", *limits, *headers, url, *arguments]

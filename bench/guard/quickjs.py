"""The function in QuickJS compiled to WebAssembly, whose instructions Wasmtime counts as fuel.

Shopify's compiler, Javy, brings QuickJS too. Both packages are in requirements-dev.txt; without them :func:`engine` is
None.
"""

import shutil
from dataclasses import dataclass
from functools import cache
from importlib import import_module, util
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

SOURCE = Path(__file__).parents[2] / "extensions" / "bazico-guard" / "src"
_PLENTY = 10**12

# One more reading of the input, and one more run, than the program would do anyway: so neither the start of QuickJS nor
# the loading of the program counts.
_PROGRAM = """
import {{ cartValidationsGenerateRun }} from "./index.js";
import * as std from "qjs:std";
const text = std.loadFile("/input.json");
let input, output;
for (let time = 0; time < {read}; time += 1) {{
  input = JSON.parse(text);
  if (time < {run}) output = JSON.stringify(cartValidationsGenerateRun(input));
}}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Instructions that one input takes."""

    size: int
    reading: int
    judging: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.reading + self.judging


@cache
def engine() -> tuple[Any, Any, Any] | None:
    """Wasmtime's module, its linker and QuickJS; None where they are not installed."""
    wasm = next((Path(each, "qjs-wasi-reactor.wasm") for each in _places()), None)
    if wasm is None or util.find_spec("wasmtime") is None:
        return None
    wasmtime: Any = import_module("wasmtime")
    config = wasmtime.Config()
    config.consume_fuel = True
    engine = wasmtime.Engine(config)
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    return wasmtime, linker, wasmtime.Module.from_file(engine, str(wasm))


def _places() -> list[str]:
    import sysconfig

    place = Path(sysconfig.get_path("purelib"), "qjs-wasi-reactor")
    return [str(place)] if place.exists() else []


def cost(text: str) -> Cost:
    """What it costs to judge the input, given as JSON. The engine must be there."""
    with TemporaryDirectory() as folder:
        for file in SOURCE.glob("*.js"):
            shutil.copy(file, folder)
        Path(folder, "input.json").write_text(text)
        once, read, both = (_fuel(folder, *times) for times in ((1, 1), (2, 1), (2, 2)))
    return Cost(len(text.encode()), read - once, both - read)


def _fuel(folder: str, read: int, run: int) -> int:
    found = engine()
    assert found
    wasmtime, linker, module = found
    Path(folder, "main.js").write_text(_PROGRAM.format(read=read, run=run))
    store = wasmtime.Store(module.engine if hasattr(module, "engine") else linker.engine)
    store.set_fuel(_PLENTY)
    wasi = wasmtime.WasiConfig()
    wasi.preopen_dir(folder, "/")
    wasi.inherit_stderr()
    store.set_wasi(wasi)
    exports = linker.instantiate(store, module).exports(store)
    exports["_initialize"](store)
    pointers = [_written(store, exports, each.encode() + b"\0") for each in ("qjs", "--std", "/main.js")]
    arguments = _written(store, exports, b"".join(each.to_bytes(4, "little") for each in [*pointers, 0]))
    before = store.get_fuel()
    assert exports["qjs_init_argv"](store, len(pointers), arguments) == 0
    return int(before - store.get_fuel())


def _written(store: Any, exports: Any, content: bytes) -> int:
    place = exports["malloc"](store, len(content))
    exports["memory"].write(store, content, place)
    return int(place)

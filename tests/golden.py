#!/usr/bin/env python3
"""Dumps of every real log in tests/data, native and wasm, held against the oracle and against each other.

The last line is `N passed, N failed`.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests/data"
TOOLS = ROOT / "tests/tools"
NATIVE = [ROOT / "build/native/tensorpane", "dump"]
WASM = ["node", TOOLS / "wasm_dump.mjs"]


def dump(command, logs, **environment):
    result = subprocess.run([*command, logs], capture_output=True, env={**os.environ, **environment})
    if result.returncode:
        return None, result.stderr.decode(errors="replace")[:300]
    return result.stdout, ""


def judge(case, text, *options):
    """What the oracle says against a dump; "" = nothing."""
    with tempfile.NamedTemporaryFile(suffix=".json") as actual:
        actual.write(text)
        actual.flush()
        script = "compare_damaged.py" if case.name == "edge_damaged" else "compare.py"
        with tempfile.NamedTemporaryFile("w", suffix=".json") as expected:
            oracle = json.loads((case / "expected.json").read_text())
            for config in oracle.get("projector", []):
                config.pop("checkpoint", None)  # variables of a TensorFlow checkpoint, as in compare.py
            json.dump(oracle, expected)
            expected.flush()
            command = [sys.executable, TOOLS / script, expected.name, actual.name, *options]
            result = subprocess.run(command, capture_output=True, text=True)
        return "" if result.returncode == 0 else result.stdout + result.stderr


def checks(case):
    """Yields (name, fault) for each check of a case."""
    native, fault = dump(NATIVE, case / "logs")
    yield "native against the oracle", fault or judge(case, native)
    wasm, fault = dump(WASM, case / "logs")
    yield "wasm against the oracle", fault or judge(case, wasm)
    yield "native and wasm alike", "" if native == wasm else "the dumps differ"
    cut, fault = dump(WASM, case / "logs", FEED_BYTES="977")
    if case.name != "edge_damaged":  # TensorBoard's reading of it is another: it stops at faults
        purge = "--purge=tensorboard"
        native_purged, fault = dump([*NATIVE, purge], case / "logs")
        yield "native as TensorBoard purges", fault or judge(case, native_purged, "--purge", "tensorboard")
        wasm_purged, fault = dump([*WASM, purge], case / "logs")
        yield "wasm as TensorBoard purges", fault or judge(case, wasm_purged, "--purge", "tensorboard")
    yield "cut into pieces of 977 bytes", fault or ("" if cut == wasm else "the dump differs from that of whole pieces")


def main():
    passed = failed = 0
    for case in sorted(p.parent for p in DATA.glob("*/expected.json")):
        for name, fault in checks(case):
            if fault:
                failed += 1
                print(f"FAILED {case.name}: {name}\n{fault}")
            else:
                passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Dumps of every real log in tests/data, native and wasm, held against the oracle and against each other, and native
ones of packed logs against those of folders; what is said of its graphs against the oracle and what was recorded.

The last line is `N passed, N failed`.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
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
        script = "compare.py"
        if case.name == "edge_damaged":
            script = "compare_damaged.py"
        else:
            options = (*options, "--checkpoints")
        command = [sys.executable, TOOLS / script, case / "expected.json", actual.name, *options]
        result = subprocess.run(command, capture_output=True, text=True)
        return "" if result.returncode == 0 else result.stdout + result.stderr


# Runs of edge_damaged that are packed: tools/wasm_dump.mjs opens no archives, and none is opened inside of another.
PACKED = {"gzip", "gzip_cut", "gzip_name", "zlib", "zip", "zip/run"}


def without_packed(parsed):
    return {**parsed, "runs": [run for run in parsed["runs"] if run["run"] not in PACKED]}


def checks(case):
    """Yields (name, fault) for each check of a case."""
    native, fault = dump(NATIVE, case / "logs")
    yield "native against the oracle", fault or judge(case, native)
    wasm, fault = dump(WASM, case / "logs")
    yield "wasm against the oracle", fault or judge(case, wasm)
    alike = without_packed(json.loads(native)) == without_packed(json.loads(wasm))
    yield "native and wasm alike", "" if alike else "the dumps differ"
    cut, fault = dump(WASM, case / "logs", FEED_BYTES="977")
    if case.name != "edge_damaged":  # TensorBoard's reading of it is another: it stops at faults
        purge = "--purge=tensorboard"
        native_purged, fault = dump([*NATIVE, purge], case / "logs")
        yield "native as TensorBoard purges", fault or judge(case, native_purged, "--purge", "tensorboard")
        wasm_purged, fault = dump([*WASM, purge], case / "logs")
        yield "wasm as TensorBoard purges", fault or judge(case, wasm_purged, "--purge", "tensorboard")
    yield "cut into pieces of 977 bytes", fault or ("" if cut == wasm else "the dump differs from that of whole pieces")


def same_graph(got, want):
    """Whether what `tensorpane graph` says of a graph is what the oracle says of it."""
    # The merge of several: TensorBoard writes a prefix before the ^ of control inputs, which are none any more.
    merged = "bytes" not in want
    keys = {"bytes", "nodes", "control_edges", "functions", "function_nodes"} - ({"control_edges"} if merged else set())
    # The second node of a name has a number behind it.
    names = [re.sub(r"_\(\d+\)$", "", name) for name in got["first_nodes"]]
    # torch names modules that it has left out.
    edges = got["edges"] + got["ops"].get("prim::GetAttr", 0)
    producers = {0: ("",), 22: ("PyTorch", "")}.get(want["producer"], (f"TensorFlow graph version {want['producer']}",))
    return (
        all(got[key] == want[key] for key in keys & set(want))
        and edges == want["edges"]
        and names == want["first_nodes"]
        and dict(list(got["ops"].items())[:20]) == want["ops"]
        and got["producer"] in producers
    )


def same_model(got, want):
    layers = [name for name in want["layer_names"] if name not in want["nested"]]
    names = [name.rsplit("/", 1)[-1] for name in got["first_nodes"]]
    return got["form"] == "layers" and names == layers and got["nodes"] == len(layers) and got["bytes"] == want["bytes"]


def graph_checks(case):
    """Yields (name, fault): graphs against the oracle, and against what was recorded of them (graphs.json)."""
    text, fault = dump([NATIVE[0], "graph"], case / "logs")
    if fault:
        yield "graphs", fault
        return
    graphs = json.loads(text)
    recorded = case / "graphs.json"
    if recorded.exists():
        yield "graphs as recorded", "" if graphs == json.loads(recorded.read_text()) else "another graphs.json"
    else:
        yield "no graphs", "" if graphs == {"runs": []} else "there are graphs, but no graphs.json"
    oracle = json.loads((case / "expected.json").read_text())
    runs = {run["run"]: run for run in graphs["runs"]}
    for run in oracle["runs"] if isinstance(oracle.get("runs"), list) else ():
        for tag, want in run["tags"].items():
            if not want["plugin_name"].startswith("graph"):
                continue
            got = runs[run["run"]]
            for i, value in enumerate(want["values"]):
                graph = got["tags"][tag][i]["graph"]
                if want["plugin_name"] == "graphs":
                    same = same_graph(graph, value)
                elif want["plugin_name"] == "graph_keras_model":
                    same = same_model(graph, value)
                else:
                    profile = got["tags"][tag][i].get("profile", {"entries": 0})
                    same = profile["entries"] == value["node_stats"]
                    if "graph" in value:
                        same = same and same_graph(graph, value["graph"])
                yield f"graph {run['run']} {tag} {i} against the oracle", "" if same else json.dumps(graph)[:2000]


def packed_checks(case, folder):
    """Yields (name, fault): logs give the same dump however they are packed."""
    native, _ = dump(NATIVE, case / "logs")
    # Files beside the logs are not read from archives, and a single folder in one is the log directory.
    wanted = without_packed({**json.loads(native.replace(b'"lightning_logs/', b'"')), "projector": [], "checkpoints": []})
    for suffix, pack_format in ((".zip", "zip"), (".tar", "tar"), (".tar.gz", "gztar")):
        archive = shutil.make_archive(folder / "logs", pack_format, case / "logs")
        text, fault = dump(NATIVE, archive)
        yield f"native from logs{suffix}", fault or ("" if without_packed(json.loads(text)) == wanted else "the dump differs")
    # Longer names are in another order, and some files are packed or in one folder already.
    if case.name in ("edge_restarts", "edge_damaged", "lightning_run"):
        return
    compressed = folder / "compressed"
    for file in (case / "logs").rglob("*tfevents*"):
        to = compressed / file.relative_to(case / "logs")
        to.parent.mkdir(parents=True, exist_ok=True)
        if file.is_file() and not file.name.endswith(".profile-empty"):
            to.with_name(to.name + ".gz").write_bytes(gzip.compress(file.read_bytes(), 1))
    text, fault = dump(NATIVE, compressed)
    same = not fault and json.loads(text.replace(b'.gz"', b'"')) == wanted
    yield "native from compressed files", fault or ("" if same else "the dump differs")


def archive_checks(folder):
    """Yields (name, fault): what is taken from archives, and as which runs."""
    events = next((DATA / "torch_training/logs").rglob("*tfevents*"))
    (folder / "a").mkdir()
    shutil.copy(events, folder / "a")
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for name in ("a/tfevents", "a/train/tfevents", "a/._tfevents", "a/notes.txt", "a/inner.zip"):
            packed.write(events, name)
    with tarfile.open(folder / "B.TGZ", "w:gz") as packed:
        packed.add(events, "run/tfevents.2")
        packed.add(events, "tfevents.1")
    (folder / "cut.tfevents.gz").write_bytes(gzip.compress(events.read_bytes())[:-300])
    result = subprocess.run([*NATIVE, folder], capture_output=True, text=True)
    runs = {run["run"]: [file["name"] for file in run["files"]] for run in json.loads(result.stdout)["runs"]}
    wanted = {
        ".": ["cut.tfevents.gz"],
        "a": [events.name],
        "a (2)": ["tfevents"],
        "a/train": ["tfevents"],
        "B": ["tfevents.1"],
        "B/run": ["tfevents.2"],
    }
    yield "runs of archives", "" if runs == wanted else f"{runs}"
    for what in ("inner.zip: an archive inside an archive is not opened", "cut.tfevents.gz: the archive can't be read"):
        yield what, "" if what in result.stderr else result.stderr
    result = subprocess.run([*NATIVE, events], capture_output=True, text=True)
    run = json.loads(result.stdout)["runs"][0]
    yield "one event file", "" if run["run"] == "." and run["files"][0]["name"] == events.name else str(run)[:300]


def main():
    passed = failed = 0
    groups = []
    with tempfile.TemporaryDirectory() as scratch:
        for case in sorted(p.parent for p in DATA.glob("*/expected.json")):
            folder = Path(scratch) / case.name
            folder.mkdir()
            groups += [(case.name, part) for part in (checks(case), graph_checks(case), packed_checks(case, folder))]
        folder = Path(scratch) / "archives"
        folder.mkdir()
        groups.append(("archives", archive_checks(folder)))
        for group, (name, fault) in ((group, check) for group, found in groups for check in found):
            if fault:
                failed += 1
                print(f"FAILED {group}: {name}\n{fault}")
            else:
                passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""run.py [--seconds N] [--jobs N] [--random] [TARGET…]: runs the fuzz targets of build/fuzz.

Each starts with the cases of tests/fuzz/cases, the seeds and what earlier runs kept in build/fuzz/corpus. An input that
ends a target is left in build/fuzz/findings. The last line is `N passed, N failed`.
"""

import argparse
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent.parent / "build/fuzz"


def run(target, arguments):
    """Runs one target; returns (what to say, whether it passed)."""
    folders = [BUILD / "corpus" / target, BUILD / "seeds" / target, HERE / "cases" / target]
    folders[0].mkdir(parents=True, exist_ok=True)
    command = [
        BUILD / "targets" / target,
        *(folder for folder in folders if folder.is_dir()),
        f"-max_total_time={arguments.seconds}",
        f"-artifact_prefix={BUILD}/findings/{target}-",
        # Memory tells what is allocated by a length that nobody checked; a minute, what does not end.
        "-rss_limit_mb=2048",
        "-malloc_limit_mb=512",
        "-timeout=60",
        "-print_final_stats=1",
        *([] if arguments.random else ["-seed=1"]),
    ]
    result = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if result.returncode:
        return "\n".join([f"{target}: FAILED", *result.stderr.splitlines()[-60:]]), False
    stats = dict(line.split(": ") for line in result.stderr.splitlines() if line.startswith("stat::"))
    runs = stats.get("stat::number_of_executed_units", "?").strip()
    return f"{target}: {runs} inputs", runs not in ("?", "0")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=cpu_count())
    parser.add_argument("--random", action="store_true", help="other inputs than the run before")
    parser.add_argument("targets", nargs="*")
    arguments = parser.parse_args()
    targets = arguments.targets or sorted(path.name for path in (BUILD / "targets").iterdir())
    (BUILD / "findings").mkdir(exist_ok=True)
    subprocess.run([sys.executable, HERE / "seeds.py", BUILD / "seeds"], check=True)
    passed = 0
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for text, good in pool.map(lambda target: run(target, arguments), targets):
            print(text, flush=True)
            passed += good
    print(f"{passed} passed, {len(targets) - passed} failed")
    return 0 if passed == len(targets) else 1


if __name__ == "__main__":
    sys.exit(main())

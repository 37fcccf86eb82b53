#!/usr/bin/env python3
"""event_accumulator.py FOLDER: TensorBoard's own Python reader over the short files; prints {name: seconds}.

It keeps every point (size guidance 0), as we do, and always checks CRCs.
"""

import json
import sys
import time
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

KEEP_ALL = {"scalars": 0, "tensors": 0, "histograms": 0, "images": 0, "compressedHistograms": 0, "audio": 0}


def read(path):
    accumulator = EventAccumulator(str(path), size_guidance=KEEP_ALL)
    accumulator.Reload()
    return accumulator


def seconds(path, points):
    start = time.perf_counter()
    found = points(read(path))
    elapsed = time.perf_counter() - start
    assert found > 0, path
    return elapsed


def main():
    folder = Path(sys.argv[1])
    every = lambda kind, get: lambda log: sum(len(get(log, tag)) for tag in log.Tags()[kind])
    tensors = every("tensors", lambda log, tag: log.Tensors(tag))
    scalars = every("scalars", lambda log, tag: log.Scalars(tag))
    histograms = every("histograms", lambda log, tag: log.Histograms(tag))
    cases = {"decode/tf2": ("tf2", tensors), "decode/simple": ("simple", scalars)}
    cases["decode/histograms"] = ("histograms", histograms)
    times = {name: seconds(folder / f"{file}_short.tfevents", points) for name, (file, points) in cases.items()}
    print(json.dumps(times))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""A training loop: a small CNN on scikit-learn's digits, 2 learning rates x 3 seeds x 20 epochs.

Usage:  python torch_training.py --out DIR      (DIR must be empty or new)

Needs torch, tensorboard and scikit-learn. Runs are named `lr=0.1/seed=0` and so on, the usual layout for averaging
over seeds. Seeds and wall times are fixed, so a second run writes nearly the same bytes.
"""

import argparse
import random
import re
import socket
import threading
import time
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.tensorboard import SummaryWriter

EPOCHS, BATCH = 20, 64
START = 1_700_000_000.0  # 2023-11-14T22:13:20Z, the first wall time


class Clock:
    """Replaces `time.time`. Every call from the main thread advances it by `tick` seconds."""

    def __init__(self, start=START, tick=0.25):
        self.now, self.tick = start, tick

    def __call__(self):
        if threading.current_thread() is threading.main_thread():
            self.now += self.tick
        return self.now

    def skip(self, seconds):
        self.now += seconds


class DigitsCnn(nn.Module):
    """A classifier of 8x8 digits."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, padding=1)
        self.hidden = nn.Linear(8 * 16, 16)
        self.out = nn.Linear(16, 10)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.conv(x)), 2)
        return self.out(torch.relu(self.hidden(x.flatten(1))))


def load():
    digits = load_digits()
    x = torch.tensor(digits.images, dtype=torch.float32)[:, None] / 16
    y = torch.tensor(digits.target)
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
    train, valid = order[:1400], order[1400:]
    return (x[train], y[train]), (x[valid], y[valid])


def accuracy(logits, target):
    return (logits.argmax(1) == target).float().mean().item()


def prediction_sheet(x, logits, target):
    """16 digits in a 4x4 grid, enlarged 4 times; wrong answers are red."""
    right = logits[:16].argmax(1) == target[:16]
    tiles = x[:16, 0].repeat_interleave(4, 1).repeat_interleave(4, 2)
    colour = torch.stack([torch.ones(16), right.float(), right.float()], 1)
    rgb = tiles[:, None] * colour[:, :, None, None]
    return rgb.reshape(4, 4, 3, 32, 32).permute(2, 0, 3, 1, 4).reshape(3, 128, 128)


def train(folder, lr, seed, data, clock):
    (x, y), (xv, yv) = data
    torch.manual_seed(seed)
    model, loss_of = DigitsCnn(), nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    step = 0
    with SummaryWriter(folder) as w:
        for epoch in range(EPOCHS):
            model.train()
            total = right = 0.0
            for index in torch.randperm(len(x)).split(BATCH):
                logits = model(x[index])
                loss = loss_of(logits, y[index])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                total += loss.item() * len(index)
                right += accuracy(logits, y[index]) * len(index)
                w.add_scalar("batch/loss", loss.item(), step)
                step += 1
            model.eval()
            with torch.no_grad():
                logits = model(xv)
            w.add_scalar("train/loss", total / len(x), epoch)
            w.add_scalar("train/accuracy", right / len(x), epoch)
            w.add_scalar("valid/loss", loss_of(logits, yv).item(), epoch)
            w.add_scalar("valid/accuracy", accuracy(logits, yv), epoch)
            w.add_scalar("lr", schedule.get_last_lr()[0], epoch)
            for name, parameter in model.named_parameters():
                if name.endswith("weight"):
                    w.add_histogram(f"weights/{name}", parameter, epoch, max_bins=48)
                    w.add_histogram(f"gradients/{name}", parameter.grad, epoch, max_bins=48)
            if epoch % 5 == 4:
                w.add_image("predictions", prediction_sheet(xv, logits, yv), epoch)
            schedule.step()
            clock.skip(3)


def drop_process_ids(out):
    """Event files are named after time, host and process: with the process id replaced by 1, names repeat."""
    for path in sorted(out.rglob("events.out.tfevents.*")):
        path.rename(path.with_name(re.sub(r"^(events\.out\.tfevents\.\d+\.[^.]+)\.\d+\.", r"\1.1.", path.name)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    if out.exists() and any(out.iterdir()):
        parser.error(f"{out} is not empty")
    random.seed(0)
    np.random.seed(0)
    torch.set_num_threads(1)
    clock = Clock()
    time.time, socket.gethostname = clock, lambda: "host"
    data = load()
    for lr in (0.1, 0.01):
        for seed in range(3):
            train(out / f"lr={lr}" / f"seed={seed}", lr, seed, data, clock)
    drop_process_ids(out)


if __name__ == "__main__":
    main()

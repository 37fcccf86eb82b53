#!/usr/bin/env python3
"""make_media.py: writes tests/data/media: small GIFs and WAVs, and what an independent reader makes of them.

Wants numpy, Pillow and ffmpeg (with x264, vpx, vorbis and lame), for files of encoders that are not ours. GIFs are written by the encoder below from pictures that are known; how they lie over each other
is computed with numpy, as browsers do it (a cleared frame leaves nothing, not the background colour), and held against
Pillow where Pillow does the same. Peaks and spectra come from numpy.
"""

import hashlib
import io
import json
import math
import struct
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image

OUT = Path(__file__).resolve().parent.parent / "data/media"
KEEP, CLEAR, RESTORE = 1, 2, 3


def lzw(pixels, root_bits):
    """Data of an image block: GIF89a, annex F."""
    clear, end = 1 << root_bits, (1 << root_bits) + 1
    out, have, bits = bytearray(), 0, 0

    def put(code, size):
        nonlocal have, bits
        bits |= code << have
        have += size
        while have >= 8:
            out.append(bits & 255)
            bits >>= 8
            have -= 8

    table, size, text = {}, root_bits + 1, ()
    put(clear, size)
    for pixel in pixels:
        longer = (*text, pixel)
        if len(longer) == 1 or longer in table:
            text = longer
            continue
        put(table[text] if len(text) > 1 else text[0], size)
        code = end + 1 + len(table)
        if code < 4096:
            table[longer] = code
            if code == 1 << size and size < 12:
                size += 1
        else:
            put(clear, size)
            table, size = {}, root_bits + 1
        text = (pixel,)
    put(table[text] if len(text) > 1 else text[0], size)
    put(end, size)
    put(0, 7)
    blocks = b"".join(bytes([len(out[i : i + 255])]) + out[i : i + 255] for i in range(0, len(out), 255))
    return bytes([root_bits]) + blocks + b"\0"


def interlaced(rows):
    return [*rows[0::8], *rows[4::8], *rows[2::4], *rows[1::2]]


def table_bytes(colours):
    bits = max(1, math.ceil(math.log2(len(colours))))
    padded = [*colours, *[(0, 0, 0)] * ((1 << bits) - len(colours))]
    return bits, bytes(channel for colour in padded for channel in colour)


def write_gif(width, height, palette, frames):
    bits, table = table_bytes(palette)
    out = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80 | bits - 1, 0, 0) + table
    out += b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    for frame in frames:
        transparent = frame.get("transparent")
        flags = frame["disposal"] << 2 | (transparent is not None)
        out += b"!\xf9\x04" + struct.pack("<BHBB", flags, frame["delay"], transparent or 0, 0)
        rows = frame["pixels"]
        local = frame.get("palette")
        packed, local_bits, local_table = 0, bits, b""
        if local:
            local_bits, local_table = table_bytes(local)
            packed |= 0x80 | local_bits - 1
        if frame.get("interlaced"):
            packed |= 0x40
        out += b"," + struct.pack("<HHHHB", frame["left"], frame["top"], len(rows[0]), len(rows), packed) + local_table
        order = interlaced(rows) if frame.get("interlaced") else rows
        out += lzw([int(p) for row in order for p in row], max(2, local_bits))
    return out + b";"


def compose(width, height, palette, frames):
    canvas = np.zeros((height, width, 4), np.uint8)
    for frame in frames:
        before = canvas.copy()
        colours = frame.get("palette") or palette
        rows = frame["pixels"]
        for y, row in enumerate(rows):
            for x, index in enumerate(row):
                at = frame["top"] + y, frame["left"] + x
                if index != frame.get("transparent") and at[0] < height and at[1] < width:
                    canvas[at] = (*(colours[index] if index < len(colours) else (0, 0, 0)), 255)
        yield canvas.copy()
        if frame["disposal"] == CLEAR:
            canvas[frame["top"] : frame["top"] + len(rows), frame["left"] : frame["left"] + len(rows[0])] = 0
        elif frame["disposal"] in (RESTORE, 4):
            canvas = before


def gifs():
    rng = np.random.default_rng(7)

    def colours(count):
        return [tuple(int(c) for c in rng.integers(0, 256, 3)) for _ in range(count)]

    def block(width, height, count):
        """Pixels with runs, so that LZW has something to find."""
        return np.repeat(rng.integers(0, count, (height, (width + 2) // 3)), 3, axis=1)[:, :width]

    def frame(left, top, width, height, count, disposal=KEEP, delay=5, **more):
        return {"left": left, "top": top, "pixels": block(width, height, count), "disposal": disposal, "delay": delay, **more}

    whole = (0, 0, 19, 13)
    yield "plain", 19, 13, colours(16), [frame(*whole, 16) for _ in range(3)]
    # As writers of videos do it: a whole picture, then what changes.
    yield "disposal", 19, 13, colours(8), [
        frame(*whole, 8, transparent=7),
        frame(3, 2, 9, 7, 8, RESTORE, transparent=1),
        frame(5, 1, 6, 6, 8, CLEAR, transparent=2),
        frame(0, 0, 4, 4, 8, transparent=3),
        frame(*whole, 8, CLEAR, transparent=4),
        frame(2, 2, 8, 8, 8, KEEP, transparent=5),
        frame(1, 1, 9, 3, 8, 4, transparent=0),
        frame(6, 3, 9, 9, 8, RESTORE, transparent=0),
        frame(12, 4, 5, 5, 8, KEEP, transparent=0),
    ]
    yield "interlaced", 19, 13, colours(32), [frame(*whole, 32, interlaced=True), frame(2, 1, 11, 9, 32, interlaced=True, transparent=0)]
    yield "local_palettes", 19, 13, colours(4), [
        frame(*whole, 4),
        frame(*whole, 200, palette=colours(200), transparent=9),
        frame(4, 4, 8, 8, 2, palette=colours(2)),
    ]
    # 0 and 1 hundredths are shown as 10.
    yield "delays", 4, 4, colours(2), [frame(0, 0, 4, 4, 2, delay=delay) for delay in (0, 1, 2, 10, 65535)]
    # Beyond the screen: what a first frame adds to it, what a later one loses.
    yield "outside", 10, 6, colours(8), [frame(0, 0, 12, 9, 8), frame(8, 7, 9, 9, 8), frame(200, 200, 5, 5, 8), frame(0, 0, 3, 3, 8)]
    # More strings than the table of codes holds.
    noise = rng.integers(0, 256, (90, 91))
    yield "full_table", 91, 90, colours(256), [{"left": 0, "top": 0, "pixels": noise, "disposal": KEEP, "delay": 4}]


def pillow_frames(data):
    image = Image.open(io.BytesIO(data))
    for i in range(image.n_frames):
        image.seek(i)
        picture = np.array(image.convert("RGBA"))
        picture[picture[..., 3] == 0] = 0
        yield picture


# Where Pillow lays frames over each other as browsers do.
LIKE_PILLOW = {"plain", "disposal", "interlaced", "local_palettes", "delays", "full_table"}


def make_gifs():
    expected = {}
    for name, width, height, palette, frames in gifs():
        data = write_gif(width, height, palette, frames)
        (OUT / f"{name}.gif").write_bytes(data)
        first = frames[0]
        width = max(width, first["left"] + len(first["pixels"][0]))
        height = max(height, first["top"] + len(first["pixels"]))
        composed = list(compose(width, height, palette, frames))
        pillow = list(pillow_frames(data))
        same = [np.array_equal(a, b) for a, b in zip(composed, pillow)]
        print(f"{name}: {len(data)} bytes, {len(composed)} frames, like Pillow: {same}")
        assert len(pillow) == len(composed) and (name not in LIKE_PILLOW or all(same))
        expected[name] = {
            "width": width,
            "height": height,
            "delays": [frame["delay"] for frame in frames],
            "frames": [hashlib.sha256(picture.tobytes()).hexdigest() for picture in composed],
        }
    return expected


def wav(samples, rate, kind, extensible=False):
    """`samples`: floats, a row for each frame."""
    channels = samples.shape[1]
    if kind == "u8":
        bits, data = 8, (np.round(samples * 127) + 128).astype(np.uint8).tobytes()
    elif kind == "s16":
        bits, data = 16, np.round(samples * 32767).astype("<i2").tobytes()
    elif kind == "s24":
        wide = np.round(samples * 8388607).astype("<i4").reshape(-1, 1).view(np.uint8)
        bits, data = 24, wide[:, :3].tobytes()
    elif kind == "s32":
        bits, data = 32, np.round(samples * 2147483647).astype("<i4").tobytes()
    else:
        bits = int(kind[1:])
        data = samples.astype(f"<f{bits // 8}").tobytes()
    code = 3 if kind[0] == "f" else 1
    block = channels * bits // 8
    fmt = struct.pack("<HHIIHH", 0xFFFE if extensible else code, channels, rate, rate * block, block, bits)
    if extensible:
        fmt += struct.pack("<HHIH", 22, bits, 0, code) + bytes.fromhex("000000001000800000aa00389b71")
    chunks = [(b"fmt ", fmt), (b"LIST", b"INFOx"), (b"data", data)]
    body = b"WAVE" + b"".join(t + struct.pack("<I", len(c)) + c + b"\0" * (len(c) & 1) for t, c in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def decoded(data, kind):
    """The samples as they are in the file, again by numpy."""
    raw = data[data.index(b"data") + 8 :]
    if kind == "u8":
        return (np.frombuffer(raw, np.uint8).astype(float) - 128) / 128
    if kind == "s16":
        return np.frombuffer(raw[: len(raw) // 2 * 2], "<i2") / 2.0**15
    if kind == "s24":
        three = np.frombuffer(raw[: len(raw) // 3 * 3], np.uint8).reshape(-1, 3).astype(np.int64)
        value = three[:, 0] | three[:, 1] << 8 | three[:, 2] << 16
        return np.where(value >= 1 << 23, value - (1 << 24), value) / 2.0**23
    if kind == "s32":
        return np.frombuffer(raw, "<i4") / 2.0**31
    return np.frombuffer(raw, f"<f{int(kind[1:]) // 8}").astype(float)


def peaks(samples, start, end, columns):
    out = []
    for column in range(columns):
        first = math.floor(start + (end - start) * column / columns)
        last = max(first + 1, math.ceil(start + (end - start) * (column + 1) / columns))
        part = samples[max(0, first) : max(0, last)]
        out += [float(part.min()), float(part.max())] if len(part) else [0.0, 0.0]
    return out


def spectrogram(samples, rate, start, end, columns, bands, scale, window):
    mono = samples.mean(axis=1)
    hann = np.hanning(window + 1)[:-1]
    highest, bins = rate / 2, window // 2
    edge = {
        "linear": lambda part: part * highest,
        "mel": lambda part: 700 * (10 ** (part * math.log10(1 + highest / 700)) - 1),
        "log": lambda part: highest * 1000 ** (part - 1),
    }[scale]
    frequencies = np.arange(bins + 1) * rate / window
    out = []
    width = (end - start) / columns
    count = min(16, max(1, math.ceil(width / (window / 4))))
    padded = np.concatenate([np.zeros(window), mono, np.zeros(window)])
    for column in range(columns):
        power = np.zeros(bins + 1)
        for i in range(count):
            begin = math.floor(start + width * (column + (i + 0.5) / count)) - window // 2
            piece = np.array([padded[begin + k + window] if -window <= begin + k < len(mono) + window else 0 for k in range(window)])
            power += np.abs(np.fft.rfft(piece * hann) / hann.sum() * 2) ** 2 / count
        for band in range(bands):
            low, high = edge(band / bands), edge((band + 1) / bands)
            inside = (frequencies >= low - 1e-9) & ((frequencies < high - 1e-9) | (band + 1 == bands))
            value = power[inside].max() if inside.any() else np.interp(edge((band + 0.5) / bands), frequencies, power)
            out.append(max(-200.0, 10 * math.log10(value)) if value > 0 else -200.0)
    return [round(value, 4) for value in out]


def make_wavs():
    rate, length = 8000, 700
    time = np.arange(length) / rate
    left = 0.8 * np.sin(2 * np.pi * 440 * time) * np.linspace(0, 1, length)
    right = 0.3 * np.sin(2 * np.pi * 1500 * time + 0.5) - 0.1
    expected = {}
    cases = [("u8", False, 1), ("s16", False, 2), ("s24", False, 1), ("s24", True, 2), ("s32", False, 2), ("f32", False, 2), ("f64", True, 1)]
    for kind, extensible, channels in cases:
        name = f"{kind}_{channels}{'_extensible' if extensible else ''}"
        data = wav(np.stack([left, right], axis=1)[:, :channels], rate, kind, extensible)
        (OUT / f"{name}.wav").write_bytes(data)
        samples = decoded(data, kind)[: length * channels].reshape(length, channels)
        ranges = [(0, length, 20), (100.5, 130.25, 7), (600, 800, 5), (10, 14, 9)]
        expected[name] = {
            "rate": rate,
            "channels": channels,
            "frames": length,
            "peaks": [
                {"channel": c, "from": a, "to": b, "columns": n, "values": peaks(samples[:, c], a, b, n)}
                for c in range(channels)
                for a, b, n in ranges
            ],
        }
        if kind == "s16":
            expected[name]["spectra"] = [
                {"scale": scale, "window": window, "bands": bands, "from": a, "to": b, "columns": n, "levels": spectrogram(samples, rate, a, b, n, bands, scale, window)}
                for scale, window, bands in [("linear", 256, 32), ("linear", 64, 32), ("linear", 16, 24), ("mel", 256, 20), ("log", 128, 24)]
                for a, b, n in [(0, length, 3), (-50, 300, 2)]
            ]
    return expected


def make_encoded():
    """A ball that moves, in 8 frames at 10 a second; a tone of 0.3 s at half of the range."""
    y, x = np.mgrid[0:32, 0:48]
    frames = []
    for i in range(8):
        inside = (x - 6 - 5 * i) ** 2 + (y - 16) ** 2 < 36
        picture = np.where(inside[..., None], (255, 225, 30), (40, 5 * i, 120)).astype(np.uint8)
        frames.append(Image.fromarray(picture))
    frames[0].save(OUT / "ball.webp", save_all=True, append_images=frames[1:], duration=100, loop=0, lossless=True)
    raw = b"".join(frame.tobytes() for frame in frames)
    video = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "48x32", "-r", "10", "-i", "-", "-pix_fmt", "yuv420p"]
    encode([*video, "-c:v", "libx264", "-movflags", "+faststart"], raw, "ball.mp4")
    encode([*video, "-c:v", "libvpx-vp9", "-b:v", "60k"], raw, "ball.webm")
    tone = (0.5 * 32767 * np.sin(2 * np.pi * 440 * np.arange(6615) / 22050)).astype("<i2").tobytes()
    sound = ["-f", "s16le", "-ar", "22050", "-ac", "1", "-i", "-"]
    for name, codec in [("tone.flac", "flac"), ("tone.ogg", "libvorbis"), ("tone.mp3", "libmp3lame")]:
        encode([*sound, "-c:a", codec], tone, name)


def encode(arguments, raw, name):
    """Without what would be another each time."""
    exact = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments, *exact, OUT / name], input=raw, check=True)


OUT.mkdir(exist_ok=True)
make_encoded()
result = {"gifs": make_gifs(), "wavs": make_wavs()}
(OUT / "oracle.json").write_text(json.dumps(result) + "\n")

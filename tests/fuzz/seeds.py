#!/usr/bin/env python3
"""seeds.py OUT: seeds for the fuzz targets, one folder each, taken out of the real logs of tests/data.

The bytes that targets take before what they read (see the head of each .cc) are put there too.
"""

import gzip
import hashlib
import io
import struct
import sys
import tarfile
import zipfile
import zlib
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
# Larger inputs make a fuzzer slow and find nothing that smaller ones don't.
LARGEST = 1 << 13
MOST = 12  # of a kind, out of one case

# As kPlugins of payload.cc.
PLUGINS = (
    "images audio text histograms pr_curves mesh hparams graphs custom_scalars graph_keras_model "
    "graph_run_metadata graph_run_metadata_graph graph_tagged_run_metadata unknown"
).split()
# Fields of Summary.Value by the storage that they are: Storage of wasm/events/event.h.
STORAGES = {3: 2, 4: 3, 5: 4, 6: 5, 8: 6}
HISTO, TENSOR, GRAPH_DEF, RUN_METADATA = 4, 6, 7, 8
WHOLE, CUT, SIZE_KNOWN, AS_IT_IS = 0, 7, 1, 2


def records(data):
    """Payloads of a record file, as far as its lengths lead."""
    at = 0
    while at + 16 <= len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        if length > len(data) - at - 16:
            return
        yield data[at + 12 : at + 12 + length]
        at += length + 16


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def fields(data):
    """(number, content) of the bytes fields of a message; ends quietly where it is none."""
    at = 0
    try:
        while at < len(data):
            tag, at = varint(data, at)
            if tag & 7 == 0:
                _, at = varint(data, at)
            elif tag & 7 == 1:
                at += 8
            elif tag & 7 == 5:
                at += 4
            elif tag & 7 == 2:
                length, at = varint(data, at)
                yield tag >> 3, data[at : at + length]
                at += length
            else:
                return
    except IndexError:
        return


def first(data, number):
    return next((content for n, content in fields(data) if n == number), b"")


class Seeds:
    def __init__(self, out):
        self.out = out
        self.case = ""
        self.count = {}

    def add(self, target, *parts):
        """Parts are bytes, or numbers for one byte."""
        seed = b"".join(bytes([part]) if isinstance(part, int) else part for part in parts)
        folder = self.out / target
        path = folder / hashlib.sha256(seed).hexdigest()[:16]
        kind = (self.case, target, seed[:2] if target == "payload" else b"")
        if len(seed) > LARGEST or path.exists() or self.count.get(kind, 0) >= MOST:
            return
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(seed)
        self.count[kind] = self.count.get(kind, 0) + 1

    def event_file(self, data):
        self.add("looks_like", data[:LARGEST])
        for cut in (WHOLE, CUT):
            self.add("records", cut, SIZE_KNOWN | AS_IT_IS, data[: LARGEST - 2])
        made = b""
        for payload in records(data):
            if len(payload) >= 1 << 11:
                continue
            if len(made) + len(payload) < LARGEST // 2:
                made += b"\0" + struct.pack("<H", len(payload)) + payload  # form, length: MadeFile
            self.add("events", 1, payload)
            self.event(payload)
        for target in ("records", "log"):
            self.add(target, CUT, SIZE_KNOWN, made)

    def image(self, data):
        self.add("image", data)
        if data.startswith(b"GIF8"):
            for first, second in ((2, 1), (0, 5)):
                self.add("gif", first, second, data)

    def sound(self, data):
        self.add("audio", data)
        if data.startswith(b"RIFF"):
            for how in range(3):
                self.add("wav", 20, 70, how, data)

    def event(self, event):
        for number, content in fields(event):
            if number == 4:
                self.payload("graphs", GRAPH_DEF, content)
                self.add("graph", 0, content)
            elif number == 8:
                self.payload("graph_tagged_run_metadata", RUN_METADATA, first(content, 2))
                self.add("graph", 3, first(content, 2))
            elif number == 9:
                self.add("graph", 1, content)
            elif number == 5:
                for _, value in fields(content):
                    self.value(value)

    def value(self, value):
        metadata = first(first(value, 9), 1)  # plugin_data
        plugin = first(metadata, 1).decode(errors="replace")
        plugin = plugin if plugin in PLUGINS else "unknown"
        self.payload(plugin, TENSOR, first(metadata, 2))  # content
        for number, content in fields(value):
            if number not in STORAGES:
                continue
            self.payload(plugin, STORAGES[number], content)
            if number == 8:
                self.add("tensor", content)
                for text in (text for n, text in fields(content) if n == 8):
                    self.text_of(plugin, text)
            elif number in (4, 5, 6):
                self.add("legacy", content)
                if number != 5:
                    (self.image if number == 4 else self.sound)(first(content, 4))

    def text_of(self, plugin, text):
        if plugin in ("images", "audio"):
            (self.image if plugin == "images" else self.sound)(text)
        elif plugin == "graph_keras_model":
            self.add("keras", text)
            self.add("graph_text", text)

    def payload(self, plugin, storage, content):
        self.add("payload", PLUGINS.index(plugin), storage, content)

    def packed(self, some):
        """The same few files in every kind of archive."""
        for cut in (WHOLE, CUT):
            joined = b"".join(some.values())[:2048]
            self.add("inflate", cut, 0, raw_deflate(joined))
            self.add("inflate", cut, 1, zlib.compress(joined))
            self.add("inflate", cut, 2, gzip.compress(joined) + gzip.compress(b"more"))
            for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                file = io.BytesIO()
                with zipfile.ZipFile(file, "w", method) as archive:
                    archive.comment = b"a comment"
                    for name, data in some.items():
                        with archive.open(name, "w", force_zip64=method == zipfile.ZIP_STORED) as entry:
                            entry.write(data)
                self.add("zip", cut, file.getvalue())
            for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
                file = io.BytesIO()
                with tarfile.open(fileobj=file, mode="w", format=form) as archive:
                    for name, data in some.items():
                        info = tarfile.TarInfo(name if form == tarfile.USTAR_FORMAT else name + "/ö" * 80)
                        info.size = len(data)
                        archive.addfile(info, io.BytesIO(data))
                self.add("tar", cut, file.getvalue().rstrip(b"\0") + bytes(1024))

    def graphs(self):
        """A graph with functions in every form."""
        value = field(2, field(10, field(1, b"f")))
        call = field(1, b"call") + field(2, b"Call") + field(3, b"x:0") + field(3, b"^x") + field(5, field(1, b"f") + value)
        signature = field(1, b"f") + field(2, field(1, b"in")) + field(3, field(1, b"out"))
        node = field(3, field(1, b"n") + field(2, b"f") + field(3, b"in"))
        ends = field(4, field(1, b"out") + field(2, b"n:y:0")) + field(6, field(1, b"n") + field(2, b"n"))
        library = field(2, field(1, field(1, signature) + node + ends))
        graph = field(1, field(1, b"x") + field(2, b"VariableV2")) + field(1, call) + library
        meta = field(1, field(5, b"2.21")) + field(2, graph)
        stats = field(1, field(1, field(1, b"cpu") + field(2, field(1, b"x") + b"\x10\x01\x28\x05" + field(6, b"\x10\x08"))))
        self.add("graph", 0, graph)
        self.add("graph", 1, meta)
        self.add("graph", 2, b"\x08\x01" + field(2, meta) + field(2, meta))
        self.add("graph", 3, field(1, stats) + field(4, field(2, graph)) + field(4, field(2, graph)))
        text = b"""node { name: "x" op: "A" device: "d" attr { key: "T" value { type: DT_FLOAT_REF } } }
            node { name: "y" op: "f" input: ["x:1", "^x"] attr { key: "s" value { list { shape { dim { size: -1 } } i: [1, 2] } } }
            attr { key: "t" value { tensor { dtype: DT_DOUBLE double_val: 1.5 } } } }
            library { function { signature { name: "f" input_arg { name: "a" type: DT_INT32 } } ret { key: "k" value: "a" } } }"""
        self.add("graph_text", text)
        self.add("graph_text", b"meta_graphs { graph_def {" + text + b"} }")

    def checkpoint(self, data):
        """An .index: as it is, and its blocks without CRCs (SstableReader)."""
        self.add("bundle", 0, data)
        self.add("embedding", 0, data)
        at = len(data) - 48
        _, at = varint(data, at)
        _, at = varint(data, at)
        index, at = varint(data, at)
        self.add("bundle", 1, data[: index - 18])  # less its trailer, and the empty metaindex of 8 bytes and another one

    def tables(self):
        for text in ("a,b\n1,2\n3,4\n", '"x ""y""";1\n"z\n";2\n', "2 3\nking 1 2 3\nqueen 4 5 6\n", "the .5 1e-40 2\n"):
            self.add("tsv", CUT, text.encode())
            self.add("embedding", 0, text.encode())
        self.add("tsv", CUT, b"1.00000005960464477\t-123456789012345678901e-20\t7e-46\n3.4028236e38\t0x1\t.5\n")
        self.add("embedding", 0, b'{"embeddings":[{"tensorName":"a","tensorShape":[2,3],"tensorPath":"t.bytes"}]}')

    def arrays(self):
        for version, head in ((1, "<H"), (2, "<I"), (3, "<I")):
            for descr, data in (("<f4", 4), (">f8", 8), ("|i1", 1), ("<u2", 2), ("<f2", 2)):
                header = f"{{'descr': '{descr}', 'fortran_order': {version == 2}, 'shape': (2, 3), }}"
                header = header.encode() + b" " * (53 - len(header) % 53) + b"\n"
                file = b"\x93NUMPY" + bytes([version, 0]) + struct.pack(head, len(header)) + header
                self.add("npy", CUT, 0, 0, file + bytes(range(1, 1 + 6 * data)))
                packed = io.BytesIO()
                with zipfile.ZipFile(packed, "w") as archive:
                    archive.writestr("a.npy", file + bytes(range(1, 1 + 6 * data)))
                self.add("embedding", 0, packed.getvalue())
        self.add("npy", CUT, 2, 3, struct.pack("<6f", 1, 2, 3, -4, 5e-20, 6))


def field(number, content):
    """A bytes field shorter than 16 KiB."""
    length = len(content)
    return bytes([number << 3 | 2] + ([length] if length < 128 else [length & 127 | 128, length >> 7])) + content


def raw_deflate(data):
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


def main():
    seeds = Seeds(Path(sys.argv[1]))
    some = {}
    for path in sorted(p for p in DATA.glob("*/logs/**/*") if p.is_file()):
        data = path.read_bytes()
        seeds.case = path.relative_to(DATA).parts[0]
        if "tfevents" in path.name:
            seeds.event_file(data)
            if len(data) > 300 and len(some) < 3:
                some[f"run/{len(some)}.tfevents"] = data[:300]
        elif path.suffix == ".pbtxt":
            seeds.add("pbtxt", data)
        elif path.suffix == ".tsv":
            seeds.add("tsv", CUT, data[:2048])
            seeds.add("embedding", 0, data[:2048])
        elif path.suffix == ".index":
            seeds.checkpoint(data)
        elif path.suffix in (".png", ".jpg", ".gif", ".bmp", ".webp", ".tiff"):
            seeds.image(data)
    for path in sorted((DATA / "media").iterdir()):
        seeds.case = path.name
        if path.suffix in (".gif", ".wav"):
            (seeds.image if path.suffix == ".gif" else seeds.sound)(path.read_bytes())
    seeds.packed(some)
    seeds.arrays()
    seeds.graphs()
    seeds.tables()


if __name__ == "__main__":
    main()

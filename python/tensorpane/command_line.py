"""The command line: `tensorpane LOGDIR…` and `tensorpane manifest LOGDIR…`; as web/server/main.mjs."""

import argparse
import hashlib
import ipaddress
import json
import os
import re
import socket
import sys
from importlib.metadata import version
from typing import List, Optional

from tensorpane.logs import FileOfRoot, Folder, Logs, Problem, encode_path
from tensorpane.server import listen

_DEFAULT_PORT = 6007


def main(arguments: Optional[List[str]] = None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        if arguments[:1] == ["manifest"]:
            _write_manifest(arguments[1:])
        else:
            _serve(arguments)
    except (Problem, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _serve(arguments: List[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="tensorpane",
        description="Serves the page, with the logs of some folders beside it.",
        epilog="tensorpane manifest LOGDIR… writes a manifest.json of logs that lie on a static host.",
        allow_abbrev=False,
    )
    parser.add_argument("folders", nargs="*", metavar="LOGDIR")
    parser.add_argument("--logdir", action="append", default=[], metavar="PATH", help="a folder more")
    parser.add_argument(
        "--logdir_spec", default="", metavar="NAME:PATH,…", help="folders whose runs begin with the names"
    )
    parser.add_argument(
        "--host", metavar="H", help="127.0.0.1 unless it is given; whoever reaches another address can read the logs"
    )
    parser.add_argument(
        "--port",
        default=str(_DEFAULT_PORT),
        metavar="N",
        help=f"{_DEFAULT_PORT} unless it is given; if it is taken, the next free one",
    )
    parser.add_argument("--bind_all", action="store_true", help="as --host 0.0.0.0")
    parser.add_argument("--version", action="version", version=version("tensorpane"))
    options = parser.parse_intermixed_args(arguments)
    host = options.host or ("0.0.0.0" if options.bind_all else "127.0.0.1")
    if not re.fullmatch("[0-9]{1,5}", options.port) or int(options.port) > 65535:
        raise Problem(f"--port: got {options.port}, want 0…65535")
    family, _, _, _, address = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0]
    is_private = ipaddress.ip_address(address[0].split("%")[0]).is_loopback
    logs = Logs([Folder(path) for path in [*options.folders, *options.logdir]] + named_folders(options.logdir_spec))

    def in_url(name: str) -> str:
        return f"[{name}]" if ":" in name else name

    names = [in_url(host).lower(), in_url(address[0])] if is_private else None
    server = listen(family, address[0], int(options.port), logs, names)
    if not is_private:
        print(f"Warning: anyone who can reach {host} can read these logs", file=sys.stderr)
    print(f"Tensorpane: http://{in_url(host)}:{server.server_port}/", flush=True)
    with server:
        server.serve_forever()


def named_folders(spec: str) -> List[Folder]:
    """TensorBoard's way to name folders: `name:path,path,…`."""
    folders = []
    for part in filter(None, spec.split(",")):
        match = None if os.path.splitdrive(part)[0] else re.fullmatch("([^:/]+):(.*)", part, re.DOTALL)
        name, path = match.groups() if match else (None, part)
        folders.append(Folder(re.sub(r"^~(?=\Z|/)", lambda _: os.path.expanduser("~"), path), name))
    return folders


def _write_manifest(arguments: List[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="tensorpane manifest",
        description="Writes down what can be fetched of some folders, for hosts that list none.",
        allow_abbrev=False,
    )
    parser.add_argument("folders", nargs="+", metavar="LOGDIR")
    parser.add_argument(
        "-o", "--out", metavar="FILE", help="manifest.json in the folder unless it is given; - is the standard output"
    )
    parser.add_argument("--base", metavar="URL", help="the URLs are this and the paths below the folder")
    parser.add_argument("--sha256", action="store_true", help="tell the checksums, too")
    options = parser.parse_intermixed_args(arguments)
    folders, out, base = options.folders, options.out, options.base
    if len(folders) > 1 and out is None:
        raise Problem("manifest: several folders need -o FILE")
    logs = Logs([Folder(path) for path in folders])
    out = os.path.join(folders[0], "manifest.json") if out is None else out
    start = ("." if len(folders) > 1 else folders[0]) if out == "-" else os.path.dirname(os.path.abspath(out))
    start = os.path.realpath(start)

    def url_of(file: FileOfRoot) -> str:
        if base is None:
            return encode_path(os.path.relpath(os.path.join(file.folder, file.path), start).replace(os.sep, "/"))
        return f"{base if base == '' or base.endswith('/') else base + '/'}{encode_path(file.placed)}"

    manifest = logs.manifest(url_of, _sha256_of if options.sha256 else None)
    text = f"{json.dumps(manifest, ensure_ascii=False, indent=1)}\n"
    if out == "-":
        sys.stdout.write(text)
        return
    with open(out, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _sha256_of(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()

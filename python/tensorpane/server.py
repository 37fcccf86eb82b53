"""Serves the built page and the logs beside it to this machine; answers as web/server/server.mjs does."""

import errno
import json
import os
import re
import socketserver
import sys
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import BinaryIO, Dict, List, Optional, Tuple, Union

from tensorpane.logs import Logs, decode_names, readable

_HERE = os.path.dirname(os.path.realpath(__file__))
APP = os.path.join(_HERE, "app")

# Always answered. A web page of another site that had its name point here (DNS rebinding) sends that name.
_LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]"]
_MANIFEST = "logs/manifest.json"
_LOG_FILES = "/logs/files/"
_PIECE_BYTES = 1 << 18
_TYPES = {
    ".css": "text/css",
    ".html": "text/html;charset=utf-8",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}


def read_header_rules() -> List[Tuple["re.Pattern[str]", Dict[str, str]]]:
    """The rules of netlify.toml, which the build leaves beside this file."""
    with open(os.path.join(_HERE, "headers.json"), encoding="utf-8") as file:
        rules = json.load(file)
    return [
        (re.compile(".*".join(map(re.escape, rule["for"].split("*"))), re.DOTALL), rule["values"]) for rule in rules
    ]


def parse_range(header: Optional[str], size: int) -> Union[Tuple[int, int], str, None]:
    """Start and end; None = the whole file: not one plain range of bytes; or 'unsatisfiable'."""
    match = re.fullmatch("bytes=([0-9]*)-([0-9]*)", header or "")
    # Of nothing there is no part: it is sent as it is, since browsers log 416 as an error.
    if not match or size == 0 or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if first != "" and last != "" and int(last) < int(first):
        return None
    start = max(0, size - int(last)) if first == "" else int(first)
    end = size if first == "" or last == "" else min(size, int(last) + 1)
    return (start, end) if start < end else "unsatisfiable"


class Server(ThreadingHTTPServer):
    """`host_names` are answered besides localhost; None = any is."""

    daemon_threads = True
    # Elsewhere it would let two servers have the same port.
    allow_reuse_address = os.name == "posix"

    def __init__(self, address: tuple, logs: Logs, host_names: Optional[List[str]]):
        self.address_family = address[0]
        self.logs = logs
        self.answered = None if host_names is None else [*_LOCAL_NAMES, *host_names]
        self.header_rules = read_header_rules()
        super().__init__(address[1], _Handler)

    def server_bind(self) -> None:
        # That of HTTPServer asks the network for its own name.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]


def listen(family: int, address: str, port: int, logs: Logs, host_names: Optional[List[str]]) -> Server:
    """Listens at the port, or at the next free one."""
    while True:
        try:
            return Server((family, (address, port)), logs, host_names)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or port >= 65535:
                raise
            port += 1


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def answer(self) -> None:
        self.pending: Dict[str, str] = {}
        self.is_begun = False
        # What comes behind a body that nobody reads is no request.
        if self.command not in ("GET", "HEAD") or "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
            self.close_connection = True
        try:
            self._answer()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # a reader that went away is no fault of ours
        except Exception:
            traceback.print_exc(file=sys.stderr)
            self.close_connection = True
            if not self.is_begun:
                self._say(500, "the server failed; its terminal says why")

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = do_TRACE = do_CONNECT = answer

    def _answer(self) -> None:
        path = re.split("[?#]", self.requestline.split(" ")[1], maxsplit=1)[0]
        for pattern, values in self.server.header_rules:
            if pattern.fullmatch(path):
                self.pending.update(values)
        host = re.sub(r":[0-9]+\Z", "", self.headers.get("Host", "")).lower()
        if self.server.answered is not None and host not in self.server.answered:
            return self._say(403, "only localhost is answered; --host lets others in")
        if self.command not in ("GET", "HEAD"):
            self.pending["Allow"] = "GET, HEAD"
            return self._say(405, "only GET and HEAD are answered")
        if path in ("/", "/index.html"):
            return self._send_page()
        # Relative URLs in these pages are of their folders.
        if path in ("/open", "/embed"):
            self.pending["Location"] = f"{path}/"
            return self._say(308, f"it is at {path}/")
        if path == f"/{_MANIFEST}":
            text = json.dumps(self.server.logs.manifest(), ensure_ascii=False, separators=(",", ":"))
            return self._send("application/json", text)
        if path.startswith(_LOG_FILES):
            found = self.server.logs.find(path[len(_LOG_FILES) :])
            try:
                file = open(found, "rb") if found else None
            except OSError:
                file = None
            if not file:
                return self._say(404, "no log file that can be read")
            with file:
                self.pending.update({"Cache-Control": "no-store", "Content-Type": "application/octet-stream"})
                self.pending["Accept-Ranges"] = "bytes"
                return self._send_file(file)
        names = decode_names(path[1:] + "index.html" if path.endswith("/") else path[1:])
        found = readable(APP, names) if names and path.startswith("/") else None
        if not found:
            return self._say(404, "not found")
        self.pending.setdefault("Content-Type", _TYPES.get(os.path.splitext(found[0])[1], ""))
        # The build leaves `x.br` beside each file that it makes smaller.
        takes = re.search("br", self.headers.get("Accept-Encoding", ""), re.IGNORECASE)
        packed = readable(APP, [*names[:-1], f"{names[-1]}.br"]) if takes else None
        if packed:
            self.pending["Content-Encoding"] = "br"
        self.pending["Vary"] = "Accept-Encoding"
        with open((packed or found)[0], "rb") as file:
            self._send_static(file)

    def _send_page(self) -> None:
        with open(os.path.join(APP, "index.html"), encoding="utf-8") as file:
            html = file.read()
        if self.server.logs.roots:
            html = html.replace("<head>", f'<head><meta name="tensorpane-logs" content="{_MANIFEST}" />', 1)
        self._send("text/html;charset=utf-8", html)

    def _send_static(self, file: BinaryIO) -> None:
        facts = os.fstat(file.fileno())
        tag = f'W/"{facts.st_size}-{facts.st_mtime_ns // 1_000_000}"'
        self.pending.setdefault("Cache-Control", "no-cache")
        self.pending["ETag"] = tag
        if self.headers.get("If-None-Match") == tag:
            return self._begin(304)
        self._send_file(file)

    def _send_file(self, file: BinaryIO) -> None:
        """Sends a file or one range of it. What is sent is the file as it was when opened, even if it grows meanwhile."""
        size = os.fstat(file.fileno()).st_size
        wanted = parse_range(self.headers.get("Range"), size)
        if isinstance(wanted, str):
            self.pending["Content-Range"] = f"bytes */{size}"
            return self._say(416, f"the file has {size} bytes")
        start, end = wanted or (0, size)
        if wanted:
            self.pending["Accept-Ranges"] = "bytes"
            self.pending["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        self.pending["Content-Length"] = str(end - start)
        self._begin(206 if wanted else 200)
        if self.command == "HEAD":
            return
        file.seek(start)
        while start < end:
            piece = file.read(min(_PIECE_BYTES, end - start))
            if not piece:
                self.close_connection = True  # it became shorter: only the end of the connection can say so now
                return
            self.wfile.write(piece)
            start += len(piece)

    def _say(self, status: int, sentence: str) -> None:
        self.pending["Cache-Control"] = "no-store"
        self._send("text/plain;charset=utf-8", f"{sentence}\n", status)

    def _send(self, content_type: str, text: str, status: int = 200) -> None:
        data = text.encode("utf-8", "replace")
        self.pending.setdefault("Cache-Control", "no-cache")
        self.pending.update({"Content-Type": content_type, "Content-Length": str(len(data))})
        self._begin(status)
        if self.command != "HEAD":
            self.wfile.write(data)

    def _begin(self, status: int) -> None:
        self.is_begun = True
        self.send_response_only(status)
        self.send_header("Date", self.date_time_string())
        for name, value in self.pending.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

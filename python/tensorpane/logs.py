"""The event files and archives below the folders that were given, and what belongs to them; as web/server/logs.mjs."""

import os
import re
import stat
from typing import Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple
from urllib.parse import quote, unquote_to_bytes

from tensorpane.names import MAX_CONFIG_BYTES, READ_KINDS, Kind, files_named_by, is_log, kind_of


class Problem(Exception):
    """A sentence for the user."""


class Folder(NamedTuple):
    """As it was given; None = paths need not begin with a name."""

    path: str
    name: Optional[str] = None


class Root(NamedTuple):
    name: str
    folder: str  # a real path
    is_named: bool


class FileOfRoot(NamedTuple):
    root: int  # which one
    folder: str  # its real path
    path: str  # below it, '/' between names
    placed: str  # in the manifest


def encode_path(path: str) -> str:
    """As JavaScript's encodeURIComponent has it."""
    return "/".join(quote(name, safe="!'()*-._~") for name in path.split("/"))


def decode_names(path: str) -> Optional[List[str]]:
    """The names of a percent-encoded path; None = it is malformed, or leads elsewhere than down."""
    if re.search("%(?![0-9a-fA-F]{2})", path):
        return None
    try:
        names = [unquote_to_bytes(name).decode("utf-8") for name in path.split("/")]
    except UnicodeError:
        return None
    if any(name in ("", ".", "..") or re.search(r"[/\\\0]", name) for name in names):
        return None
    return names


def served_url(file: FileOfRoot) -> str:
    """The URLs that the server answers, relative to its manifest."""
    return f"files/{file.root}/{encode_path(file.path)}"


class Logs:
    def __init__(self, folders: Sequence[Folder]):
        """Raises Problem when one is not a folder."""
        self.roots: List[Root] = []
        for path, name in folders:
            if not os.path.exists(path):
                raise Problem(f"{path} does not exist")
            if not os.path.isdir(path):
                raise Problem(f"{path} is not a folder: name the folder that the event files are in")
            own = self._unused(name or os.path.basename(os.path.abspath(path)) or "/")
            self.roots.append(Root(own, os.path.realpath(path), name is not None))

    def manifest(
        self,
        url_of: Callable[[FileOfRoot], str] = served_url,
        sha256_of: Optional[Callable[[str], str]] = None,
    ) -> dict:
        """Looked up anew each time: runs appear and files grow while a training goes on."""
        files, beside = [], []
        for index, (name, folder, is_named) in enumerate(self.roots):
            prefix = f"{name}/" if is_named or len(self.roots) > 1 else ""

            def found(path: str) -> dict:
                facts = {"url": url_of(FileOfRoot(index, folder, path, prefix + path))}
                if sha256_of:
                    facts["sha256"] = sha256_of(os.path.join(folder, path))
                return facts

            neighbours: Dict[str, Tuple[Kind, int]] = {}
            for path, size in _known_files(folder, []):
                if is_log(path.rsplit("/", 1)[-1]):
                    files.append({"path": prefix + path, **found(path), "size": size})
                else:
                    neighbours[path] = (kind_of(path), size)
            for config in [path for path in neighbours if neighbours[path][0].name == "projector_config"]:
                for path, kind in _files_of_config(folder, config).items():
                    named = None if is_log(path.rsplit("/", 1)[-1]) else readable(folder, path.split("/"))
                    if named:
                        neighbours[path] = (kind, named[1])
            for path, (kind, size) in neighbours.items():
                facts = found(path) if kind.name in READ_KINDS else {}
                part = {"isPart": True} if kind.is_part else {}
                beside.append({"path": prefix + path, **facts, "size": size, "kind": kind.name, **part})
        for entries in (files, beside):
            entries.sort(key=lambda entry: entry["path"].encode("utf-16-be"))
        return {"version": 1, "name": ", ".join(root.name for root in self.roots), "files": files, "beside": beside}

    def find(self, url: str) -> Optional[str]:
        """The real path of what follows `files/` in a URL; None = there is none, or it is not ours to give."""
        index, _, path = url.partition("/")
        if not re.fullmatch("[0-9]{1,9}", index) or int(index) >= len(self.roots):
            return None
        names = decode_names(path)
        root = self.roots[int(index)].folder
        if names is None or not (is_log(names[-1]) or _is_given(root, names)):
            return None
        found = readable(root, names)
        return found[0] if found else None

    def _unused(self, name: str) -> str:
        candidate, n = name, 2
        while any(root.name == candidate for root in self.roots):
            candidate, n = f"{name} ({n})", n + 1
        return candidate


def _known_files(root: str, names: List[str]) -> Iterator[Tuple[str, int]]:
    """Event files, and others that are known by name, with their sizes. Links to folders are not followed."""
    try:
        entries = list(os.scandir(os.path.join(root, *names)))
    except OSError:
        return
    for entry in entries:
        below = [*names, entry.name]
        path = "/".join(below)
        try:
            path.encode("utf-8")
            is_folder = entry.is_dir(follow_symlinks=False)
        except (OSError, UnicodeError):
            continue
        if is_folder:
            yield from _known_files(root, below)
        elif is_log(entry.name) or kind_of(path):
            found = readable(root, below)
            if found:
                yield path, found[1]


def _is_given(root: str, names: List[str]) -> bool:
    """Whether the page may have a file that is no event file: it reads the kind, or a config above it names it."""
    path = "/".join(names)
    known = kind_of(path)
    if known and known.name in READ_KINDS:
        return True
    configs = ("/".join([*names[:depth], "projector_config.pbtxt"]) for depth in range(len(names) - 1, -1, -1))
    return any(path in _files_of_config(root, config) for config in configs)


def _files_of_config(root: str, path: str) -> Dict[str, Kind]:
    config = readable(root, path.split("/"))
    if not config or config[1] > MAX_CONFIG_BYTES:
        return {}
    try:
        with open(config[0], "rb") as file:
            return files_named_by(path, file.read(MAX_CONFIG_BYTES).decode("utf-8", "replace"))
    except OSError:
        return {}


def readable(root: str, names: Sequence[str]) -> Optional[Tuple[str, int]]:
    """Real path and size of a regular file whose real path is below the root. No pipe and no device."""
    try:
        file = os.path.realpath(os.path.join(root, *names))
        if not file.startswith(root if root.endswith(os.sep) else root + os.sep):
            return None
        facts = os.stat(file)
    except (OSError, ValueError):
        return None
    return (file, facts.st_size) if stat.S_ISREG(facts.st_mode) else None

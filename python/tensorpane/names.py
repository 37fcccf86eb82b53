"""What may hold events, and what lies beside them, by name: as web/src/sources/log_names.mjs and neighbours.mjs."""

import re
from typing import Dict, NamedTuple, Optional

_ARCHIVE = re.compile(r"(?<=[^/])\.(?:zip|tar|tgz|tar\.gz)\Z", re.IGNORECASE | re.ASCII)


def is_log(name: str) -> bool:
    """Whether a file of this name has events or holds files that do."""
    is_event_file = "tfevents" in name and not name.endswith(".profile-empty")
    return is_event_file or _ARCHIVE.search(name) is not None


class Kind(NamedTuple):
    name: str
    is_part: bool = False


# Their bytes are wanted; of the others only the name is.
READ_KINDS = {"projector_config", "embedding", "bookmarks", "hparams", "graph", "checkpoint", "weights"}

# The first pattern that fits a path tells its kind.
_NAMES = [
    (re.compile(pattern, re.ASCII), kind)
    for pattern, kind in [
        (r"(?:^|/)projector_config\.pbtxt\Z", Kind("projector_config")),
        (r"(?:^|/)hparams\.yaml\Z", Kind("hparams")),
        (r"(?:^|/)plugins/profile/.*\.xplane\.pb\Z", Kind("profile")),
        (r"(?:^|/)plugins/profile/.", Kind("profile", is_part=True)),
        (r"tfevents[^/]*\.profile-empty\Z", Kind("profile_mark")),
        (r"(?:^|/)(?:fingerprint|keras_metadata)\.pb\Z", Kind("graph", is_part=True)),
        (r"\.(?:pb|graphdef)\Z|(?:graph|model)[^/]*\.pbtxt\Z", Kind("graph")),
        (r"\.index\Z", Kind("checkpoint")),
        (r"\.data-\d{5}-of-\d{5}\Z|(?:^|/)checkpoint\Z", Kind("checkpoint", is_part=True)),
        (r"\.h5\Z", Kind("weights")),
        (r"\.keras\Z", Kind("keras")),
        (r"\.(?:pt|pth|ckpt)\Z", Kind("torch")),
    ]
]

# Larger ones are not looked into.
MAX_CONFIG_BYTES = 128 << 10


def kind_of(path: str) -> Optional[Kind]:
    """What a file is by its name; None = nothing that is known."""
    return next((kind for pattern, kind in _NAMES if pattern.search(path)), None)


_NAMED_BY = {
    "tensor_path": "embedding",
    "metadata_path": "embedding",
    "image_path": "embedding",
    "bookmarks_path": "bookmarks",
}
_STRING = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
_PATH_FIELD = re.compile(rf"\b({'|'.join(_NAMED_BY)})\s*:\s*((?:(?:{_STRING})\s*)+)", re.ASCII)


def files_named_by(config_path: str, config: str) -> Dict[str, Kind]:
    """The files that a projector config names, by path, as far as they are below it."""
    directory = config_path[: config_path.rfind("/") + 1]
    files = {}
    for field, strings in _PATH_FIELD.findall(config):
        # Strings beside each other are one.
        path = _path_below("".join(_unescaped(string[1:-1]) for string in re.findall(_STRING, strings)))
        if path is not None:
            files[directory + path] = Kind(_NAMED_BY[field])
    return files


def _path_below(path: str) -> Optional[str]:
    names = path.replace("\\", "/").split("/")
    if path == "" or "\0" in path or names[0] == "" or re.match("[A-Za-z]:", path) or ".." in names:
        return None
    return "/".join(name for name in names if name not in ("", "."))


_ESCAPES = {"n": 10, "t": 9, "r": 13, "a": 7, "b": 8, "f": 12, "v": 11}


def _unescaped(text: str) -> str:
    """A string of protobuf's text format: protobuf writes what is not ASCII as the octal codes of its bytes."""
    data = bytearray()
    for match in re.finditer(r"\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|(.))|[^\\]+", text, re.DOTALL):
        octal, digits, letter = match.groups()
        if octal is not None:
            data.append(int(octal, 8) & 255)
        elif digits is not None:
            data.append(int(digits, 16))
        elif letter in _ESCAPES:
            data.append(_ESCAPES[letter])
        else:
            data += (letter or match.group()).encode("utf-8", "replace")
    return data.decode("utf-8", "replace")

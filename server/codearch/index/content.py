"""Which files are not worth indexing, told by name, by state and by content; and safe reading."""

from __future__ import annotations

import codecs
import errno
import os
import re
import stat
import sys
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from codearch.errors import EXHAUSTED

if TYPE_CHECKING:
    from pathlib import Path

Reason: TypeAlias = Literal[
    "binary",
    "minified",
    "bundle",
    "lock file",
    "too large",
    "link",
    "not a file",
    "unreadable",
    "excluded",
    "name not UTF-8",
    "gone",
]


class Entry(NamedTuple):
    """A file as the disk had it; an unchanged entry means unchanged content."""

    path: str  # relative to the root, with "/"
    size: int  # bytes
    mtime_ns: int
    inode: int  # mixed with the time of the last change of state, which nobody can set


Stamp: TypeAlias = tuple[int, int, int]  # inode, size in bytes, time of the last change in ns


class Source(NamedTuple):
    """A file's content, and the state that this content belongs to."""

    entry: Entry
    data: bytes


HEAD_BYTES = 8000  # what git looks at to tell binary from text
_NOTICED_BYTES = 1 << 16

_LOCK_FILES = frozenset(
    """
    .terraform.lock.hcl Cargo.lock Cartfile.resolved Chart.lock Gemfile.lock MODULE.bazel.lock
    Package.resolved Pipfile.lock Podfile.lock buildscript-gradle.lockfile bun.lock bun.lockb
    cabal.project.freeze composer.lock conan.lock conda-lock.yml deno.lock flake.lock go.sum
    go.work.sum gradle.lockfile mix.lock npm-shrinkwrap.json package-lock.json packages.lock.json
    paket.lock pdm.lock pixi.lock pnpm-lock.yaml poetry.lock pubspec.lock pylock.toml rebar.lock
    renv.lock stack.yaml.lock uv.lock yarn.lock
    """.split()  # noqa: SIM905 - a list of words is read as one
)
# Never text, so that they need not be opened; all else is told by its content.
_BINARY_ENDINGS = frozenset(
    """
    7z apk avi avif bmp bz2 dll dmg docx dylib eot exe flac gif gz icns ico jar jpeg jpg m4a mkv mov
    mp3 mp4 npy npz odt ogg onnx otf parquet pdf png pptx psd pyc pyd rar safetensors sqlite3 tar
    tgz tif tiff ttf wasm wav webm webp whl woff woff2 xlsx xz zip zst
    """.split()  # noqa: SIM905 - a list of words is read as one
)
_SCRIPT_ENDINGS = frozenset({"js", "mjs", "cjs", "css"})
# Written and generated alike; source code of other languages is indexed however long its lines are.
_DATA_ENDINGS = frozenset({"", "geojson", "htm", "html", "json", "map", "svg", "txt", "xml"})
_BUNDLE_NAME = re.compile(r"\.(?:bundle|chunk)\.(?:js|mjs|cjs|css)$|\.(?:js|mjs|cjs|css)\.map$")
_BUNDLE_BEGINNING = re.compile(  # webpack, parcel, browserify, esbuild
    rb"// webpackBootstrap|\[?\"?webpack(?:Chunk|Jsonp)\w*\"?\]? ?= |^parcelRequire ?=|"
    rb"\(function e\(t,n,r\)\{|\(function\(\)\{function \w\(\w,\w,\w\)\{function|"
    rb"^(?:\"use strict\";\s*)?(?:\(\(\) => \{\s*)?"
    rb"var __(?:create|defProp|getOwnPropNames) = Object\."
)
_BEGINNING_BYTES = 1000
_UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # UTF-32's little-endian one begins so too
_UTF32_BOM = codecs.BOM_UTF32_BE
_SIGNATURES = (b"%PDF-", b"\x1f\x8b")  # such files may begin without a NUL byte
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\b\x1b")) + b"\x7f"

# The length beyond which a line is no line that a person writes, and the size below which a file is
# too small to judge.
_SCRIPT_LINE_BYTES, _SCRIPT_SIZE_BYTES = 250, 1000
_DATA_LINE_BYTES, _DATA_SIZE_BYTES = 2000, 20_000
_WRITTEN_LINES = 50


def refusal(
    path: str, status: os.stat_result, head: bytes, max_bytes: int = 1 << 20
) -> Reason | None:
    """Return why a file is not indexed, None if it is; `head` is its content or its first bytes."""
    return (
        refused_by_name(path)
        or refused_by_state(status, max_bytes)
        or refused_by_content(path, head)
    )


def refused_by_name(path: str) -> Reason | None:
    """Tell lock files, bundles and what is binary by nature."""
    name = path.rpartition("/")[2]
    if name in _LOCK_FILES:
        return "lock file"
    ending = _ending(name)
    if ending in _BINARY_ENDINGS:
        return "binary"
    if ending in _SCRIPT_ENDINGS or ending == "map":
        if ".min." in name:
            return "minified"
        if _BUNDLE_NAME.search(name):
            return "bundle"
    return None


def _ending(path: str) -> str:
    """Return what follows the last dot of a name, in lower case; "" without a dot."""
    _, dot, ending = path.rpartition("/")[2].rpartition(".")
    return ending.lower() if dot else ""


def refused_by_state(status: os.stat_result, max_bytes: int) -> Reason | None:
    """Tell links, what is no file at all, and what is too large."""
    if stat.S_ISLNK(status.st_mode) or is_junction(status):
        return "link"
    if not stat.S_ISREG(status.st_mode):
        return "not a file"
    return "too large" if status.st_size > max_bytes else None


def refused_by_content(path: str, head: bytes) -> Reason | None:
    """Tell binary, bundled and minified content; UTF-16 with a byte order mark is text."""
    if head.startswith((*_UTF16_BOMS, _UTF32_BOM)):
        return None
    if _is_binary(head[:HEAD_BYTES]):
        return "binary"
    ending = _ending(path)
    minified = False
    if ending in _SCRIPT_ENDINGS:
        if _BUNDLE_BEGINNING.search(head[:_BEGINNING_BYTES]):
            return "bundle"
        minified = _is_minified(head[:_NOTICED_BYTES], _SCRIPT_LINE_BYTES, _SCRIPT_SIZE_BYTES)
    elif ending in _DATA_ENDINGS:
        minified = _is_minified(head[:_NOTICED_BYTES], _DATA_LINE_BYTES, _DATA_SIZE_BYTES)
    return "minified" if minified else None


def _is_binary(head: bytes) -> bool:
    if b"\0" in head or head.startswith(_SIGNATURES):
        return True
    return 20 * (len(head) - len(head.translate(None, _CONTROLS))) > len(head)


def _is_minified(head: bytes, line_bytes: int, size_bytes: int) -> bool:
    """Tell whether most bytes stand in overlong lines, and hardly a line is of usual length.

    The average alone would take a written file with one long line of data for minified.
    """
    if len(head) < size_bytes or head.count(b"\n") > _WRITTEN_LINES + len(head) // line_bytes:
        return False
    lengths = [len(line) for line in head.split(b"\n") if line.strip()]
    overlong = [length for length in lengths if length > line_bytes]
    return 2 * sum(overlong) > len(head) and len(lengths) - len(overlong) < _WRITTEN_LINES


def read(root: Path, path: str, max_bytes: int = 1 << 20) -> Source | Reason:
    """Read a file without following a link anywhere in its path, and without ever waiting.

    Raises OSError where the process or the system has no handle left to read it by.
    """
    try:
        descriptor = _open(root, path)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return "gone"
    except OSError as error:
        if error.errno in EXHAUSTED:
            raise
        return _REASON_OF_ERROR.get(error.errno or 0, "unreadable")
    try:
        status = os.fstat(descriptor)
        refused = refused_by_state(status, max_bytes)
        if refused is not None:
            return refused
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(max_bytes + 1)
        # What was written meanwhile belongs to a later state, which the earlier time shows.
        return Source(entry_of(path, status), data) if len(data) <= max_bytes else "too large"
    except OSError:
        return "unreadable"
    finally:
        os.close(descriptor)


def entry_of(path: str, status: os.stat_result) -> Entry:
    """Return the entry of a file from its state."""
    identity = (status.st_ino * _ODD ^ status.st_ctime_ns) & _POSITIVE
    return Entry(path, status.st_size, status.st_mtime_ns, identity)


def stamp_of(file: Path) -> Stamp | None:
    """Return what changes when a file outside the root does, through links; None without one."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


_ODD = 0x9E3779B97F4A7C15  # 2 ** 64 divided by the golden ratio: spreads small numbers
_POSITIVE = (1 << 63) - 1  # what SQLite keeps


_REASON_OF_ERROR: dict[int, Reason] = {
    errno.ELOOP: "link",
    errno.EMLINK: "link",  # FreeBSD's word for it
    errno.ENXIO: "not a file",  # a socket
    errno.ENAMETOOLONG: "gone",
}
_FILE_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0)
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY", "O_NOINHERIT")
)
_FOLDER_FLAGS = sum(
    getattr(os, name, 0) for name in ("O_PATH", "O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC")
)


def _open(root: Path, path: str) -> int:
    """Open a file below `root` part by part, so that no part can be a link."""
    parts = path.split("/")
    if not {"", ".", ".."}.isdisjoint(parts):
        message = f"{path!r} is no path below a root"
        raise ValueError(message)
    if os.open not in os.supports_dir_fd:
        return _open_checked(root, parts)
    folder = os.open(root, _FOLDER_FLAGS & ~getattr(os, "O_NOFOLLOW", 0))
    try:
        for part in parts[:-1]:
            inner = os.open(part, _FOLDER_FLAGS, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(parts[-1], _FILE_FLAGS, dir_fd=folder)
    finally:
        os.close(folder)


def _open_checked(root: Path, parts: list[str]) -> int:
    """Do as `_open` where files cannot be opened relative to a folder (Windows)."""
    place = root
    for part in parts:
        place = place / part
        status = place.lstat()
        if stat.S_ISLNK(status.st_mode) or is_junction(status):
            raise OSError(errno.ELOOP, "link", os.fspath(place))
    return os.open(place, _FILE_FLAGS)


def is_junction(status: os.stat_result) -> bool:
    """Tell whether a folder's state is that of one of Windows' links between folders."""
    return sys.platform == "win32" and status.st_reparse_tag == stat.IO_REPARSE_TAG_MOUNT_POINT

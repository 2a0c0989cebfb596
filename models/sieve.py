"""What training must not see: copies, whole or in part, of projects apart and of held-out packages.

A vendored copy goes by the name of its folder, by its files' digests, by the long lines that it
shares, and, one definition at a time, by a body that is the same or nearly so.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath

LONG_LINE = 50  # characters without blanks at both ends
SHARED_LINES = 4  # distinct long lines that make a file a copy in part
SHINGLE = 6  # tokens
SKETCH = 4  # least digests of shingles that two nearly alike bodies share
SKETCHED = 24  # shingles below which only bodies that are the same count as copies

_VERSION = re.compile(r"[@_-]v?\d[\w.+-]*$")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_CODE = re.compile(r"[({\[=;]")
# Lines that strangers share: comments, imports, and the terms that licences repeat.
_COMMON = re.compile(
    r"^(#|//|/\*|\*|--|<!|@|\"{3}|(import|from|using|use|package|extern|typedef)\b)|"
    r"(?i:licen[cs]e|copyright|warrant|liabilit|merchantab|negligence)"
)


def plain(name: str) -> str:
    """Return a name's letters and digits, to compare it whatever its spelling."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def digest(text: str | bytes) -> bytes:
    """Return eight bytes that tell one text from another."""
    return hashlib.blake2b(text.encode() if isinstance(text, str) else text, digest_size=8).digest()


def named(path: str, names: frozenset[str]) -> bool:
    """Tell whether a part of the path is one of these names, with or without a version."""
    parts = PurePosixPath(path).parts
    return any(plain(part) in names or plain(_VERSION.sub("", part)) in names for part in parts)


def long_lines(content: bytes) -> set[bytes]:
    """Return the digests of the lines that are too long to be alike by chance."""
    lines = (line.strip() for line in content.decode("utf-8", "replace").splitlines())
    return {
        digest(line)
        for line in lines
        if len(line) >= LONG_LINE and _CODE.search(line) and not _COMMON.search(line)
    }


def sketch(body: str) -> bytes | None:
    """Return what nearly alike bodies share most likely, None for a body that is too short.

    The least of a set's hashes are a sample of it that does not depend on its order (Broder, 1997):
    two bodies with nine in ten shingles in common have the same four in two cases of three.
    """
    tokens = _TOKEN.findall(body)
    shingles = {
        zlib.crc32(" ".join(tokens[at : at + SHINGLE]).encode())
        for at in range(len(tokens) - SHINGLE + 1)
    }
    if len(shingles) < SKETCHED:
        return None
    return b"".join(number.to_bytes(4) for number in sorted(shingles)[:SKETCH])


class Sieve:
    """Remembers the files of what stays apart, and tells which others are copies of them."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(map(plain, names))
        self._files: set[bytes] = set()
        self._lines: set[bytes] = set()

    def learn(self, content: bytes) -> None:
        """Remember a file that no training file may be a copy of."""
        self._files.add(digest(content))
        self._lines |= long_lines(content)

    def reason(self, path: str, content: bytes) -> str:
        """Return why a file must not be trained on, "" where nothing is known against it."""
        if named(path, self.names):
            return "name"
        if digest(content) in self._files:
            return "file"
        if len(long_lines(content) & self._lines) >= SHARED_LINES:
            return "lines"
        return ""

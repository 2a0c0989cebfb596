"""Which lines two versions of a text share, in order; white space alone makes no difference."""

from __future__ import annotations

from difflib import SequenceMatcher
from hashlib import blake2b
from typing import TYPE_CHECKING

from codearch.languages import by_path
from codearch.secrets import find, hidden
from codearch.text import as_utf8

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HEAD_BYTES = 8192  # in which a file without a telling name says its language


def as_indexed(content: bytes, path: str) -> bytes:
    """Return a committed file as the index would have it: without its secrets."""
    language = by_path(path, content[:_HEAD_BYTES])
    if language is None:
        return content
    source = as_utf8(content)
    return hidden(source, find(source, language.name))


def line_keys(content: bytes) -> list[int]:
    """Return the key of each line, whatever the file's encoding."""
    known: dict[bytes, int] = {}
    keys: list[int] = []
    for line in as_utf8(content).split(b"\n"):
        key = known.get(line)
        if key is None:
            key = known[line] = _key(line)
        keys.append(key)
    return keys


def common_runs(old: Sequence[int], new: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Yield (place in old, place in new, length) of what both have, in order."""
    start = 0
    end = min(len(old), len(new))
    while start < end and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < end - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    yield 0, 0, start
    # Lines that stand everywhere (blank ones, closing braces) are anchors of nothing: difflib's
    # own rule against them also keeps this far from quadratic.
    middle = SequenceMatcher(None, old[start : len(old) - tail], new[start : len(new) - tail])
    for block in middle.get_matching_blocks():
        if any(key != BLANK for key in old[start + block.a : start + block.a + block.size]):
            yield start + block.a, start + block.b, block.size
    yield len(old) - tail, len(new) - tail, tail


def _key(line: bytes) -> int:
    """Return a number for a line's text without white space."""
    digest = blake2b(b"".join(line.split()), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


BLANK = _key(b"")

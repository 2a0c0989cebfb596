"""Bytes, characters, lines and columns, and the words inside identifiers: here and nowhere else."""

from __future__ import annotations

import bisect
import codecs
import functools
import re
import unicodedata
from collections import Counter
from typing import Literal

PositionEncoding = Literal["utf-8", "utf-16", "utf-32"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes) -> str:
    """Return the text of a file's bytes: BOM, else UTF-8, else Latin-1, which accepts all bytes.

    Line ends stay as they are: positions must fit the file that the user sees.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def as_utf8(data: bytes) -> bytes:
    """Return the text of a file's bytes as UTF-8; what has no character there is a "?"."""
    return data if data.isascii() else decode(data).encode("utf-8", errors="replace")


def has_bom(data: bytes) -> bool:
    """Say whether the bytes begin with a mark of their encoding."""
    return any(data.startswith(bom) for bom, _ in _BOMS)


def utf16_length(text: str) -> int:
    """Return how many UTF-16 code units `text` takes."""
    return len(text) + sum(1 for character in text if character > "\uffff")


_BLOCK = 1024  # bytes of a line between columns that are kept
_CONTINUATION = bytes(range(0x80, 0xC0))  # bytes of UTF-8 that begin no character
_FOUR_BYTES = bytes(range(0xF0, 0x100))  # those that begin one of two UTF-16 code units


def _utf16_units(data: bytes) -> int:
    if data.isascii():
        return len(data)
    pairs = len(data) - len(data.translate(None, _FOUR_BYTES))
    return len(data.translate(None, _CONTINUATION)) + pairs


class Lines:
    """Maps between byte offsets and (line, UTF-16 column) of one UTF-8 source."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self._ascii = source.isascii()
        starts = [0]
        find = source.find
        at = find(b"\n")
        while at >= 0:
            starts.append(at + 1)
            at = find(b"\n", at + 1)
        self.starts = starts
        self._blocks: dict[int, list[int]] = {}

    def __len__(self) -> int:
        return len(self.starts)

    def line_bytes(self, line: int) -> bytes:
        """Return the line without its line end."""
        end = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.source)
        return self.source[self.starts[line] : end].rstrip(b"\r\n")

    def position(self, byte: int) -> tuple[int, int]:
        """Return the 0-based line and UTF-16 column of a byte offset."""
        line = bisect.bisect_right(self.starts, byte) - 1
        return line, self.utf16_column(line, byte - self.starts[line])

    def utf16_column(self, line: int, byte_column: int) -> int:
        """Return the UTF-16 column of a byte column, as tree-sitter's points give it."""
        if self._ascii:
            return byte_column
        start = self.starts[line]
        block = byte_column // _BLOCK
        before = self._columns_at(line)[block] if block else 0
        return before + _utf16_units(self.source[start + block * _BLOCK : start + byte_column])

    def _columns_at(self, line: int) -> list[int]:
        """Return the column at each block of a long line, so that far columns cost no more."""
        known = self._blocks.get(line)
        if known is None:
            end = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.source)
            known = [0]
            for start in range(self.starts[line], end, _BLOCK):
                known.append(known[-1] + _utf16_units(self.source[start : start + _BLOCK]))
            self._blocks[line] = known
        return known

    def byte_at(self, line: int, utf16_column: int) -> int:
        """Return the byte offset of a position; columns beyond the line's end give its end."""
        if line >= len(self.starts):
            return len(self.source)
        start = self.starts[line]
        content = self.line_bytes(line)
        if content.isascii():
            return start + min(utf16_column, len(content))
        units = 0
        size = 0
        for character in content.decode("utf-8", errors="replace"):
            if units >= utf16_column:
                break
            units += 2 if character > "\uffff" else 1
            size += len(character.encode("utf-8", errors="replace"))
        return start + size


def to_encoding(line_text: str, utf16_column: int, encoding: PositionEncoding) -> int:
    """Convert a UTF-16 column of `line_text` into a column of another position encoding."""
    if encoding == "utf-16" or line_text.isascii():
        return utf16_column
    prefix = line_text.encode("utf-16-le")[: 2 * utf16_column].decode("utf-16-le", "replace")
    return len(prefix) if encoding == "utf-32" else len(prefix.encode())


def from_encoding(line_text: str, column: int, encoding: PositionEncoding) -> int:
    """Convert a column of a position encoding into a UTF-16 column of `line_text`."""
    if encoding == "utf-16" or line_text.isascii():
        return column
    if encoding == "utf-32":
        return utf16_length(line_text[:column])
    return utf16_length(line_text.encode()[:column].decode(errors="replace"))


# The parts of an ASCII identifier: an acronym's plural (`URLs`), an acronym, a capitalised or lower
# word, a number.
_PART = re.compile(r"[A-Z]{2,}s(?![a-zA-Z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_IDENTIFIER = re.compile(r"\w+")
# Scripts that are written without spaces: each pair of neighbours is a word.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
_KNOWN_IDENTIFIERS = 200_000  # some 40 MB when full; identifiers repeat far more than they differ
_LONGEST_IDENTIFIER = 200  # longer runs are data, not names


def split_identifier(identifier: str) -> list[str]:
    """Split at case, digits and underscores, lower case: `parseHTTPUrl2` -> parse http url 2."""
    if identifier.isascii():
        return [part.lower() for part in _PART.findall(identifier)]
    parts: list[str] = []
    for piece in unicodedata.normalize("NFKC", identifier).split("_"):
        at = 0
        for run in _UNSPACED.finditer(piece):
            parts += _split_by_case(piece[at : run.start()])
            text = run.group()
            parts += [text[i : i + 2] for i in range(max(len(text) - 1, 1))]
            at = run.end()
        parts += _split_by_case(piece[at:])
    return parts


def parts_of(identifier: str) -> list[tuple[str, int, int]]:
    """Return an identifier's parts, lower case, with the characters from and to which they go.

    One that is not ASCII is given whole: normalising it may have moved its characters.
    """
    if not identifier.isascii():
        return [(word, 0, len(identifier)) for word in identifier_words(identifier)]
    return [(part.group().lower(), *part.span()) for part in _PART.finditer(identifier)]


def _split_by_case(piece: str) -> list[str]:
    """Split letters of any alphabet as the ASCII rule does: at numbers and at a rise in case."""
    parts: list[str] = []
    start = 0
    for at in range(1, len(piece)):
        before, here = piece[at - 1], piece[at]
        if before.isnumeric() != here.isnumeric():
            cut = True
        elif here.isupper():
            follows = at + 1 < len(piece) and piece[at + 1].islower()
            cut = before.islower() or (before.isupper() and follows)
        else:
            cut = False
        if cut:
            parts.append(piece[start:at].lower())
            start = at
    if start < len(piece):
        parts.append(piece[start:].lower())
    return parts


@functools.lru_cache(maxsize=_KNOWN_IDENTIFIERS)
def identifier_words(identifier: str) -> tuple[str, ...]:
    """Return an identifier's parts and, where it has several, the whole without underscores."""
    if len(identifier) > _LONGEST_IDENTIFIER:
        return (identifier.lower(),)
    parts = split_identifier(identifier)
    if len(parts) > 1 and not _UNSPACED.search(identifier):
        parts.append(identifier.replace("_", "").lower())
    return tuple(parts)


def words(text: str) -> list[str]:
    """Return the searchable words of a text: identifiers' parts, and wholes that have several.

    `getUserName` gives get, user, name, getusername: parts make it found by meaning, the whole
    makes it found first when asked for exactly.
    """
    found: list[str] = []
    for identifier in _IDENTIFIER.findall(text):
        found += identifier_words(identifier)
    return found


def word_counts(text: str) -> Counter[str]:
    """Return how often each word of `words(text)` occurs; several times faster on long texts."""
    found: Counter[str] = Counter()
    for identifier, count in Counter(_IDENTIFIER.findall(text)).items():
        for word in identifier_words(identifier):
            found[word] += count
    return found

"""What the index keeps of a file for the search for clones: its prints, and what was found by them.

So a process reads the sources of those files alone that have changed, and of those with which they
share what has changed. What was found is lines of code, and known by the parts of both files that
hold it: edits of comments and of other parts, moves and renames have nothing compared again. Nor
has an edit of comments a file read again for its tokens: what is kept stands, and only says anew
where lines are.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

import msgspec

from codearch.detectors._clones.bare import bare_of
from codearch.detectors._clones.lexicons import LEXICONS
from codearch.detectors._clones.parts import Parts, digests_of, ends_of, parts_of, sizes_of
from codearch.detectors._clones.prints import Prints, kept, packed, unpacked
from codearch.detectors._clones.sources import source_of
from codearch.detectors._clones.tokens import Tokens, tokens_of
from codearch.facts import CALLABLE_KINDS
from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from codearch.detectors._clones.bare import Bare
    from codearch.detectors._clones.sources import Source
    from codearch.detectors._detector import FileView, Project
    from codearch.facts import FileFacts, Symbol, SymbolFact
else:
    np = Lazy("numpy")

RULE = "clone"
_DIGEST = 12  # hexadecimal digits of a file's digest that tell it from its former texts
_BARE = 10  # bytes that tell its bare source from its former ones
_CODE = 8  # bytes that tell a file's code from all others
_KEYS = ">u8"

Span = tuple[int, int, int, int, int, int]  # lines of code of both places, type, tokens
Spans = tuple[Span, ...]
Lines = tuple[int, int]  # the first and the last


class Kept(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """What is kept of one file."""

    digest: bytes
    bare: bytes  # a hash of all that its tokens and functions hang on
    code: bytes  # a hash of its tokens and functions
    prints: bytes
    units: tuple[int, ...]  # of prints
    sizes: tuple[int, ...]  # of its parts
    parts: bytes  # their digests
    rows: bytes  # a bit for each line of the bare source: whether a token begins there
    lines: bytes  # the same of the source itself
    tests: tuple[Lines, ...] = ()
    clones: tuple[tuple[int, Spans], ...] = ()  # by what it shares with another file
    others: bytes = b""  # the same of what holds no clone, ascending


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Kept)


def extract(view: FileView) -> bytes:
    """Return what is kept of a file; what was found is kept as long as the file."""
    file = view.project.file(view.path) if view.project else None
    if file is None or view.project is None or view.generated:
        return b""
    before = unpack(view.project.extract(RULE, view.path))
    return pack(made_of(view.source, view.facts, file.digest, before))


def made_of(text: bytes, facts: FileFacts, digest: str, before: Kept | None = None) -> Kept:
    """Return what is kept of a file, given what was kept of it `before`, if anything."""
    bare = bare_of(text, facts.comments)
    functions = _functions(facts.symbols)
    stamp = _stamp(bare, facts.language, functions)
    if before is None or before.bare != stamp:
        source = _source(bare, facts.language, functions)
        made = _made(source, bare, stamp, facts, digest)
        if before is None:
            return made
        return msgspec.structs.replace(made, clones=before.clones, others=before.others)
    return msgspec.structs.replace(
        before,
        digest=short(digest),
        lines=_bits(np.array(bare.lines, np.int32)[_places(before.rows)]),
        tests=_tests_of(facts.symbols),
    )


def read(project: Project, path: str, code: bytes) -> Source:
    """Return a file of this code as it is compared.

    Facts are dear to read: mostly a lexicon finds the comments as well, and the code tells.
    """
    file = project.file(path)
    assert file is not None, path  # noqa: S101 - it was found in it
    text, functions = project.source(path), _functions(project.symbols(path))
    source = source_of(tokens_of(text, file.language), file.language, functions)
    if code_of(source) == code:
        return source
    return _source(bare_of(text, project.facts(path).comments), file.language, functions)


def _functions(symbols: Iterable[Symbol | SymbolFact]) -> list[Lines]:
    return [(each.span.line, each.span.end_line) for each in symbols if each.kind in CALLABLE_KINDS]


def _source(bare: Bare, language: str, functions: Sequence[Lines]) -> Source:
    tokens = tokens_of(bare.text, language)
    lines = np.array(bare.lines, np.int32)[tokens.lines]
    return source_of(Tokens(tokens.forms, tokens.texts, lines), language, functions)


def _stamp(bare: Bare, language: str, functions: Iterable[Lines]) -> bytes:
    """Return a hash of what makes a file's tokens, and its functions among them."""
    made = hashlib.blake2b(digest_size=_BARE)
    for one, last in functions:
        rows = bisect_left(bare.lines, one), bisect_right(bare.lines, last)
        made.update(b"%d %d\0" % rows)
    made.update(language.encode() + b"\0" + bare.text)
    return made.digest()


def _made(source: Source, bare: Bare, stamp: bytes, facts: FileFacts, digest: str) -> Kept:
    ends, places = ends_of(source.units, len(source.tokens)), source.chosen
    prints = kept(
        source.grams,
        places,
        np.searchsorted(ends, places, "right"),
        source.innermost[places],
        [each.end - each.first for each in source.units],
    )
    lines = source.tokens.lines
    return Kept(
        short(digest),
        stamp,
        code_of(source),
        packed(prints.numbers),
        prints.units,
        sizes_of(source, ends),
        digests_of(source, ends, bare),
        _bits(np.searchsorted(np.array(bare.lines, np.int32), lines)),
        _bits(lines),
        _tests_of(facts.symbols),
    )


def prints_of(made: Kept) -> Prints:
    """Return the prints that are kept of a file."""
    return Prints(unpacked(made.prints), made.units)


def parts_in(made: Kept, prints: Prints) -> Parts:
    """Return the parts of a file of which this is kept."""
    which, _, counts = prints.columns
    return parts_of(made.sizes, made.parts, prints.hashes, np.repeat(which, counts))


def code_of(source: Source) -> bytes:
    """Return a hash of a file's tokens, of which begin a line, and of the functions among them."""
    made = hashlib.blake2b(LEXICONS[source.language].family.encode(), digest_size=_CODE)
    for part in (source.tokens.forms, source.tokens.texts, source.rows):
        made.update(part.tobytes())
    made.update(np.array(source.units, np.int32).tobytes())
    return made.digest()


def _bits(numbers: NDArray[np.integer[Any]]) -> bytes:
    """Return ascending numbers as a set of bits."""
    bits = np.zeros(int(numbers[-1]) + 1 if len(numbers) else 0, np.bool_)
    bits[numbers] = True
    return np.packbits(bits).tobytes()


def _places(bits: bytes) -> NDArray[np.intp]:
    """Return the numbers in a set of bits, ascending."""
    return np.flatnonzero(np.unpackbits(np.frombuffer(bits, np.uint8)))


def unpacked_lines(lines: bytes) -> list[int]:
    """Return the line of the text on which each line of code begins."""
    found: list[int] = _places(lines).tolist()
    return found


def _tests_of(symbols: Iterable[SymbolFact]) -> tuple[Lines, ...]:
    """Return the lines of a file's tests: those that are in no other test."""
    found: list[Lines] = []
    for each in symbols:
        lines = each.span.line, each.span.end_line
        if each.test and not (found and found[-1][0] <= lines[0] <= lines[1] <= found[-1][1]):
            found.append(lines)
    return tuple(found)


def short(digest: str) -> bytes:
    """Return what the present text of a file is known by here."""
    return bytes.fromhex(digest[:_DIGEST])


def unpacked_keys(others: bytes) -> list[int]:
    """Return what tells all that holds no clone."""
    return list(map(int, np.frombuffer(others, _KEYS)))


def packed_keys(others: Iterable[int]) -> bytes:
    """Return it as the index keeps it."""
    return np.fromiter(sorted(others), _KEYS).tobytes()


def pack(made: Kept) -> bytes:
    """Return it as the index keeps it."""
    return _encode(made)


def unpack(data: bytes) -> Kept | None:
    """Return it as it was kept; None where there is nothing, or what another version kept."""
    if not data:
        return None
    try:
        return _decoder.decode(data)
    except msgspec.MsgspecError:
        return None


def counts(language: str) -> bool:
    """Say whether clones are looked for in a language."""
    return language in LEXICONS

"""What is encoded: functions of Python's own library, read as the product reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from inputs import library

from codearch import flow
from codearch.embedding.passage import passages
from codearch.embedding.transformer.code import codes
from codearch.embedding.transformer.reading import Code
from codearch.facts import CALLABLE_KINDS, Passage
from codearch.languages import by_name
from codearch.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSAGES, CODES, QUESTIONS = 6_000, 600, 200


class Material(msgspec.Struct, frozen=True):
    """The same for every encoder of a run, read once."""

    passages: list[Passage]
    codes: list[Code]
    questions: list[str]

    @classmethod
    def read(cls, path: Path) -> Material:
        """Read what `write` has written."""
        return msgspec.msgpack.decode(path.read_bytes(), type=cls)

    def write(self, path: Path) -> Path:
        """Write it for other processes."""
        path.write_bytes(msgspec.msgpack.encode(self))
        return path


def gathered(most: int = PASSAGES, most_codes: int = CODES) -> Material:
    """Read so many functions: passages of all, and words with data flow of the first ones."""
    read: list[Passage] = []
    graphs: list[Code] = []
    for path in sorted(library().rglob("*.py")):
        if "site-packages" in path.parts:
            continue
        for own, code in _functions(path.read_bytes(), with_flow=len(graphs) < most_codes):
            read += own
            graphs += code
        if len(read) >= most:
            break
    asked = [(one.doc or one.name)[:80] for one in read][:QUESTIONS]
    return Material(read[:most], graphs[:most_codes], asked)


def _functions(source: bytes, *, with_flow: bool) -> Iterator[tuple[list[Passage], list[Code]]]:
    facts = parse(source, by_name("python"))
    program = flow.read(source, by_name("python"), facts) if with_flow else None
    for index, symbol in enumerate(facts.symbols):
        if symbol.kind in CALLABLE_KINDS:
            own = passages(facts, index, source)
            yield own, codes(program, symbol, own) if program is not None else []

"""Code with holes, read by the grammar of its language into a tree that others are compared with.

`$X` stands for any one expression, statement, name or type, the same text wherever it stands again;
`$_` for any, each time another; `$...XS` for any number of them in a row. A string that is nothing
but a hole (`"$TEXT"`) stands for any string of its kind. All else stands for itself.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codearch.detectors._patterns.contexts import (
    CONTEXTS,
    EMPTY_SIGNS,
    ENDS,
    KEPT_AROUND_HOLES,
    QUOTES,
    TEXT_OF_STRINGS,
)
from codearch.errors import CodearchError
from codearch.languages import by_name
from codearch.parse import trees

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

HOLE = re.compile(r"\$(\.\.\.)?([A-Z_][A-Z0-9_]*)")
MOST_CHARACTERS = 4000
MOST_RESTS = 3  # in one row: the time grows with this power of what stands there
_STAND_IN = re.compile(rb"hoLe(One|All)0(\w*?)0eLoh")
_OPEN_HOLE = re.compile(rf"{HOLE.pattern}(?=\s*(?:\}}|\n|\Z))")
_SAYS = re.compile(rb"[^()\[\]{}:.\s\"'`]")
_WORD = re.compile(rb"[A-Za-z_]\w*")


class TemplateError(CodearchError):
    """A piece of code with holes that cannot be compared with anything."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A name, a literal, a keyword, an operator: its very text."""

    kind: str
    text: bytes


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of this kind with these children."""

    kind: str
    children: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Hole:
    """Any one node."""

    name: str


@dataclass(frozen=True, slots=True)
class Rest:
    """Any number of nodes in a row."""

    name: str


Part = Leaf | Branch | Hole | Rest


@dataclass(frozen=True, slots=True)
class Token:
    """A text that each match holds, and the kinds of the nodes above it up to the match's own."""

    text: bytes
    kind: str
    above: tuple[str, ...]  # the innermost first

    @property
    def is_word(self) -> bool:
        """Whether it ends where a name ends."""
        return _WORD.fullmatch(self.text) is not None


@dataclass(frozen=True, slots=True)
class Template:
    """What a piece of code with holes is: one part, or parts that stand in a row."""

    parts: tuple[Part, ...]
    holes: frozenset[str]
    tokens: tuple[Token, ...]  # the longest first


def compared(node: Node) -> list[Node]:
    """Return the children that are compared: comments, commas and semicolons are not."""
    return [each for each in node.children if not each.is_extra and each.type not in EMPTY_SIGNS]


def is_whole(node: Node, children: list[Node]) -> bool:
    """Say whether a node is compared by its text: it has no parts, or text between them."""
    if not children or TEXT_OF_STRINGS.search(node.type):
        return True
    text, start, at = node.text or b"", node.start_byte, 0
    for child in node.children:
        if text[at : child.start_byte - start].strip():
            return True
        at = child.end_byte - start
    return bool(text[at:].strip())


@functools.lru_cache(maxsize=2000)
def template(code: str, language: str) -> Template:
    """Read a piece of code with holes; TemplateError says why it cannot be."""
    if language not in CONTEXTS:
        message = f"There are no patterns for {language}, only for {', '.join(sorted(CONTEXTS))}."
        raise TemplateError(message)
    code = code.strip()
    if len(code) > MOST_CHARACTERS:
        message = f"It is longer than {MOST_CHARACTERS} characters."
        raise TemplateError(message)
    parts = tuple(_part(node) for node in _nodes(code, language))
    if _most_rests(parts) > MOST_RESTS:
        message = f"`{_short(code)}` has more than {MOST_RESTS} `$...` in a row."
        raise TemplateError(message)
    found = tuple(sorted(_tokens(parts), key=lambda each: (-len(each.text), len(each.above))))
    holes = frozenset(name for _, name in HOLE.findall(code) if name != "_")
    return Template(parts, holes, found)


def _stand_in(match: re.Match[str]) -> str:
    return f"hoLe{'All' if match[1] else 'One'}0{match[2]}0eLoh"


def _written(text: bytes) -> bytes:
    """Return a text as its writer wrote it."""
    return _STAND_IN.sub(lambda match: (b"$..." if match[1] == b"All" else b"$") + match[2], text)


def _nodes(code: str, language: str) -> list[Node]:
    """Return the nodes that a piece of code is, in the first context that reads it."""
    plain = HOLE.sub(_stand_in, code)
    ended = HOLE.sub(_stand_in, _OPEN_HOLE.sub(rf"\g<0>{ENDS.get(language, '')}", code))
    for given in dict.fromkeys((plain, ended)):
        size = len(given.encode())
        for context in CONTEXTS[language]:
            if not context.fits.search(code):
                continue
            source = f"{context.before}{given}{context.after}".encode()
            found = trees.tree_of(source, by_name(language))
            if found is None or found[1].root_node.has_error:
                continue
            start = len(context.before.encode())
            nodes = _between(found[1].root_node, start, start + size)
            if nodes:
                return nodes
    message = f"`{_short(code)}` is no {by_name(language).title} that its grammar can read."
    raise TemplateError(message)


def _between(root: Node, start: int, end: int) -> list[Node]:
    """Return the nodes that lie from byte to byte, none where those begin or end elsewhere."""
    node = root.descendant_for_byte_range(start, end)
    if node is None:
        return []
    while True:
        inside = [
            each for each in compared(node) if each.end_byte > start and each.start_byte < end
        ]
        if len(inside) != 1 or (inside[0].start_byte, inside[0].end_byte) != (start, end):
            break
        node = inside[0]
    if (node.start_byte, node.end_byte) == (start, end) and not _is_row(node):
        return [node]
    if not inside or inside[0].start_byte != start or inside[-1].end_byte > end:
        return []
    return inside


def _is_row(node: Node) -> bool:
    """Say whether a node is nothing but its parts in a row: a file, a block without brackets."""
    kinds = {each.type for each in compared(node)}
    return len(compared(node)) > 1 and node.type in (
        "block", "module", "program", "source_file", "translation_unit", "compilation_unit",
        "statement_list",
    ) and "{" not in kinds  # fmt: skip


def _part(node: Node) -> Part:
    text = node.text or b""
    hole = _STAND_IN.fullmatch(text.rstrip(b"+; \t\n"))
    children = compared(node)
    if hole is not None and not (KEPT_AROUND_HOLES.search(node.type) and children):
        name = hole[2].decode()
        return Rest(name) if hole[1] == b"All" or TEXT_OF_STRINGS.search(node.type) else Hole(name)
    if is_whole(node, children):
        return Leaf(node.type, _written(text))
    return Branch(node.type, tuple(_part(each) for each in children))


def _most_rests(parts: tuple[Part, ...]) -> int:
    own = sum(isinstance(part, Rest) for part in parts)
    within = (_most_rests(part.children) for part in parts if isinstance(part, Branch))
    return max(own, *within, 0)


def _tokens(parts: tuple[Part, ...], above: tuple[str, ...] = ()) -> Iterator[Token]:
    """Yield the texts that say something: names, literals, keywords, operators; no brackets."""
    for part in parts:
        if isinstance(part, Branch):
            yield from _tokens(part.children, (part.kind, *above))
        elif isinstance(part, Leaf) and part.kind not in QUOTES and _SAYS.search(part.text):
            yield Token(part.text, part.kind, above)


def _short(code: str) -> str:
    line = " ".join(code.split())
    return line if len(line) <= 80 else line[:79] + "…"

"""Where a file may hold statements that nothing reaches, seen from its lines alone.

To parse a file and follow all its functions takes longer than an edit may, and nearly no file has
such statements. So lines are looked at first, by how far they are indented: one that stands after a
jump, indented alike, is worth following; so is one after a compound statement whose branches jump.
What is found this way is only a place at which control flow is asked.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from codearch.languages import by_name
from codearch.languages._flows import Switch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from codearch.facts import Comment

_LINE = re.compile(rb"^([ \t]*)([^\s][^\n]*)", re.MULTILINE)
_TAB = 8  # columns, for indentation that mixes tabs and spaces
_ARMS = "|[^=]*=>"  # cases without a word before them
_ARMED = frozenset({"rust"})
_PREPROCESSED = frozenset({"c", "cpp", "csharp"})

# What a line is, by its first words, in the order in which they are tried.
_KINDS = (
    ("label", r"case\b|default\s*(?::|->|$)"),
    ("ladder", r"elif\b|else\s+if\b"),
    ("otherwise", r"else\b"),
    (
        "endless",
        (
            r"while[\s(]*(?:True|true|1)\b|for\s*\([^;]*;\s*;|for\s*(?:;\s*;\s*|true\s*)?\{"
            r"|(?:'\w+:\s*)?loop\s*\{"
        ),
    ),
    ("loop", r"(?:for|foreach|while)\b"),
    ("switch", r"(?:switch|match|select|let\b.*=\s*match)\b"),
    ("branch", r"if\b|let\b.*=\s*if\b"),
    ("repeated", r"do\b"),
    ("final", r"finally\b"),
    ("handler", r"except\b|catch\b"),
    (
        "passing",
        (
            r"(?:try|using|lock|unsafe|synchronized"
            r"|fixed|checked|unchecked)\b|\{|let\b.*=\s*loop\b|'\w+:\s*\{"
        ),
    ),
    ("goto", r"[A-Za-z_]\w*:(?![:=])\s*$"),
)
_GOES_ON = frozenset({"ladder", "otherwise", "handler", "final"})
_LABELS = frozenset({"label", "goto"})
_JUMP_WORDS = r"return|throw|raise|break|continue|goto|co_return|yield\s+break|fallthrough"
_CONSTANT = re.compile(
    rb"""(?<![#}] )(?<![#}])\b(?:if|elif|while)\b[\s(]*(?:!|not\s)?[\s(]*"""
    rb"""(?:(?:True|true|1|False|false|0|None|null)\b(?!\.)"""
    rb"""|-?\d+\s*(?:[=!]==?|[<>]=?)\s*-?\d+\b(?!\.))"""
    rb"""[\s)]*(?:[:{;]|\n|[A-Za-z_])"""
)
_ENDLESS = re.compile(rb"while[\s(]*(?:(?:True|true|1)\b|(?:!|not\s)[\s(]*(?:False|false|0)\b)")
# An endless loop, or an `else`, that ends in the line where it begins, before another statement.
_LOOP_BESIDE = re.compile(
    rb"""(?:\bwhile[\s(]*(?:True|true|1)\b|\bfor\s*(?:\(?\s*;\s*;|\{)|\bloop\s*\{)"""
    rb"""[^\n]*?[;}][ \t]*+(?!(?:else|while)\b)[A-Za-z_]"""
)
_ELSE_BESIDE = re.compile(rb"\belse\b[ \t]*\{[^{}\n]*+\}[ \t;]*+[A-Za-z_]")
_PLAIN_BREAK = re.compile(rb"break\s*(?:;|$|\})")
_ENDLESS_FOR = re.compile(rb"\bfor\s*(?:\([^;\n]*;\s*;|;\s*;|(?:true\s*)?\{)|\bloop\s*\{")
_BESIDE = re.compile(  # a statement on the line of the jump before it; read once if there is none
    rb"""\b(?:return|throw|raise|break|continue|goto)\b[^;{}\n"']*+"""
    rb"""(?:;[ \t]*+(?!//|/\*|\#|\}|case\b|default\b|else\b|\\)(?P<next>\S))?"""
)
_TAKES_ALL = re.compile(rb"default\b|case\s+_\s*:")
_LONG_STRINGS = {
    "python": re.compile(
        rb"""#[^\n]*|(?P<long>\"\"\"[\s\S]*?\"\"\"|\'\'\'[\s\S]*?\'\'\')"""
        rb"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'"""
    )
}
_CONTINUES = b".?:&|+-*/%,=<>"  # how a line begins that goes on with the one before
_ENDS = b";{}:"
_NO_STATEMENT = frozenset({b"", b"{"})


class _Ends(IntEnum):
    """How the last statement of a block leaves it, as far as its lines tell."""

    NOT = 0
    BREAKS = 1  # a switch, where `break` ends those: what follows is reached
    LEAVES = 2


@dataclass(slots=True)
class _Level:
    """Statements that are indented alike: what the last one is, and how it ends.

    `branches` is of the branches or cases so far, `inside` of the block that was read last.
    """

    indent: int
    kind: str = ""
    ends: _Ends = _Ends.NOT
    branches: _Ends = _Ends.LEAVES
    inside: _Ends = _Ends.NOT
    broken: bool = False  # a loop without an end that a `break` ends
    filled: bool = False  # a case that does something
    takes_all: bool = False  # a case that takes what no other one does was there

    def close(self) -> None:
        """Say how a compound statement ends, now that its last block is read."""
        if self.kind == "endless":
            self.ends = _Ends.NOT if self.broken else _Ends.LEAVES
        elif self.kind in {"passing", "switch", "repeated"}:
            self.ends = self.inside
        elif self.kind == "label":
            leaves = self.takes_all and min(self.branches, self.inside) is _Ends.LEAVES
            self.ends = _Ends.LEAVES if leaves else _Ends.NOT
        elif self.kind in {"otherwise", "handler"}:
            self.ends = min(self.branches, self.inside)
        elif self.kind == "final":
            self.ends = max(self.branches, self.inside)
        self.kind = ""

    def go_on(self, kind: str) -> None:
        """Begin one more branch of the same statement."""
        if kind == "otherwise" and self.kind in {"loop", "endless", "handler"}:
            self.branches = _Ends.LEAVES  # the loop, or the `try`, goes on here
        elif kind == "otherwise" and self.kind not in {"branch", "ladder"}:
            self.branches = _Ends.NOT
        else:
            self.branches = min(self.branches, self.inside)
        self._open(kind)

    def next_case(self, *, falls: bool) -> None:
        """Begin one more case, on which the one before may go on."""
        ended = self.inside is _Ends.BREAKS or (
            self.inside is _Ends.NOT and self.filled and not falls
        )
        if ended:
            self.branches = _Ends.NOT
        self._open("label")

    def begin(self, kind: str) -> None:
        """Begin another statement."""
        self.close()
        self.ends, self.branches, self.takes_all = _Ends.NOT, _Ends.LEAVES, False
        self._open(kind)

    def _open(self, kind: str) -> None:
        self.kind, self.inside, self.broken, self.filled = kind, _Ends.NOT, False, False


def doubtful_places(source: bytes, language: str, comments: Sequence[Comment]) -> list[int]:
    """Return the bytes at which it is worth asking whether they are reached, in order."""
    found = [
        match.start()
        for match in _CONSTANT.finditer(source)
        if not _ENDLESS.match(source, match.start())
    ]
    words = _words(language)
    found += [match.end() - 1 for match in _LOOP_BESIDE.finditer(source)]
    if words.jump.search(source) or _ENDLESS_FOR.search(source) or _ENDLESS.search(source):
        found += [one.start("next") for one in _BESIDE.finditer(source) if one["next"]]
        found += [match.end() - 1 for match in _ELSE_BESIDE.finditer(source)]
        found += _after_jumps(source, words, _comment_lines(source, comments))
    if not found:
        return []
    no_code = [(each.span.start_byte, each.span.end_byte) for each in comments]
    strings = _LONG_STRINGS.get(language)
    if strings is not None:
        no_code += [match.span("long") for match in strings.finditer(source)]
    return list(_outside(sorted(no_code), sorted(set(found))))


def _outside(within: list[tuple[int, int]], places: list[int]) -> Iterator[int]:
    """Yield the places that stand in none of these stretches, both in order."""
    at = covered = 0  # to where those that have begun reach
    for place in places:
        while at < len(within) and within[at][0] < place:
            covered = max(covered, within[at][1])
            at += 1
        if place >= covered:
            yield place


def _after_jumps(source: bytes, words: _Words, skipped: set[int]) -> Iterator[int]:
    """Yield where a line stands after one indented alike that may not let it be reached."""
    levels: list[_Level] = []
    last = b";"
    for line in _LINE.finditer(source):
        blank, text = line.groups()
        if line.start(2) in skipped:
            continue
        if words.preprocessed and text[:1] == b"#":
            _directive(levels, text)
            continue
        level = _at(levels, len(blank.expandtabs(_TAB)) if b"\t" in blank else len(blank))
        before, last = last, text[-1:]
        closing = text[:1] == b"}"
        if closing:
            text = text.lstrip(b"} \t")
        goes_on = not closing and before not in _ENDS and text[:1] in _CONTINUES
        if goes_on or text in _NO_STATEMENT or text[:1] in b")],;":
            continue
        match = words.start.match(text)
        kind = (match.lastgroup or "") if match is not None else ""
        if closing and kind not in _GOES_ON:  # the end of an expression, or of a loop
            level.close()
            if _ENDLESS.match(text) and not level.broken:
                level.ends = _Ends.LEAVES
        else:
            if _read(level, kind, text, words):
                yield line.start(2)
            if b"break" in text and _PLAIN_BREAK.search(text):
                _break(levels, words)


def _directive(levels: list[_Level], text: bytes) -> None:
    """Forget, at the other side of an `#if`, how the first one ended."""
    if text.startswith((b"#else", b"#elif")):
        for level in levels:
            level.ends = _Ends.NOT


def _break(levels: list[_Level], words: _Words) -> None:
    """Note that the loop around is left by a `break`."""
    for level in reversed(levels):
        if level.kind == "loop" or (level.kind == "switch" and words.breaks_switches):
            return
        if level.kind in {"endless", "repeated"}:
            level.broken = True
            return


def _read(level: _Level, kind: str, text: bytes, words: _Words) -> bool:
    """Take in a statement, or a branch of one; say whether what is before may not let it be."""
    found = False
    if kind in _GOES_ON:
        level.go_on(kind)
    elif kind == "label" and level.kind == "label":
        level.next_case(falls=words.falls)
    else:
        level.close()
        found = bool(level.ends) and kind not in _LABELS
        level.begin(kind)
    if kind == "label":
        level.takes_all = level.takes_all or words.armed or _TAKES_ALL.match(text) is not None
        level.filled = words.armed
    jump = words.jump.search(text)
    if jump is not None:
        ends = words.ends(jump.group())
        if kind:
            level.inside = ends
        elif jump.start() == 0:
            level.ends = ends
    return found


def _at(levels: list[_Level], indent: int) -> _Level:
    """Return the level of a line; deeper ones have ended."""
    while levels and levels[-1].indent > indent:
        ended = levels.pop()
        ended.close()
        if levels:
            levels[-1].inside, levels[-1].filled = ended.ends, True
    if not levels or levels[-1].indent < indent:
        levels.append(_Level(indent))
    return levels[-1]


@dataclass(frozen=True, slots=True)
class _Words:
    """What jumps and branches look like in a language."""

    start: re.Pattern[bytes]
    jump: re.Pattern[bytes]
    breaks_switches: bool
    falls: bool  # a case into the next one
    armed: bool  # cases are `pattern => ...`
    preprocessed: bool

    def ends(self, jump: bytes) -> _Ends:
        """Return how a jump ends the block that it stands in."""
        return _Ends.BREAKS if self.breaks_switches and jump == b"break" else _Ends.LEAVES


@functools.cache
def _words(language: str) -> _Words:
    flows = by_name(language).flows
    leaving = flows.leaving if flows is not None else {}
    shapes = flows.shapes.values() if flows is not None else ()
    switches = [each for each in shapes if isinstance(each, Switch)]
    kinds = "|".join(
        f"(?P<{name}>{words}{_ARMS if name == 'label' and language in _ARMED else ''})"
        for name, words in _KINDS
    )
    calls = "|".join(re.escape(name) for name in leaving) or "(?!)"
    return _Words(
        re.compile(kinds.encode()),
        re.compile(rf"(?<![\w.$])(?:(?:{_JUMP_WORDS})(?![\w$])|(?:{calls})\s*[(\[{{])".encode()),
        breaks_switches=any(each.breaks for each in switches),
        falls=any(each.falls for each in switches),
        armed=language in _ARMED,
        preprocessed=language in _PREPROCESSED,
    )


def _comment_lines(source: bytes, comments: Iterable[Comment]) -> set[int]:
    """Return the bytes at which lines begin, white space apart, that are comments."""
    found: set[int] = set()
    for each in comments:
        found.add(each.span.start_byte)
        if each.span.end_line > each.span.line:
            found.update(
                each.span.start_byte + match.start(2)
                for match in _LINE.finditer(source[each.span.start_byte : each.span.end_byte])
            )
    return found

"""What several edits have in common: anti-unification, and which edits to take together.

Two edits are generalised to what is equal in both, holes in place of the rest; the same pair of
parts is the same hole, before and after alike. Edits are joined the nearest pair first, into a
hierarchy from special to general, as in Bader et al., "Getafix" (2019).
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codearch.mining.trees import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HOLE = "$"
REST = "$..."
MOST_TOGETHER = 36  # edits of one group: all pairs are compared
LEAST_KEPT = 0.4  # of a pattern's words and holes that are words
_ROWS = re.compile(r"list|arguments|parameters|block|body|array|tuple|initializer")
_WORD = re.compile(rb"[A-Za-z_]\w*|\d[\w.]*|[^\w\s()\[\]{}.:,;\"'`]+")
_NAME = re.compile(rb"[A-Za-z_]\w{2,}")
# Keywords and words that stand everywhere: a pattern of nothing but these finds everything.
_COMMON = frozenset(
    b"""abstract async await bool boolean break case catch char class const continue def default
    defer delete do double elif else enum except extends final finally float fn for foreach from
    func function go if impl import in inline instanceof int int32 int64 interface is lambda let
    len long match mut namespace new nil None not null object or and private protected public pub
    raise range ref return Self self short signed sizeof static str String string struct super
    switch this throw throws true True false False try type typeof undefined unsigned use usize
    using var void volatile while with yield err error size_t NULL nullptr Some Ok Err""".split()
)


@dataclass(frozen=True, slots=True)
class Example:
    """An edit, with what is needed to tell of it. Files are packed: there are thousands."""

    before: tuple[Part, ...]
    after: tuple[Part, ...]
    added: tuple[Part, ...]
    commit: str
    path: str
    packed_old: bytes
    packed_new: bytes

    @property
    def old(self) -> bytes:
        """The file before the edit."""
        return zlib.decompress(self.packed_old)

    @property
    def new(self) -> bytes:
        """The file after the edit."""
        return zlib.decompress(self.packed_new)


@dataclass(frozen=True, slots=True)
class Common:
    """What examples have in common; positions are those of the first one."""

    before: tuple[Part, ...]
    after: tuple[Part, ...]
    added: tuple[Part, ...]
    examples: tuple[Example, ...]

    @property
    def commits(self) -> int:
        """How many fixes there are."""
        return len({each.commit for each in self.examples})

    @property
    def files(self) -> int:
        """In how many files they are."""
        return len({each.path for each in self.examples})


def commons(examples: Sequence[Example], fixes: int, files: int) -> Iterator[Common]:
    """Yield what at least so many fixes in so many files have in common, the most general first."""
    equal: dict[tuple[int, ...], list[Example]] = {}
    for each in examples:
        key = tuple(part.key for part in (*each.before, *each.after))
        equal.setdefault(key, []).append(each)
    nodes = [
        Common(same[0].before, same[0].after, same[0].added, tuple(same))
        for same in list(equal.values())[:MOST_TOGETHER]
    ]
    best: list[Common] = [each for each in nodes if _is_enough(each, fixes, files)]
    pairs = {
        (i, j): joined
        for i in range(len(nodes))
        for j in range(i)
        if (joined := join(nodes[i], nodes[j])) is not None
    }
    alive = set(range(len(nodes)))
    while pairs:
        (i, j), joined = max(pairs.items(), key=lambda each: kept(each[1]))
        nodes.append(joined)
        alive -= {i, j}
        pairs = {ends: one for ends, one in pairs.items() if not {i, j} & set(ends)}
        number = len(nodes) - 1
        for other in alive:
            one = join(nodes[number], nodes[other])
            if one is not None:
                pairs[number, other] = one
        alive.add(number)
        if _is_enough(joined, fixes, files):
            best = [each for each in best if not set(each.examples) <= set(joined.examples)]
            best.append(joined)
    yield from sorted(best, key=lambda each: -each.commits)


def _is_enough(common: Common, fixes: int, files: int) -> bool:
    return common.commits >= fixes and common.files >= files and is_telling(common)


def join(a: Common, b: Common) -> Common | None:
    """Return what two have in common, None where that is too little."""
    names: dict[tuple[int, int], Part] = {}
    rows = []
    for one, other in ((a.before, b.before), (a.after, b.after), (a.added, b.added)):
        if len(one) != len(other):
            return None
        row = tuple(_unified(x, y, names) for x, y in zip(one, other, strict=True))
        if any(each is None or each.kind in (HOLE, REST) for each in row):
            return None
        rows.append(tuple(each for each in row if each is not None))
    joined = Common(rows[0], rows[1], rows[2], (*a.examples, *b.examples))
    return joined if is_telling(joined) else None


def _unified(a: Part, b: Part, names: dict[tuple[int, int], Part]) -> Part | None:
    """Return the part that both are, with holes; None where none may stand for the rest."""
    if a.key == b.key:
        return a
    if a.kind == b.kind and a.children and b.children:
        if len(a.children) == len(b.children):
            row = [_unified(x, y, names) for x, y in zip(a.children, b.children, strict=True)]
            if all(each is not None for each in row):
                return _branch(a, tuple(each for each in row if each is not None))
        elif _ROWS.search(a.kind):
            return _row(a, b, names)
    if _is_sign(a) or _is_sign(b):
        return None
    return _hole(HOLE, a, b, names)


def _row(a: Part, b: Part, names: dict[tuple[int, int], Part]) -> Part | None:
    """Return a row of parts of which those in the middle differ in number."""
    shorter = min(len(a.children), len(b.children))
    first = last = 0
    while first < shorter and a.children[first].key == b.children[first].key:
        first += 1
    while last < shorter - first and a.children[-1 - last].key == b.children[-1 - last].key:
        last += 1
    rest = a.children[first : len(a.children) - last]
    other = b.children[first : len(b.children) - last]
    if not rest or any(each.kind == REST for each in a.children[:first] + a.children[-last:]):
        return None
    if any(map(_is_sign, (*rest, *other))):
        return None
    middle = replace(rest[0], end=rest[-1].end, key=hash(tuple(each.key for each in rest)))
    others = replace(other[0], key=hash(tuple(e.key for e in other))) if other else _NOTHING
    hole = _hole(REST, middle, others, names)
    tail = a.children[len(a.children) - last :]
    return _branch(a, (*a.children[:first], hole, *tail))


_NOTHING = Part("", b"", (), 0, 0, hash("nothing"), 0)


def _hole(kind: str, a: Part, b: Part, names: dict[tuple[int, int], Part]) -> Part:
    known = names.get((a.key, b.key))
    if known is None:
        text = b"H%d" % len(names)
        known = Part(kind, text, (), a.start, a.end, hash((kind, text)), 0)
        names[a.key, b.key] = known
    return replace(known, start=a.start, end=a.end)


def _branch(part: Part, children: tuple[Part, ...]) -> Part:
    key = hash((part.kind, tuple(each.key for each in children)))
    leaves = sum(each.leaves for each in children)
    return Part(part.kind, b"", children, part.start, part.end, key, leaves)


def _is_sign(part: Part) -> bool:
    """Say whether a part is a keyword, an operator or a bracket: no hole stands for such."""
    return not part.children and part.kind.encode() == part.text


def literals(parts: Sequence[Part]) -> Counter[bytes]:
    """Return the texts that are no holes."""
    found: Counter[bytes] = Counter()
    for part in parts:
        if part.children:
            found += literals(part.children)
        elif part.kind not in (HOLE, REST):
            found[part.text] += 1
    return found


def holes(parts: Sequence[Part]) -> set[bytes]:
    """Return the names of the holes."""
    found: set[bytes] = set()
    for part in parts:
        found |= holes(part.children)
        if part.kind in (HOLE, REST):
            found.add(part.text)
    return found


def _count_holes(parts: Sequence[Part]) -> int:
    return sum(1 if part.kind in (HOLE, REST) else _count_holes(part.children) for part in parts)


def is_word(text: bytes) -> bool:
    """Say whether a leaf is a name, a keyword, a number or an operator."""
    return _WORD.fullmatch(text) is not None


def kept(common: Common) -> float:
    """Return the share of words, and not holes, in what examples have in common, 0 to 1."""
    parts = (*common.before, *common.after)
    said = sum(count for text, count in literals(parts).items() if is_word(text))
    return said / max(said + _count_holes(parts), 1)


def is_telling(common: Common) -> bool:
    """Say whether a pattern says what is wrong: neither everything fits it, nor is it a rename."""
    before, after = literals(common.before), literals(common.after)
    if before == after or kept(common) < LEAST_KEPT:
        return False
    if not common.added and not holes(common.after) <= holes(common.before):
        return False  # what was written instead is not to be told from what was there
    words = list(filter(is_word, before))
    names = [each for each in words if _NAME.fullmatch(each) and each not in _COMMON]
    if common.added:
        shared = holes(common.before) & holes(common.added)
        return bool(names) and bool(shared or set(names) & set(literals(common.added)))
    return bool(names) or len(words) >= 2

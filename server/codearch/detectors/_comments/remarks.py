"""Comments that name what the code beside them lacks: of these alone history is asked.

It may never have been there. So nothing is said of them before a commit is known that replaced it.
"""

from __future__ import annotations

import functools
import hashlib
import re
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._comments.replaced import Beside, Remark, Text, Word, amounts_in
from codearch.detectors._comments.said import NUMBER, quantity_at
from codearch.detectors._comments.units import OF_DIMENSION
from codearch.parse.comments import LICENCE, prose, without_comments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codearch.detectors._comments.units import Unit
    from codearch.detectors._detector import FileView
    from codearch.facts import Comment, Span

_MOST_LINES = 20  # of a comment
_MOST_NUMBERS = 3  # in it; more are a table
_SHORTEST = 3  # letters of a name
_LEAST = 10  # a smaller number may stand anywhere, if it is not one of something
_LIKE_NAME = re.compile(r"[a-z][A-Z]|\w_\w|_[a-z]|\w\(|`\w")
_MAY_NAME = re.compile(rf"{_LIKE_NAME.pattern}|\d")
_NAME = re.compile(
    r"""(?<![\w.$/\\<@{'"-])(?:[A-Za-z_$][\w$]*(?:\.|::|->))*
    (?P<name>[A-Za-z]+[a-z0-9$]*_[\w$]+|_+[a-z][\w$]+|[a-z]+[a-z0-9]*[A-Z][\w$]*
    |(?:[A-Z][a-z0-9]+){2,}\w*|[A-Za-z_$][\w$]*(?=\(\))|(?<=`)[A-Za-z_$][\w$]*(?=[`(]))
    (?![\w/'"-]|\.\w)""",
    re.VERBOSE,
)
_COUNTED = re.compile(r" (?:times|[a-z]{3,}s)\b")
_DIGIT = re.compile(r"\d")
_COMPOUND = re.compile(r"-[A-Za-z]")  # what is told apart by it: a 16-colour palette
_LABEL = re.compile(
    r"(?:\b(?:rfc|section|chapter|line|lines|issue|bug|pr|pull|step|phase|test|case|page|version"
    r"|python|windows|android|ios|java|node|php|port|type|level|figure|table|rule|item|note|todo)"
    r"|[#§v])\s*#?$",
    re.IGNORECASE,
)
_LONGEST_LABEL = 40  # characters, with the blanks behind it
_AMOUNTS = 1000  # that are kept, since comments say the same ones
_YEARS = range(1970, 2100)
# What says that another state than that of the code beside it is meant, or none.
_ANOTHER = re.compile(
    r"""\b(?:was|were|previous(?:ly)?|used[ ]to|instead|old|formerly|original(?:ly)?|legacy
    |deprecated|no[ ]longer|unlike|renamed?|replac\w+|alias\w*|equivalent|similar|e\.?g|i\.e|except
    |todo|fixme|xxx|hack|backwards?|compat\w*|removed?|migrat\w+)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_TAG = re.compile(r"\s*(?:[@\\:]\w|<\w|>>>|-{3}|\|)|.*\{@")
_CODE = re.compile(
    r"""[;{}]\s*$|^\s*[\w.$:>-]+\([^()]*(?:\([^()]*\)[^()]*)*\)[\w.()]*\s*$
    |[\w\])]\s*(?:[-+*/|&]?=|:=|[=!]==?|=>)\s*[\w"'(\[{&-]|^\s*[@<#]|^\s*(?:if|while|for)\s*\(
    |^\s*(?:return|await|import|const|let|var|else|elif)\b""",
    re.VERBOSE,
)


class Asked(NamedTuple):
    """A comment of which history is to be asked; `key` names it, its code and what it lacks."""

    key: str
    remark: Remark
    beside: Beside
    span: Span
    text: str


def remarks(file: FileView) -> Iterator[Asked]:
    """Yield the comments that name something which the code beside them lacks."""
    comments = file.facts.comments
    code: bytes | None = None
    text: Text | None = None
    done = -1
    for index, comment in enumerate(comments):
        if index <= done:
            continue
        last = _last(file, index)
        done = last
        own = comments[index : last + 1]
        if not any(_MAY_NAME.search(each.text) for each in own):
            continue
        if own[-1].span.end_line - comment.span.line >= _MOST_LINES:
            continue
        said = "\n".join(prose(each.text) for each in own)
        code = without_comments(file.source, file.facts) if code is None else code
        names, numbers = _names(said, code), _numbers(said)
        if not (names or numbers) or LICENCE.search(said) or _ANOTHER.search(said):
            continue
        lines, trailing = _lines(file, own)
        text = text or Text(file.source.decode("utf-8", "replace"), file.facts.language)
        beside = text.beside(Remark(lines, trailing, ()))
        if beside is None:
            continue
        amounts = amounts_in(beside.code)
        lacking = [each for each in numbers if amounts and amounts.isdisjoint(each.amounts)]
        words = (*names, *lacking)
        if words:
            remark = Remark(lines, trailing, words)
            span = file.span(comment.span.start_byte, own[-1].span.end_byte)
            yield Asked(_key(remark, beside.code), remark, beside, span, said)


def _last(file: FileView, index: int) -> int:
    """Return the last of the comments that stand below each other in lines of their own."""
    comments = file.facts.comments
    if not _alone(file, comments[index]):
        return index
    while index + 1 < len(comments):
        one, other = comments[index].span, comments[index + 1].span
        if other.line != one.end_line + 1 or other.column != one.column:
            break
        index += 1
    return index


def _alone(file: FileView, comment: Comment) -> bool:
    start = file.lines.starts[comment.span.line]
    return not file.source[start : comment.span.start_byte].strip()


def _lines(file: FileView, own: Sequence[Comment]) -> tuple[tuple[str, ...], bool]:
    """Return the lines by which a comment is known again, and whether it ends a line of code."""
    if not _alone(file, own[0]):
        return (own[0].text.rstrip(),), True
    rows = range(own[0].span.line, own[-1].span.end_line + 1)
    return tuple(file.line_text(row).strip() for row in rows), False


def _names(said: str, code: bytes) -> list[Word]:
    """Return the names in a comment that stand nowhere in the file's code."""
    found: dict[str, None] = {}
    for line in said.split("\n"):
        if _LIKE_NAME.search(line):
            names = [match["name"] for match in _NAME.finditer(line)]
            if names and not _TAG.match(line) and not _CODE.search(line):
                found |= dict.fromkeys(names)
    return [Word(name) for name in found if len(name) >= _SHORTEST and name.encode() not in code]


def _numbers(said: str) -> list[Word]:
    """Return the numbers in a comment, with the amounts by which code may say the same."""
    plain = list(NUMBER.finditer(said)) if _DIGIT.search(said) else []
    if not 0 < len(plain) <= _MOST_NUMBERS:
        return []
    found = [each for match in plain if (each := _number(said, match)) is not None]
    # Looked for last: it costs most, and few numbers come so far.
    return [] if found and any(map(_CODE.search, said.split("\n"))) else found


def _number(said: str, match: re.Match[str]) -> Word | None:
    """Return a number of which the code beside its comment can be asked, None for others."""
    before = said[max(0, match.start() - _LONGEST_LABEL) : match.start()]
    if "." in match.group() or _LABEL.search(before):
        return None
    text = match.group().replace(",", "").replace("_", "")
    amount = Fraction(int(text, 16) if "x" in text.lower() else Fraction(text))
    quantity = quantity_at(said, match.start())
    if quantity is not None:
        return Word(quantity.text, _amounts(quantity.amount, quantity.unit) | {amount})
    if _COMPOUND.match(said, match.end()) or amount in _YEARS:
        return None
    if amount >= _LEAST or _COUNTED.match(said, match.end()):
        return Word(match.group(), frozenset({amount}))
    return None


@functools.lru_cache(_AMOUNTS)
def _amounts(amount: Fraction, unit: Unit) -> frozenset[Fraction]:
    """Return how code may say a quantity, in any unit of its dimension."""
    wanted = {amount * each for each in unit.factors}
    units = OF_DIMENSION[unit.dimension]
    return frozenset(one / each for one in wanted for other in units for each in other.factors)


def _key(remark: Remark, beside: Sequence[str]) -> str:
    said = "\0".join((*remark.lines, *beside, *(each.text for each in remark.words)))
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()

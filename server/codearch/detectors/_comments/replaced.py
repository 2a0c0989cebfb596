"""What a comment names, and a commit replaced in the code beside it.

A comment is followed through a file's texts by its own lines: what comes after them, or stands
before a comment at the end of a line, is the code beside it. Nothing is parsed: there are many.
"""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import SequenceMatcher
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LINES = 6  # of code below a comment
_ALIKE = 0.5  # of the tokens of a line, below which it is another line
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`[^`\n]*`')
_TOKEN = re.compile(r"[^\W\d][\w$]*|\d[\w.]*|[^\w\s]")
_NUMBER = re.compile(r"(0[xX][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?)(?:[uUlLfFn]{0,3}|_?[iuf]\d+|_?usize)")
_PATH = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|::|->)[A-Za-z_$][\w$]*)*")
_COMMENT = {
    "python": re.compile(r"(?:^|\s)#.*"),
    "": re.compile(r"(?:^|\s)//.*|/\*.*?(?:\*/|$)|^\s*\*(?:[ /].*|$)"),
}


class Word(NamedTuple):
    """A name that a comment gives, or a number with the amounts that it may be in code."""

    text: str
    amounts: frozenset[Fraction] = frozenset()


class Remark(NamedTuple):
    """A comment by its own lines, without indentation, and what it names that its code lacks."""

    lines: tuple[str, ...]
    trailing: bool
    words: tuple[Word, ...]


class Replaced(NamedTuple):
    """A word that stood in the code beside a comment; `now` is what replaced it, "" if unsure."""

    word: str
    was: str
    now: str


class Beside(NamedTuple):
    """The lines of code beside a comment, and all of it as it is written."""

    code: tuple[str, ...]
    written: str


class Text:
    """The lines of a file's text, to be found by what they say."""

    def __init__(self, text: str, language: str) -> None:
        self._rows = text.split("\n")
        self._places: dict[str, list[int]] = defaultdict(list)
        for at, row in enumerate(self._rows):
            self._places[row.strip()].append(at)
        self._text = text
        self._comment = _COMMENT.get(language, _COMMENT[""])

    def beside(self, remark: Remark) -> Beside | None:
        """Return the code beside a comment; None where it does not stand just once."""
        return self._before(remark.lines[0]) if remark.trailing else self._below(remark.lines)

    def _before(self, comment: str) -> Beside | None:
        at = self._text.find(comment)
        if at < 0 or self._text.find(comment, at + 1) >= 0:
            return None
        start = self._text.rfind("\n", 0, at) + 1
        code = self._text[start:at].strip()
        return Beside((code,), self._text[start : at + len(comment)]) if code else None

    def _below(self, lines: tuple[str, ...]) -> Beside | None:
        rows, size = self._rows, len(lines)
        telling = max(range(size), key=lambda n: len(lines[n]))  # `/*` alone stands everywhere
        starts = (at - telling for at in self._places.get(lines[telling], ()))
        places = [
            at
            for at in starts
            if at >= 0
            and at + size <= len(rows)
            and all(rows[at + n].strip() == line for n, line in enumerate(lines))
        ]
        if len(places) != 1:
            return None
        found: list[str] = []
        margin = None
        first = end = places[0] + size
        for end in range(first, min(first + MOST_LINES, len(rows))):
            row = rows[end]
            own = len(row) - len(row.lstrip())
            if not row.strip() or (margin is not None and own < margin):
                break
            margin = own if margin is None else margin
            code = self._comment.sub("", row).strip()
            if code:
                found.append(code)
        written = "\n".join(rows[places[0] : end + 1])
        return Beside(tuple(found), written) if found else None


def replaced(remark: Remark, old: Sequence[str], new: Sequence[str]) -> Replaced | None:
    """Return the first word that stood in old lines of code, and what new ones have instead."""
    before, after = ([_tokens(line) for line in lines] for lines in (old, new))
    here = {token for line in after for token in line}
    come = [line for line in after if line not in before]
    for word in remark.words:
        for at, line in enumerate(before):
            if line in after or word.text in here:
                continue
            if word.amounts:
                found = _number(word, line, after[at] if at < len(after) else [], here)
            else:
                best = max(come, key=lambda each: _alike(line, each), default=[])
                found = _name(word, line, best) if _alike(line, best) >= _ALIKE else None
            if found is not None:
                return found
    return None


def amounts_in(lines: Sequence[str]) -> set[Fraction]:
    """Return the numbers that stand in lines of code."""
    return {
        amount
        for line in lines
        for token in _tokens(line)
        if (amount := _amount(token)) is not None
    }


def _name(word: Word, old: list[str], new: list[str]) -> Replaced | None:
    """Return what stands where a name stood, if it is another name and not its spelling."""
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "replace" or word.text not in old[a:b]:
            continue
        now = _instead(old[a:b].index(word.text), old[a:b], new[c:d])
        if _PATH.fullmatch(now) and _plain(word.text) not in map(_plain, re.split(r"\W+", now)):
            return Replaced(word.text, word.text, now if _share_words(old, new) else "")
    return None


def _instead(place: int, old: Sequence[str], new: Sequence[str]) -> str:
    """Return what stands in a token's place: one name, or names that signs join."""
    if len(old) == len(new):
        return new[place]
    words = [token[0].isalnum() or token[0] in "_$" for token in new]
    if any(one and other for one, other in pairwise(words)):
        return new[0] if place == 0 else ""
    return "".join(new)


def _share_words(one: Sequence[str], other: Sequence[str]) -> bool:
    """Say whether two lines are alike by more than their signs: the one became the other."""
    return any(token[0].isalpha() and len(token) > 1 for token in one if token in other)


def _number(word: Word, old: list[str], new: list[str], here: set[str]) -> Replaced | None:
    """Return the number in the place of another one, in lines that differ in numbers alone."""
    if len(old) != len(new) or not word.amounts.isdisjoint(map(_amount, here)):
        return None
    pairs = [(one, other) for one, other in zip(old, new, strict=True) if one != other]
    if any(_amount(token) is None for pair in pairs for token in pair):
        return None
    found = [pair for pair in pairs if _amount(pair[0]) in word.amounts]
    return Replaced(word.text, *found[0]) if len(found) == 1 else None


def _amount(token: str) -> Fraction | None:
    match = _NUMBER.fullmatch(token)
    if match is None:
        return None
    text = match[1].replace("_", "")
    return Fraction(int(text, 16)) if text[:2].lower() == "0x" else Fraction(text)


def _plain(name: str) -> str:
    return name.replace("_", "").casefold()


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _tokens(line: str) -> list[str]:
    return _TOKEN.findall(_STRING.sub('""', line))

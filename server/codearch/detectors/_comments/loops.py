"""How often a comment says that something is done, beside a loop that does it so often."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._comments.quantities import Contradiction
from codearch.detectors._comments.said import NUMBER, NUMBER_WORDS

if TYPE_CHECKING:
    from codearch.detectors._comments.beside import Beside
    from codearch.detectors._detector import FileView

_WHOLE = r"\d{1,9}(?:_\d{3})*"
_END = r"(?:[uUlL]{1,3}|_?[iu](?:8|16|32|64|size))?"
_COUNTING = (  # for (int i = 0; i < 5; i++), also without brackets
    r"^\W*for\s*\(?\s*(?:[\w:<>]+\s+)*?(?P<name>[A-Za-z_$][\w$]*)\s*:?=\s*(?P<start>{n}){e}\s*;"
    r"\s*(?P=name)\s*(?P<sign><=?|>=?|!=)\s*(?P<stop>{n}){e}\s*;"
    r"\s*(?:(?P<pre>\+\+|--)(?P=name)|(?P=name)\s*(?:(?P<post>\+\+|--)|(?P<by>[+-])=\s*1))\s*\)?"
)
# Heads of loops that run so often as their own numbers say, in any of the languages.
_HEADS = tuple(
    re.compile(form.format(n=_WHOLE, e=_END))
    for form in (
        _COUNTING,
        r"^\s*(?:async\s+)?for\s+(?P<name>\w+)\s+in\s+range\(\s*(?:(?P<start>{n})\s*,\s*)?(?P<stop>{n})\s*\)\s*:",
        r"^\W*for\s+(?:(?P<name>\w+)\s*:?=\s*|)range\s+(?P<stop>{n})\s*\{{",
        r"^[\s'\w:]*\bfor\s+(?P<name>\w+)\s+in\s+\(?(?P<start>{n}){e}\.\.(?P<sign>=?)(?P<stop>{n}){e}\)?\s*\{{",
        r"^\s*foreach\s*\(\s*\w+\s+(?P<name>\w+)\s+in\s+Enumerable\.Range\(\s*{n}\s*,\s*(?P<stop>{n})\s*\)\s*\)",
    )
)
_ANOTHER_LOOP = re.compile(r"\s*(?:'?\w+:\s*)?(?:async\s+)?(?:for|foreach|while|loop|do)\b")
_LINES_WITHIN = 6  # in which another loop multiplies the rounds
_TIMES = re.compile(
    rf"(?<![\w.$#&@/-])(?:(?P<number>[1-9]\d{{0,5}}|{'|'.join(NUMBER_WORDS)})[ ](?:more[ ])?"
    r"(?P<noun>times|tries|attempts|retries|iterations|rounds|passes|repetitions|repeats)"
    r"|(?P<word>twice|thrice))\b(?!-)",
    re.IGNORECASE,
)
_OFTEN = {"twice": 2, "thrice": 3}
# What is done so often: without one of these the number may be that of anything.
_DONE = re.compile(
    r"\b(?:re)?(?:try|tries|trying|attempts?|repeat|loop|iterate|run|do|does|poll|check|send|ping"
    r"|call|perform|make|execute|give|spin|probe|read|write|connect|ask|wait|go)\b|^\W*$|[.,;]\W*$",
    re.IGNORECASE,
)
_OF_TRIES = re.compile(r"\b(?:re)?(?:tr(?:y|ies|ying)|attempts?)\b", re.IGNORECASE)
_ANOTHER = re.compile(
    r"""\b(?:was|were|previous(?:ly)?|used[ ]to|instead|old|original(?:ly)?|former(?:ly)?|than|not
    |except|minus|plus|extra|each|per|every|otherwise|e\.?g|example|assum\w+|half|double|might|may
    |never|first|last|next|another|recommended|factor|almost|nearly|about|approx\w*|roughly|some
    |many|least|also|seen|called|invoked|already|expect\w*)\b
    |n't\b|\b(?:times|twice)\s+(?:as|the|faster|slower|more|less|bigger|larger|in|over|by|a|an)\b""",
    re.VERBOSE | re.IGNORECASE,
)


class Loop(NamedTuple):
    """The head of a loop, and how often it runs."""

    rounds: int
    text: str


def wrong_rounds(file: FileView, each: Beside) -> Contradiction | None:
    """Say how the only number of times in a comment differs from the rounds of the loop."""
    found = list(_TIMES.finditer(each.text))
    if len(found) != 1 or len(NUMBER.findall(each.text)) > 1:
        return None
    loop = loop_of(each.code)
    if loop is None:
        return None
    match = found[0]
    before, after = each.text[: match.start()], each.text[match.end() :]
    of_tries = _OF_TRIES.search(each.text) is not None
    if _ANOTHER.search(f"{before} {match.group()}{after}") or not _DONE.search(before):
        return None
    said = _said(match)
    if abs(said - loop.rounds) <= of_tries or _is_nested(file, each.line):
        return None
    return Contradiction(
        match.group(),
        f"the comment says {match.group()}, but `{loop.text}` runs {loop.rounds:,} times",
    )


def loop_of(code: str) -> Loop | None:
    """Return the loop whose head a line is, where its own numbers say how often it runs."""
    for form in _HEADS:
        match = form.search(code)
        if match is not None:
            rounds = _rounds(match)
            text = match.group().strip(" \t{:")
            return Loop(rounds, " ".join(text.split())) if rounds is not None else None
    return None


def _rounds(match: re.Match[str]) -> int | None:
    own = match.groupdict()
    start, stop = int(own.get("start") or 0), int(own["stop"])
    sign = own.get("sign") or "<"
    step = own.get("pre") or own.get("post") or own.get("by") or "+"
    if step[0] == "-":
        start, stop = stop, start
        sign = sign.replace(">", "<")
    elif ">" in sign:
        return None
    rounds = stop - start + ("=" in sign and sign != "!=")
    return rounds if rounds > 0 else None


def _is_nested(file: FileView, line: int) -> bool:
    """Say whether another loop stands around this one or in it: it multiplies the rounds."""
    own = _indentation(file.line_text(line))
    for at in range(line - 1, max(-1, line - _LINES_WITHIN), -1):
        text = file.line_text(at)
        if text.strip() and _indentation(text) < own:
            if _ANOTHER_LOOP.match(text):
                return True
            break
    for at in range(line + 1, line + _LINES_WITHIN):
        text = file.line_text(at)
        if text.strip() and _indentation(text) <= own and text.strip() != "{":
            return False
        if _ANOTHER_LOOP.match(text):
            return True
    return False


def _indentation(text: str) -> int:
    return len(text) - len(text.lstrip())


def _said(match: re.Match[str]) -> int:
    text = (match["number"] or match["word"]).lower()
    if text.isdigit():
        return int(text)
    return _OFTEN.get(text) or NUMBER_WORDS[text]

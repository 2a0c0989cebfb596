"""Defaults that docs of a parameter give otherwise than the signature."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._comments.literals import Constant, constant, differ
from codearch.detectors._docs.documented import documented
from codearch.detectors._docs.formats import FORMATS
from codearch.detectors._docs.place import docstring_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codearch.detectors._detector import FileView
    from codearch.detectors._docs.entry import Entry
    from codearch.detectors._docs.place import DocText
    from codearch.facts import Span, SymbolFact

SIGN = re.compile(r"(?i)\bdefault|\[\w+\s*=")
_LONGEST = 400  # characters of a parameter's description
_VALUE = (
    r"(?:``(?P<twice>[^`\n]+)``|`(?P<once>[^`\n]+)`|<c(?:ode)?>(?P<code>[^<\n]+)</c(?:ode)?>"
    r"|\{@code\s+(?P<tag>[^}\n]+)\}|<see langword=\"(?P<word>\w+)\"\s*/>"
    r"|(?P<quoted>\"[^\"\n]*\"|'[^'\n]*')"
    r"|(?P<bare>[-+]?\d+(?:,\d{3})+(?!\d)|[-+]?\d[\w.]*"
    r"|[Tt]rue|[Ff]alse|TRUE|FALSE|None|null|undefined|nil|nullptr|NULL))"
)
DEFAULT = re.compile(
    rf"(?:\bdefault(?:s|ed|ing)?(?:\s+values?)?\s*(?:(?:is|to|of|to\s+the|was)\b|[:=])|\(\s*default\b|\bdefault(?=\s+[\d`'\"TFN-]))"
    rf"\s*(?:to\s+)?{_VALUE}(?P<after>\s*[^\s)\]}},;]*)",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s*=\s*(?P<value>[^\]\n]+)\]")  # JSDoc's `[name=value]`
_ENDS = re.compile(r"\s*(?:[.,;)\]}]|$|--?(?:\s|$)|(?:and|which|but|\()|</)", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\n[ \t]*\n|\n[ \t]*(?:@|\\)\w|\n[ \t]*\.\. ")


class Wrong(NamedTuple):
    """A default that docs give, where they do, and what the signature has."""

    symbol: SymbolFact
    parameter: str
    said: str
    given: str
    span: Span
    where: str = "docs say"


def wrong_defaults(file: FileView) -> Iterator[Wrong]:
    """Yield the documented defaults of parameters that have another one."""
    for each in _described(file):
        symbol, doc, entries = each
        given = {one.name.lstrip("*&$"): one.default for one in symbol.parameters if one.default}
        if not given:
            continue
        places = sorted({entry.start for entry in entries})
        for entry in entries:
            if entry.kind not in {"parameter", "mention"} or entry.name not in given:
                continue
            after = [place for place in places if place > entry.start]
            end = min([*after[:1], entry.end + _LONGEST, len(doc.text)])
            said = _said(doc.text, entry.end, end)
            default = constant(given[entry.name])
            if said is None or default is None or default.value == entry.name:
                continue
            if differ(said.value, default):
                span = doc.span(file, said.start, said.end)
                yield Wrong(symbol, entry.name, said.text, given[entry.name], span)


class Said(NamedTuple):
    """A value in prose, and where it stands."""

    value: Constant
    text: str
    start: int
    end: int


def _said(text: str, start: int, end: int) -> Said | None:
    """Return the only default that a description gives."""
    blank = _PARAGRAPH.search(text, start, end)
    end = blank.start() if blank else end
    bracket = _BRACKET.match(text, start, end)
    if bracket:
        value = constant(bracket["value"])
        return Said(value, bracket["value"].strip(), *bracket.span("value")) if value else None
    found = list(DEFAULT.finditer(text, start, end))
    if len(found) != 1:
        return None
    return default_in(found[0])


def default_in(match: re.Match[str]) -> Said | None:
    """Return the value that a match of `DEFAULT` gives; None where it is only a part of one."""
    group = str(
        next(
            name
            for name in ("twice", "once", "code", "tag", "word", "quoted", "bare")
            if match[name]
        )
    )
    if _ENDS.match(match["after"]) is None:
        return None
    said = match[group].rstrip(".")
    value = constant(re.sub(r"(?<=\d),(?=\d{3})", "", said))
    return Said(value, said, match.start(group), match.start(group) + len(said)) if value else None


def _described(file: FileView) -> Iterator[tuple[SymbolFact, DocText, Sequence[Entry]]]:
    symbols = file.facts.symbols
    if not any(one.default for each in symbols for one in each.parameters):
        return
    for each in documented(file):
        if SIGN.search(each.doc.text):
            yield each.symbol, each.doc, each.entries
    if file.facts.language != "python":
        return
    for index, symbol in enumerate(symbols):
        if symbol.kind != "class" or not SIGN.search(symbol.doc):
            continue
        made = [one for one in symbols if one.parent == index and one.name == "__init__"]
        doc = docstring_text(file, symbol)
        if len(made) != 1 or doc is None:
            continue
        entries = [
            entry
            for format_ in FORMATS["python"]
            if format_.sign.search(doc.text)
            for entry in format_.entries(doc.text)
        ]
        yield made[0], doc, entries

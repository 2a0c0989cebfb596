"""Edits that take entries out of a doc, and leave the rest of it as it was."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._docs.blocks import Rows, lines_of, rows_of
from codearch.facts import Fix, Replacement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from codearch.detectors._detector import FileView
    from codearch.detectors._docs.entry import Entry
    from codearch.detectors._docs.place import DocText

_NAME = r"\\?\*{0,2}`{0,2}[^\W\d][\w$]*`{0,2}"
_LIST = re.compile(rf"{_NAME}(?:[ \t]*,[ \t]*{_NAME})+")
_LISTED = frozenset({"python", "c", "cpp"})  # whose docs tell of several names at once
_ELEMENT = re.compile(r"<(\w+)\b[^<>]*?(?:/>|>.*?</\1\s*>)", re.DOTALL)
_NAMED = frozenset({"parameter", "mention"})
_PROPERTY = r"@(?:param|arg|argument)\b[^\n]*?[\s\[}}]{}(?:\[\])?\."


class Cut(NamedTuple):
    """Bytes of a file, and what takes their place."""

    start: int
    end: int
    text: str = ""


def removal(
    file: FileView, doc: DocText, entries: Sequence[Entry], title: str, *, safe: bool
) -> Fix | None:
    """Return the fix that takes entries out of a doc, None where it is unclear what is theirs."""
    found = _elements if file.facts.language == "csharp" else _entries
    cuts = found(file, doc, entries)
    if not cuts:
        return None
    edits = (Replacement(file.path, file.span(cut.start, cut.end), cut.text) for cut in cuts)
    return Fix(title, safe, tuple(edits))


def _entries(file: FileView, doc: DocText, entries: Sequence[Entry]) -> list[Cut] | None:
    rows = rows_of(doc.text)
    lists, alone = _lists(doc, entries) if file.facts.language in _LISTED else ([], entries)
    if not alone:
        return lists
    gone = lines_of(file.facts.language, rows, [*alone, *_properties(file, doc.text, alone)])
    whole = None if gone is None else _lines(file, doc, rows, gone)
    return None if whole is None else [*lists, *whole]


def _properties(file: FileView, text: str, entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the properties of parameters that go with these (JSDoc's `options.size`)."""
    if file.facts.language not in {"javascript", "typescript"}:
        return
    for entry in entries:
        if entry.kind == "parameter":
            for match in re.finditer(_PROPERTY.format(re.escape(entry.name)), text):
                yield entry._replace(start=match.start(), end=match.end())


def _lists(doc: DocText, entries: Sequence[Entry]) -> tuple[list[Cut], list[Entry]]:
    """Return the edits of lists of names of which some stay, and the entries that go as a whole."""
    alone: list[Entry] = []
    by_list: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        around = _list_around(doc.text, entry) if entry.kind in _NAMED else None
        if around is None:
            alone.append(entry)
        else:
            by_list[around].append(entry)
    cuts = []
    for (start, end), gone in by_list.items():
        places = {entry.start - start for entry in gone}
        kept = [
            part.group().strip()
            for part in re.finditer(r"[^,]+", doc.text[start:end])
            if not any(part.start() <= place < part.end() for place in places)
        ]
        if kept:
            cuts.append(Cut(doc.byte(start), doc.byte(end), ", ".join(kept)))
        else:
            alone.append(gone[0])
    return cuts, alone


def _list_around(text: str, entry: Entry) -> tuple[int, int] | None:
    start = text.rfind("\n", 0, entry.start) + 1
    end = text.find("\n", entry.start)
    lists = _LIST.finditer(text, start, len(text) if end < 0 else end)
    return next((each.span() for each in lists if each.start() <= entry.start < each.end()), None)


# --- whole lines ---------------------------------------------------------------------------------


def _lines(file: FileView, doc: DocText, rows: Rows, gone: frozenset[int]) -> list[Cut] | None:
    """Return the edits that take lines out, None where another thing stands in one of them."""
    by_line = file.source.startswith(b"//", doc.start_byte)
    if gone.issuperset(n for n in range(len(rows)) if not rows.blank(n)):
        if file.facts.language == "python":
            return None  # the string may be all that its function has
        cut = _physical(file, doc.start_byte, doc.byte(len(doc.text)))
        return None if cut is None else [cut]
    cuts = []
    for first, last in _runs(gone):
        start = rows.starts[_first_blank(rows, first, last, by_line=by_line)]
        end = rows.starts[last] + len(rows.texts[last].rstrip())
        if by_line or (first > 0 and last + 1 < len(rows)):
            cut = _physical(file, doc.byte(start), doc.byte(end))
        else:  # what closes the doc stays, in the line above; what opens it has no line above
            above = doc.text[:start].rstrip() if first > 0 else ""
            cut = Cut(doc.byte(len(above)), doc.byte(end)) if above else None
        if cut is None:
            return None
        cuts.append(cut)
    return cuts


def _runs(lines: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for line in sorted(lines):
        if runs and runs[-1][1] == line - 1:
            runs[-1] = runs[-1][0], line
        else:
            runs.append((line, line))
    return runs


def _first_blank(rows: Rows, first: int, last: int, *, by_line: bool) -> int:
    """Return the first of the blank lines above, where below a line nothing follows at once."""
    while rows.blank(last + 1) and first > (0 if by_line else 1) and rows.blank(first - 1):
        first -= 1
    return first


def _physical(file: FileView, start: int, end: int) -> Cut | None:
    """Return whole lines of the file, None where something else stands before or behind."""
    begin = file.source.rfind(b"\n", 0, start) + 1
    stop = file.source.find(b"\n", end)
    stop = len(file.source) if stop < 0 else stop + 1
    before, behind = file.source[begin:start].strip(), file.source[end:stop].strip()
    return None if before.strip(b"/*!< \t") or behind else Cut(begin, stop)


# --- C#'s elements -------------------------------------------------------------------------------


def _elements(file: FileView, doc: DocText, entries: Sequence[Entry]) -> list[Cut] | None:
    cuts = []
    for entry in entries:
        start = doc.text.rfind("<", 0, entry.start + 1)
        element = _ELEMENT.match(doc.text, start) if start >= 0 else None
        if element is None or entry.kind == "mention":
            return None
        first, last = doc.byte(element.start()), doc.byte(element.end())
        cut = _physical(file, first, last)
        if cut is None and "\n" in element.group():
            return None
        cuts.append(cut or Cut(first, last))
    return cuts

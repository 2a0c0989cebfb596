"""Text files: their parts as `section` symbols, found by the lines that begin them.

A part reaches to the line that closes it, or to the next part of its level. Parts lie inside each
other as their indentation (or the level of their heading) shows. Comments and attributes directly
above belong to the part below. Long stretches that show no parts become plain pieces, so that each
line of a file belongs to something small enough to be shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codearch.facts import NO_SPAN, Comment, FileFacts, SymbolFact
from codearch.languages._language import Language, Sections
from codearch.parse import comments
from codearch.parse.places import Places
from codearch.parse.symbols import one_line

PIECE_LINES = 40  # of a plain piece, about
MAX_PLAIN_LINES = 60  # a longer stretch without parts is cut into pieces
MAX_SIGNATURE = 200  # characters
_MAX_HEADER_LINES = 6  # that are joined to a head with an open bracket
_CLOSER = re.compile(r"\s*(?:[)}\]]|end\b|fi\b|done\b|esac\b|-\})")
_OPENS = re.compile(r"(?:[{(\[=:]|\bdo|->|\bthen|\bwhere)\s*$")
_TRAILING = re.compile(r"\s*(?:\bdo|\bthen|\{\s*\}|[{=:;])$")
_MAX_NAME = 120
_MAX_HEAD = 300  # characters of a line that are looked at: more is data


@dataclass(slots=True)
class Part:
    """A stretch of lines; `last` is the last line in it, `lead` the first of what precedes it."""

    first: int
    level: int
    name: str
    lead: int
    column: int = 0  # of the name, in characters
    last: int = -1
    parent: int = -1
    test: bool = False


def parse(source: bytes, language: Language) -> FileFacts:
    """Return the facts of a text file: its sections, comments and lines."""
    rows = [row.rstrip("\r") for row in source.decode(errors="replace").split("\n")]
    if not any(row.strip() for row in rows):
        return FileFacts(language.name, lines=len(rows) - 1)
    parts = _READERS[language.sections.mode](rows, language.sections)
    parts = _with_pieces(parts, rows)
    places = Places(source)
    roles = _comment_rows(rows, language.sections)
    symbols = tuple(_symbols(parts, rows, roles, places))
    return FileFacts(
        language.name,
        symbols,
        comments=tuple(_comments(rows, roles, parts, places)),
        lines=len(rows) - (not rows[-1]),
        code_lines=sum(
            1 for row, role in zip(rows, roles, strict=True) if row.strip() and not role
        ),
        generated=comments.is_generated(source),
    )


# --- finding parts ----------------------------------------------------------------------------


def _by_lines(rows: list[str], sections: Sections) -> list[Part]:
    """Parts that begin with a line like a definition's."""
    parts: list[Part] = []
    open_parts: list[int] = []
    comment = _comment_rows(rows, sections)
    lead = -1  # first line of the comments and attributes directly above

    def close(down_to: int, last: int) -> None:
        while open_parts and parts[open_parts[-1]].level >= down_to:
            parts[open_parts.pop()].last = last

    previous = -1  # last line that is not blank
    for number, row in enumerate(rows):
        bare = row.strip()
        if not bare:
            lead = -1
            continue
        if comment[number] or sections.attribute.match(bare):
            lead = number if lead < 0 else lead
            if comment[number]:
                previous = number
                continue
        head = None if comment[number] else _head(row[:_MAX_HEAD], sections)
        indent = _indent(row) if sections.nested else 0
        if head is not None:
            begins = lead if lead >= 0 else number
            close(indent, _last_before(rows, begins))
            parts.append(Part(number, indent, head[0], begins, head[1]))
            parts[-1].test = any(sections.test.search(each) for each in rows[begins : number + 1])
            if open_parts:
                parts[-1].parent = open_parts[-1]
            open_parts.append(len(parts) - 1)
        elif sections.nested and open_parts:
            close(indent + 1, previous)
            at_level = open_parts and parts[open_parts[-1]].level == indent
            if at_level and _CLOSER.match(row) and not _OPENS.search(row):
                close(indent, number)
        if head is not None or not sections.attribute.match(bare):
            lead = -1
        previous = number
    close(0, previous)
    return parts


def _head(row: str, sections: Sections) -> tuple[str, int] | None:
    """Return name and column of a line that begins a part."""
    for pattern in sections.heads:
        found = pattern.match(row)
        if found:
            groups = found.groupdict()
            name = groups.get("name") or found.group().strip()
            return name.strip()[:_MAX_NAME], found.start("name") if groups.get("name") else 0
    return None


def _indent(row: str) -> int:
    expanded = row.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def _last_before(rows: list[str], line: int) -> int:
    """Return the last line before one that is not blank."""
    line -= 1
    while line > 0 and not rows[line].strip():
        line -= 1
    return line


_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})\s*")
_RULE = re.compile(r"([=\-~^\"'`+*#:._])\1{2,}\s*$")


def _by_headings(rows: list[str], sections: Sections) -> list[Part]:
    """Markdown, AsciiDoc, Org: headings by their marks, and underlined ones."""
    parts: list[Part] = []
    fence = ""
    for number, row in enumerate(rows):
        marks = _FENCE.match(row)
        if marks and (not fence or marks.group(1).startswith(fence)):
            fence = "" if fence else marks.group(1)
            continue
        if fence:
            continue
        for pattern in sections.heads:
            found = pattern.match(row)
            if found:
                level = len(found.group("level"))
                parts.append(Part(number, level, found.group("name"), number, found.start("name")))
                break
        else:
            above = rows[number - 1] if number else ""
            free = not parts or parts[-1].first != number - 1
            if free and above[:1].isalnum() and _UNDERLINE.fullmatch(row):
                level = 1 if "=" in row else 2
                parts.append(Part(number - 1, level, above.strip(), number - 1))
    return _nest(parts, rows)


def _by_underlines(rows: list[str], _sections: Sections) -> list[Part]:
    """Give reStructuredText's titles the level at which their kind of underline first came."""
    parts: list[Part] = []
    kinds: list[str] = []
    for number in range(1, len(rows)):
        rule, title = _RULE.match(rows[number]), rows[number - 1]
        if not rule or not title.strip() or title[:1].isspace() or _RULE.match(title):
            continue
        if len(rows[number].rstrip()) < len(title.rstrip()):
            continue
        above = number >= 2 and rows[number - 2].rstrip() == rows[number].rstrip()
        kind = rule.group(1) * (1 + above)
        if kind not in kinds:
            kinds.append(kind)
        first = number - 2 if above else number - 1
        parts.append(Part(number - 1, kinds.index(kind), title.strip(), first))
    return _nest(parts, rows)


def _nest(parts: list[Part], rows: list[str]) -> list[Part]:
    """Let each part reach to the next one of its level or above."""
    open_parts: list[int] = []
    for index, part in enumerate(parts):
        while open_parts and parts[open_parts[-1]].level >= part.level:
            parts[open_parts.pop()].last = _last_before(rows, part.lead)
        part.parent = open_parts[-1] if open_parts else -1
        open_parts.append(index)
    for index in open_parts:
        parts[index].last = _last_before(rows, len(rows))
    return parts


_MIN_BLOCK = 3  # lines of a key's block that is a part
_MIN_OUTER = 20  # lines of a block that is parted once more


def _by_keys(rows: list[str], sections: Sections) -> list[Part]:
    """YAML and JSON: keys of the first level, and of the second inside long ones."""
    found = _by_lines(rows, sections)
    levels = sorted({part.level for part in found})[:2]
    kept: dict[int, int] = {-1: -1}
    parts: list[Part] = []
    for index, part in enumerate(found):
        outer = found[part.parent] if part.parent >= 0 else None
        long_enough = part.last - part.first + 1 >= _MIN_BLOCK
        if outer is not None and (part.parent not in kept or outer.last - outer.first < _MIN_OUTER):
            long_enough = False
        if long_enough and part.level in levels:
            kept[index] = len(parts)
            part.parent = kept[part.parent]
            parts.append(part)
    return parts


_READERS = {
    "lines": _by_lines,
    "headings": _by_headings,
    "underlines": _by_underlines,
    "keys": _by_keys,
}


# --- pieces -----------------------------------------------------------------------------------


def _with_pieces(parts: list[Part], rows: list[str]) -> list[Part]:
    """Cut long stretches outside of all parts into pieces."""
    covered = 0
    found: list[Part] = []
    moved: dict[int, int] = {-1: -1}
    for index, part in enumerate(parts):
        if part.parent < 0:
            found += _pieces(rows, covered, part.lead)
            covered = part.last + 1
        moved[index] = len(found)
        part.parent = moved[part.parent]
        found.append(part)
    return [*found, *_pieces(rows, covered, len(rows))]


def _pieces(rows: list[str], start: int, end: int) -> Iterator[Part]:
    """Yield pieces of about PIECE_LINES lines, cut at blank lines where there are any near."""
    if end - start <= MAX_PLAIN_LINES:
        return
    while start < end:
        stop = min(start + PIECE_LINES, end)
        if end - stop < PIECE_LINES // 2:
            stop = end
        else:
            blank = next(
                (at for at in range(stop, stop + 15) if at < end and not rows[at].strip()), -1
            )
            stop = blank + 1 if blank >= 0 else stop
        lines = [at for at in range(start, stop) if rows[at].strip()]
        if lines:
            name = rows[lines[0]].strip()[:_MAX_NAME]
            column = len(rows[lines[0]]) - len(rows[lines[0]].lstrip())
            yield Part(lines[0], 0, name, lines[0], column, last=lines[-1])
        start = stop


# --- facts ------------------------------------------------------------------------------------


def _symbols(
    parts: list[Part], rows: list[str], comment: list[bool], places: Places
) -> Iterator[SymbolFact]:
    starts = places.lines.starts
    whole = places.whole()
    doc = _first_words(parts, rows, comment)
    yield SymbolFact("", "module", "", -1, whole, NO_SPAN, 0, 0, doc=doc)
    paths: list[str] = []
    for part in parts:
        container = paths[part.parent] if part.parent >= 0 else ""
        paths.append(f"{container}.{part.name}" if container else part.name)
        start = starts[part.first] + _byte_indent(rows[part.first])
        end = starts[part.last] + len(rows[part.last].encode())
        name_at = starts[part.first] + len(rows[part.first][: part.column].encode())
        leading = [rows[at] for at in range(part.lead, part.first) if comment[at]]
        attributes = [rows[at].strip() for at in range(part.lead, part.first) if not comment[at]]
        header_last = _header_end(rows, part)
        yield SymbolFact(
            part.name,
            "section",
            container,
            part.parent + 1 if part.parent >= 0 else -1,
            places.between(start, end),
            places.between(name_at, name_at + len(part.name.encode())),
            starts[part.lead],
            min(starts[header_last] + len(rows[header_last].encode()), end),
            _signature(rows[part.first : header_last + 1]),
            "\n".join(filter(None, map(comments.prose, leading))),
            decorators=tuple(attributes),
            test=part.test,
        )


def _byte_indent(row: str) -> int:
    return len(row) - len(row.lstrip())


def _header_end(rows: list[str], part: Part) -> int:
    """Return the line on which the brackets that the head opens are closed again."""
    if part.test:  # whose brackets hold the test
        return part.first
    depth = 0
    for line in range(part.first, min(part.first + _MAX_HEADER_LINES, part.last + 1)):
        depth += rows[line].count("(") - rows[line].count(")")
        if depth <= 0:
            return line
    return part.first


def _signature(header: list[str]) -> str:
    line = one_line(" ".join(header))
    while (shorter := _TRAILING.sub("", line)) != line:
        line = shorter
    return line if len(line) <= MAX_SIGNATURE else line[: MAX_SIGNATURE - 1] + "…"


def _comment_rows(rows: list[str], sections: Sections) -> list[bool]:
    """Say of each line whether it is a comment, or inside one."""
    found = []
    closing: re.Pattern[str] | None = None
    for row in rows:
        if closing is not None:
            found.append(True)
            if closing.search(row):
                closing = None
            continue
        block = next((pair for pair in sections.blocks if pair[0].match(row)), None)
        if block is not None:
            opened = block[0].match(row)
            rest = row[opened.end() :] if opened else ""
            closing = None if block[1].search(rest) else block[1]
        found.append(block is not None or sections.comment.match(row.lstrip()) is not None)
    return found


def _first_words(parts: list[Part], rows: list[str], comment: list[bool]) -> str:
    """Return the comment that opens a file and is no licence."""
    end = min((part.lead for part in parts), default=len(rows))
    run: list[str] = []
    for row, is_comment in zip([*rows[:end], ""], [*comment[:end], False], strict=True):
        if is_comment:
            run.append(row)
            continue
        if run and not comments.LICENCE.search("\n".join(run)):
            words = "\n".join(filter(None, map(comments.prose, run)))
            if words:
                return words
        run = []
        if row.strip():
            break
    return ""


def _comments(
    rows: list[str], comment: list[bool], parts: list[Part], places: Places
) -> Iterator[Comment]:
    owners = [0] * len(rows)
    for index, part in enumerate(parts, start=1):
        owners[part.lead : part.last + 1] = [index] * (part.last + 1 - part.lead)
    for number, row in enumerate(rows):
        if comment[number] and row.strip():
            start = places.lines.starts[number] + _byte_indent(row)
            text = row.strip()
            span = places.between(start, start + len(text.encode()))
            yield Comment(text, span, "line", owners[number])

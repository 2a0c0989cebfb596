"""The edit that takes one name out of an import, and nothing else with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.facts import Fix, Replacement, Span

if TYPE_CHECKING:
    from codearch.detectors._detector import FileView
    from codearch.facts import Import, ImportedName

_STYLES = (".css", ".scss", ".sass", ".less", ".styl")
_RENAMED = re.compile(rb"(?:\btype\s+)?(?:[\w$*.]+\s+as\s+|[\w$]+\s*:\s*)?$")
_CLAUSE = rb"[\w.]+(?:[ \t]+as[ \t]+\w+)?"
_GAP = rb"(?:[ \t]|\\\r?\n)*"
_PYTHON_IMPORT = re.compile(rb"\bimport\b%b%b(?:%b,%b%b)*" % (_GAP, _CLAUSE, _GAP, _GAP, _CLAUSE))
_REQUIRE_ALONE = re.compile(
    rb"(?:const|let|var)\s+[\w$]+\s*=\s*require\s*\([^()]*\)(?:\.[\w$]+)*\s*;?"
)


def clause_span(file: FileView, each: Import, name: ImportedName) -> Span:
    """Return the place of one name with what it renames: `numpy as np`, `{ a: b }`'s `a: b`."""
    if each.kind == "import" and file.facts.language == "python":
        return each.span
    if file.facts.language == "java":
        return each.span
    before = file.source[each.span.start_byte : name.span.start_byte]
    renamed = _RENAMED.search(before)
    start = each.span.start_byte + (renamed.start() if renamed else len(before))
    return file.span(start, name.span.end_byte)


def removal(file: FileView, each: Import, name: ImportedName) -> Fix | None:
    """Return the fix that removes one imported name, None where the source is of an odd form."""
    if file.facts.language == "python":
        stretch = _from_python(file, each, name)
    elif file.facts.language in _WHOLE_LINES:
        stretch = _whole_line(file, each, name)
    elif file.facts.language == "java":
        stretch = _statement(file, each.span.start_byte, _with_semicolon(file, each.span.end_byte))
    else:
        stretch = _from_script(file, each, name)
    if stretch is None:
        return None
    start, end, text = stretch
    edit = Replacement(file.path, file.span(start, end), text)
    title = f"Remove the import of `{name.alias or each.module}`"
    return Fix(title, safe=not _may_act(file, each), edits=(edit,))


def _may_act(file: FileView, each: Import) -> bool:
    """Say whether what is imported may be there for what it does: a style, a package's module.

    `from . import signals` gives a module, which many a framework has registered that way.
    """
    if file.facts.language == "python":
        return each.kind == "from" and not each.module.strip(".")
    return each.module.partition("?")[0].endswith(_STYLES)


Stretch = tuple[int, int, str]  # from byte, to byte, new text


# --- Python -------------------------------------------------------------------------------------


def _from_python(file: FileView, each: Import, name: ImportedName) -> Stretch | None:
    if each.kind == "from":
        if len(each.names) > 1:
            return _one_of_several(file, each, name, bracketed=b"(" in _source(file, each.span))
        return _python_statement(file, each.span.start_byte, each.span.end_byte)
    statement = _python_import(file, each.span)
    if statement is None:
        return None
    start, end = statement
    inner = file.source[start:end]
    if b"," not in inner:
        return _python_statement(file, start, end)
    after = re.compile(_GAP + rb"," + _GAP).match(file.source, each.span.end_byte, end)
    if after:
        return each.span.start_byte, after.end(), ""
    before = re.search(_GAP + rb"," + _GAP + rb"$", file.source[start : each.span.start_byte])
    return (start + before.start(), each.span.end_byte, "") if before else None


def _python_import(file: FileView, clause: Span) -> tuple[int, int] | None:
    """Return the bytes of the statement `import a, b` around one of its clauses."""
    for line in range(clause.line, max(-1, clause.line - 4), -1):
        for match in _PYTHON_IMPORT.finditer(file.source, file.lines.starts[line]):
            if match.start() > clause.start_byte:
                break
            if match.end() >= clause.end_byte:
                return match.start(), match.end()
    return None


def _python_statement(file: FileView, start: int, end: int) -> Stretch:
    """Remove a statement; `pass` takes its place where a block or line would be left empty."""
    first, last = file.lines.position(start)[0], file.lines.position(end)[0]
    before = file.source[file.lines.starts[first] : start]
    after = file.source[end : _line_end(file, last)]
    if before.strip() or after.strip().partition(b"#")[0].strip():
        return _beside_others(file, start, end)
    if before and _is_whole_block(file, first, last, len(before)):
        return start, end, "pass"
    return _statement(file, start, end)


def _beside_others(file: FileView, start: int, end: int) -> Stretch:
    following = re.compile(rb"[ \t]*;[ \t]*(?=[^\s#])").match(file.source, end)
    if following:
        return start, following.end(), ""
    preceding = re.search(rb"[ \t]*;[ \t]*$", file.source[:start])
    if preceding:
        return preceding.start(), end, ""
    return start, end, "pass"


def _is_whole_block(file: FileView, first: int, last: int, indent: int) -> bool:
    """Say whether no other statement stands in the block of these lines."""
    above = next((t for n in range(first - 1, -1, -1) if (t := _code(file, n))), "")
    below = next((t for n in range(last + 1, len(file.lines)) if (t := _code(file, n))), "")
    begins = _indent(above) < indent or above.partition("#")[0].rstrip().endswith(":")
    return begins and _indent(below) < indent


def _code(file: FileView, line: int) -> str:
    text = file.line_text(line)
    return "" if text.lstrip().startswith("#") else text.rstrip()


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


# --- C#, Go and Rust ------------------------------------------------------------------------------

_WHOLE_LINES = {
    "csharp": re.compile(r"\s*using\s+(?:\w+\s*=[^;]*|[\w.]+\s*);\s*"),
    "go": re.compile(r"""\s*(?:import\s+)?(?:\w+\s+)?["`][^"`]*["`]\s*(?://.*)?"""),
    "rust": re.compile(r"\s*use\s+[\w:]+(?:\s+as\s+\w+)?\s*;\s*"),
}


def _whole_line(file: FileView, each: Import, name: ImportedName) -> Stretch | None:
    """Remove the line of an import that has one for itself."""
    line = name.span.line
    if len(each.names) > 1 or not _WHOLE_LINES[file.facts.language].fullmatch(file.line_text(line)):
        return None
    return _statement(file, file.lines.starts[line], _line_end(file, line))


# --- JavaScript and TypeScript ------------------------------------------------------------------


def _from_script(file: FileView, each: Import, name: ImportedName) -> Stretch | None:
    if len(each.names) == 1:
        whole = _source(file, each.span)
        if each.kind == "require" and not _REQUIRE_ALONE.fullmatch(whole):
            return None
        end = _with_semicolon(file, each.span.end_byte)
        return _statement(file, each.span.start_byte, end)
    return _in_braces(file, each, name) or _beside_braces(file, each, name)


def _in_braces(file: FileView, each: Import, name: ImportedName) -> Stretch | None:
    """Remove one of the names in braces, the braces too where it is the last of them."""
    whole = _source(file, each.span)
    opening = each.span.start_byte + whole.find(b"{")
    closing = each.span.start_byte + whole.find(b"}")
    inside = [other for other in each.names if opening < other.span.start_byte < closing]
    if name not in inside:
        return None
    if len(inside) > 1:
        return _one_of_several(file, each, name, bracketed=True)
    comma = file.source.rfind(b",", each.span.start_byte, opening)  # import A, { b } from
    return (comma, closing + 1, "") if comma >= 0 else None


def _beside_braces(file: FileView, each: Import, name: ImportedName) -> Stretch | None:
    clause = clause_span(file, each, name)
    following = re.compile(rb"\s*,\s*").match(file.source, clause.end_byte)
    if following:
        return clause.start_byte, following.end(), ""
    preceding = re.search(rb"\s*,\s*$", file.source[: clause.start_byte])
    return (preceding.start(), clause.end_byte, "") if preceding else None


# --- any language -------------------------------------------------------------------------------


def _source(file: FileView, span: Span) -> bytes:
    return file.source[span.start_byte : span.end_byte]


def _line_end(file: FileView, line: int) -> int:
    """Return where a line ends, its line end apart."""
    return file.lines.starts[line] + len(file.lines.line_bytes(line))


def _with_semicolon(file: FileView, end: int) -> int:
    semicolon = re.compile(rb"[ \t]*;").match(file.source, end)
    return semicolon.end() if semicolon else end


def _statement(file: FileView, start: int, end: int) -> Stretch:
    """Remove a statement, and its lines where nothing but a comment stands beside it."""
    first, last = file.lines.position(start)[0], file.lines.position(end)[0]
    begin, stop = file.lines.starts[first], _line_end(file, last)
    beside = file.source[end:stop].strip()
    if file.source[begin:start].strip() or (beside and not beside.startswith((b"#", b"//"))):
        return start, end, ""
    following = file.lines.starts[last + 1] if last + 1 < len(file.lines) else len(file.source)
    return begin, following, ""


def _one_of_several(
    file: FileView, each: Import, name: ImportedName, *, bracketed: bool
) -> Stretch:
    """Remove one clause of a list and one comma; its line too where it has one for itself."""
    clauses = [clause_span(file, each, other) for other in each.names]
    at = each.names.index(name)
    clause = clauses[at]
    comma = re.compile(rb"\s*,[ \t]*").match(file.source, clause.end_byte)
    end = comma.end() if comma else clause.end_byte
    begin, stop = file.lines.starts[clause.line], _line_end(file, file.lines.position(end)[0])
    alone = not file.source[begin : clause.start_byte].strip()
    beside = file.source[end:stop].strip()
    if bracketed and alone and (not beside or beside.startswith((b"#", b"//"))):
        line = file.lines.position(end)[0]
        following = file.lines.starts[line + 1] if line + 1 < len(file.lines) else stop
        return begin, following, ""
    if at + 1 == len(clauses) and at > 0:
        return clauses[at - 1].end_byte, clause.end_byte, ""
    return clause.start_byte, end, ""

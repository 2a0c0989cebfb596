"""What people write beside an import to say that it is meant to be there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import FileView
    from codearch.facts import Comment, Import, ImportedName

Reach = Literal["line", "next", "block", "file"]  # its own line, the next too, its block's rest


class Mark(NamedTuple):
    """How one tool is told to report nothing. `directive` is a pattern; its group holds codes.

    Without codes it means every rule, if it is `bare`. `ended` is what takes it back.
    """

    tool: str
    directive: str
    codes: str = ""  # pattern of those that mean unused imports; "" where any do
    bare: bool = True
    beside: Reach = "line"  # behind code
    alone: Reach = "next"  # on a line of its own
    ended: str = ""


_LIST = r"\s+(?!--)([^\s*][^*\n]*)"  # of rules, as ESLint and its like have them
_UNUSED = r"unused|no-duplicate"
MARKS = (
    Mark("flake8, ruff", r"\bnoqa\b(?:\s*:\s*((?:[A-Z]+\d+[\s,]*)+))?", r"\bF401\b"),
    Mark("flake8, ruff", r"^#\s*(?:flake8|ruff)\s*[:=]\s*noqa(?:\s*:\s*(\S.*))?$", r"\bF401\b",
         beside="file", alone="file"),
    Mark("pylint", r"pylint:\s*disable=([\w\s,-]+)", r"unused-import|W0611|unused-wildcard|\ball\b",
         bare=False, alone="block", ended=r"pylint:\s*enable="),
    Mark("pylint", r"pylint:\s*disable-next=([\w\s,-]+)", r"unused-import|W0611|\ball\b",
         bare=False),
    Mark("pylint", r"pylint:\s*skip-file", beside="file", alone="file"),
    Mark("pyright", r"pyright:\s*ignore(?:\[([^\]]*)\])?", r"UnusedImport"),
    Mark("pyflakes", r"pyflakes[:.]?\s*ignore"),
    Mark("pep8", r"\bnopep8\b"),
    Mark("PyDev", r"@UnusedImport"),
    Mark("PyCharm, IntelliJ", r"noinspection\s+(\w+)",
         r"PyUnresolvedReferences|PyUnusedLocal|unused", bare=False),
    Mark("zope", r"lint:\s*ok"),
    Mark("eslint", rf"eslint-disable-(?:next-)?line(?:{_LIST})?", _UNUSED),
    Mark("eslint", rf"eslint-disable(?![\w-])(?:{_LIST})?", _UNUSED,
         beside="block", alone="block", ended=r"eslint-enable"),
    Mark("oxlint", rf"oxlint-disable-(?:next-)?line(?:{_LIST})?", _UNUSED),
    Mark("oxlint", rf"oxlint-disable(?![\w-])(?:{_LIST})?", _UNUSED,
         beside="block", alone="block", ended=r"oxlint-enable"),
    Mark("biome", r"biome-ignore\s+([\w/]+)", r"^lint$|unused", bare=False),
    Mark("biome", r"biome-ignore-all\s+([\w/]+)", r"^lint$|unused", bare=False,
         beside="file", alone="file"),
    Mark("tslint", rf"tslint:disable(?:-line|-next-line|:next-line)(?::?{_LIST})?", r"unused"),
    Mark("tslint", rf"tslint:disable(?![-:]\w)(?::?{_LIST})?", r"unused",
         beside="block", alone="block", ended=r"tslint:enable"),
    Mark("jshint", r"jshint\s+ignore"),
    Mark("jshint", r"jshint\s+([^\n]*)", r"unused:\s*false", bare=False,
         beside="file", alone="file"),
    Mark("TypeScript", r"@ts-(?:ignore|expect-error)\b"),
    Mark("TypeScript", r"@ts-nocheck\b", beside="file", alone="file"),
    Mark("PMD", r"\bNOPMD\b"),
    Mark("SonarQube", r"\bNOSONAR\b"),
    Mark("Checkstyle", r"CHECKSTYLE[:.\s]*(?:IGNORE|SUPPRESS)"),
    Mark("Checkstyle", r"CHECKSTYLE[:.\s]*OFF", beside="block", alone="block",
         ended=r"CHECKSTYLE[:.\s]*ON"),
)  # fmt: skip
_FLAGS = re.IGNORECASE | re.MULTILINE
_PATTERNS = [(re.compile(mark.directive, _FLAGS), mark) for mark in MARKS]
_ANY = re.compile("|".join(mark.directive for mark in MARKS), _FLAGS)
_INTENDED = re.compile(
    r"""(?ix)
    side[-\s]?effects? | \bregist(er|ers|ering|ration)\b | monkey-?patch
    | backwards?[-\s]compat | \bcompat(ibility)?\b
    | \b(needed|required|imported|used)\s+(for|by|in|to|here)\b
    | \bkeep\b | \bimport\s+(this|these|those|it)\b | \bpublic\s+api\b | \bpickl(e|ing)\b
    | \b(do\s+not|don'?t)\s+remove\b
    """
)


_REEXPORTED = re.compile(r"re-?export", re.IGNORECASE)
_IMPORTS_EXPORT = frozenset({"python"})  # elsewhere it takes more than an import


def silent_lines(file: FileView) -> frozenset[int]:
    """Return the lines on which comments tell linters to leave imports alone."""
    return frozenset(
        line
        for comment in file.facts.comments
        if _ANY.search(comment.text)
        for mark in _marks_in(comment)
        for line in _reached(file, comment, mark)
    )


def intended(file: FileView, statement: Import, name: ImportedName) -> bool:
    """Say whether a person's word stands beside the import or above its group: it is meant so."""
    lines = lines_of(statement, name)
    first_of_group = _group_start(file, statement.span.line)
    exports = file.facts.language in _IMPORTS_EXPORT
    return any(
        _INTENDED.search(comment.text) or (exports and _REEXPORTED.search(comment.text))
        for comment in file.facts.comments
        if comment.span.line in lines
        or (first_of_group <= comment.span.line < min(lines) and _alone(file, comment))
    )


def lines_of(statement: Import, name: ImportedName) -> set[int]:
    """Return the lines on which a comment stands beside an import."""
    return {statement.span.line, statement.span.end_line, name.span.line}


def _reached(file: FileView, comment: Comment, mark: Mark) -> range:
    reach = mark.alone if _alone(file, comment) else mark.beside
    if reach == "file":
        return range(file.facts.lines + 1)
    if reach == "block":
        return range(comment.span.line, _block_end(file, comment, mark))
    return range(comment.span.line, comment.span.end_line + 1 + (reach == "next"))


def _marks_in(comment: Comment) -> Iterator[Mark]:
    for pattern, mark in _PATTERNS:
        found = pattern.search(comment.text)
        if found is None:
            continue
        codes = found.group(1) if pattern.groups else None
        if (
            (mark.bare or not mark.codes)
            if not codes
            else re.search(mark.codes, codes, re.IGNORECASE)
        ):
            yield mark


def _block_end(file: FileView, comment: Comment, mark: Mark) -> int:
    """Return the line after the last of a comment's block, or the one that takes the mark back."""
    after = comment.span.end_line + 1
    end = file.facts.lines + 1
    if file.facts.language == "python":
        for line in range(after, file.facts.lines):
            text = file.line_text(line)
            if text.strip() and len(text) - len(text.lstrip()) < comment.span.column:
                end = line
                break
    taken_back = (
        each.span.line
        for each in file.facts.comments
        if after <= each.span.line < end and re.search(mark.ended, each.text, re.IGNORECASE)
    )
    return min(taken_back, default=end) if mark.ended else end


def _group_start(file: FileView, line: int) -> int:
    """Return the first line of those around `line` that no blank line parts from it."""
    while line > 0 and file.line_text(line - 1).strip():
        line -= 1
    return line


def _alone(file: FileView, comment: Comment) -> bool:
    """Say whether nothing but white space stands before a comment on its line."""
    start = file.lines.starts[comment.span.line]
    return not file.source[start : comment.span.start_byte].strip()

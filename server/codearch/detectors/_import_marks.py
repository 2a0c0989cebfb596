"""What people write beside an import to say that it is meant to be there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codearch.detectors._detector import FileView
    from codearch.detectors._imported import Imported
    from codearch.facts import Comment

_LINT_MARK = re.compile(
    r"""(?ix)
    \b noqa \b (?! \s*:\s* (?!.*F401) [A-Z]+\d )       # bare, or with F401 among the codes
    | pylint:\s*disable=[\w\s,-]* (unused-import|W0611|unused-wildcard|\ball\b)
    | pyright:\s*ignore(?!\[) | pyright:\s*ignore\[[^\]]*UnusedImport
    | @UnusedImport | pyflakes[:.]?\s*ignore | nopep8 | lint:\s*ok
    | noinspection\s+(PyUnresolvedReferences|PyUnusedLocal|\w*unused\w*)
    | eslint-disable(-line|-next-line)?\s*(\*/\s*)?$
    | eslint-disable(-line|-next-line)?\s[^\n]*(unused|no-duplicate)
    | (oxlint|biome|tslint|standard|jshint)\S*(ignore|disable)?[^\n]*(unused|noUnused)
    | tslint:disable(-line|-next-line|:next-line)?\s*$ | jshint\s+ignore
    | @ts-(ignore|expect-error)
    | \bNOPMD\b | \bNOSONAR\b | CHECKSTYLE[:.\s]*(OFF|IGNORE|SUPPRESS)
    """
)
_INTENDED = re.compile(
    r"""(?ix)
    side[-\s]?effects? | re-?export | \bregist(er|ers|ering|ration)\b | monkey-?patch
    | backwards?[-\s]compat | \bcompat(ibility)?\b
    | \b(needed|required|imported|used)\s+(for|by|in|to|here)\b
    | \bkeep\b | \bimport\s+(this|these|those|it)\b | \bpublic\s+api\b | \bpickl(e|ing)\b
    | \b(do\s+not|don'?t)\s+remove\b
    """
)
_FILE_MARK = re.compile(
    r"""(?imx)
    ^\s*\#\s*(flake8|ruff)[:=]\s*noqa\s*$ | ^\s*\#\s*ruff:\s*noqa:[^\n]*F401
    | ^\s*\#\s*flake8:\s*noqa:[^\n]*F401
    | ^\s*\#\s*pylint:\s*(skip-file|disable=[^\n]*(unused-import|W0611|\ball\b))
    | ^\s*/\*\s*eslint-disable\s*\*/ | ^\s*/\*\s*eslint-disable\s[^*]*no-unused
    | ^\s*/[/*]\s*tslint:disable\s*(\*/)?\s*$ | ^\s*/[/*]\s*@ts-nocheck
    """
)


def marked_in_file(file: FileView) -> bool:
    """Say whether a comment tells linters to leave the file's imports alone."""
    return any(_FILE_MARK.search(comment.text) for comment in file.facts.comments)


def marked(file: FileView, imported: Imported) -> bool:
    """Say whether a comment says that the import is meant so.

    A linter's mark stands on the import's lines or alone above them; a person's word may also stand
    above the group of imports.
    """
    statement = imported.statement.span
    lines = {statement.line, statement.end_line, imported.name.span.line}
    first_of_group = _group_start(file, statement.line)
    for comment in file.facts.comments:
        beside = comment.span.line in lines
        of_group = first_of_group <= comment.span.line < statement.line and _alone(file, comment)
        above = of_group and comment.span.end_line == statement.line - 1
        if (beside or above) and _LINT_MARK.search(comment.text.rstrip(" */\n")):
            return True
        if (beside or of_group) and _INTENDED.search(comment.text):
            return True
    return False


def _group_start(file: FileView, line: int) -> int:
    """Return the first line of those around `line` that no blank line parts from it."""
    while line > 0 and file.line_text(line - 1).strip():
        line -= 1
    return line


def _alone(file: FileView, comment: Comment) -> bool:
    """Say whether nothing but white space stands before a comment on its line."""
    start = file.lines.starts[comment.span.line]
    return not file.source[start : comment.span.start_byte].strip()

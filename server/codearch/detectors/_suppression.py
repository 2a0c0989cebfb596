"""Comments `codearch: ignore[rule-id, other-rule] reason` silence findings on their line."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from codearch.detectors._detector import FileView
    from codearch.facts import Comment

_MARK = re.compile(r"codearch:\s*ignore\[([^\]\n]+)\]", re.IGNORECASE)


def suppressed_rules(view: FileView) -> Mapping[int, set[str]]:
    """Return, for each 0-based line, the rules that a comment silences there.

    A comment beside code speaks of its line; one that stands alone speaks of the line after it too.
    """
    silenced: dict[int, set[str]] = defaultdict(set)
    if b"gnore[" not in view.source:
        return silenced
    for comment in view.facts.comments:
        for line, rules in _marks(comment):
            for each in _lines_meant(view, comment, line):
                silenced[each] |= rules
    return silenced


def _marks(comment: Comment) -> Iterable[tuple[int, set[str]]]:
    for match in _MARK.finditer(comment.text):
        line = comment.span.line + comment.text.count("\n", 0, match.start())
        yield line, {rule.strip().lower() for rule in match.group(1).split(",")}


def _lines_meant(view: FileView, comment: Comment, line: int) -> set[int]:
    before = view.lines.line_bytes(comment.span.line)
    alone = not before[: comment.span.start_byte - view.lines.starts[comment.span.line]].strip()
    if not alone:
        return {line}
    return {line, line + 1, comment.span.end_line, comment.span.end_line + 1}

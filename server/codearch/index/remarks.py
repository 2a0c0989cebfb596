"""The words of comments that are nobody's doc: found by searching, never embedded."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from codearch.facts import Passage
from codearch.index import terms

if TYPE_CHECKING:
    from codearch.facts import FileFacts

Remarks = list[tuple[int, tuple[int, int, int, int], dict[str, int]]]

_ENOUGH = 40  # characters of a comment that tell whether a doc holds it


def remarks(facts: FileFacts) -> Remarks:
    """Return for each symbol with comments inside its index, and their counted words.

    Passages leave comments out, so that an edited one embeds nothing again; and nothing that stands
    in a file shall be invisible to a search.
    """
    texts: dict[int, list[str]] = defaultdict(list)
    for comment in facts.comments:
        index = max(comment.symbol, 0)
        if index >= len(facts.symbols) or facts.symbols[index].kind == "section":
            continue  # a section's passage is its whole text
        if not _is_in(comment.text, facts.symbols[index].doc):
            texts[index].append(comment.text)
    return [
        (index, *terms.count(Passage("", "", "\n".join(found), "")))
        for index, found in texts.items()
    ]


def _is_in(comment: str, doc: str) -> bool:
    words = comment.strip("/*#!-;%<> \t\r\n")[:_ENOUGH].split("\n", 1)[0].strip()
    return bool(words) and words in doc

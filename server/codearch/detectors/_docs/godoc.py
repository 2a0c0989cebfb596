"""Go's doc comments: they begin with the name of what they document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._docs.entry import Entry, named

if TYPE_CHECKING:
    from collections.abc import Iterator

# The convention's first sentence: a name, and a verb in the third person. A single word is only
# taken for a name before a verb that is no noun as well (`Remove files`, `Get returns`).
_MIXED = r"[A-Za-z][a-z0-9]+(?:[A-Z_]\w*)"
_VERB = (
    r"is|are|was|has|does|will|can|may|must|should|implements|represents|contains|holds|describes"
    r"|defines|[a-z]+(?:es|ts|ns|ds|ps|rs|ks|ls|ws|ys|ms|gs)"
)
_ACTION = (
    r"returns|gets|creates|adds|removes|deletes|reads|writes|parses|converts|sets|opens|closes|waits"
    r"|sends|reports|computes|calculates|determines|implements|initializes|starts|stops|applies"
    r"|generates|validates|retrieves|fetches|finds|appends|inserts|allows|represents|contains|makes"
)
SIGN = re.compile(r"\A(?:/[/*])?\s*[A-Za-z]\w+(?:\(\))?[ \t]+(?:-[ \t]+\w|[a-z])")
_SUBJECT = re.compile(
    rf"\s*(?P<name>{_MIXED})(?:\(\))?[ \t]+(?:(?:{_VERB})\b|-[ \t]+[a-z]+s\b)"
    rf"|\s*(?P<word>[A-Z][a-z]+)[ \t]+(?:{_ACTION})\b"
    rf"|\s*(?P<likely>{_MIXED})(?:\(\))?[ \t]+-[ \t]+\w"
)
_NO_NAMES = frozenset(
    {
        "This",
        "That",
        "These",
        "Those",
        "There",
        "It",
        "He",
        "She",
        "We",
        "You",
        "They",
        "Which",
        "What",
        "Who",
        "Each",
        "Every",
        "Everything",
        "Nothing",
        "All",
        "Any",
        "Both",
        "One",
        "Some",
        "None",
        "Now",
        "Also",
        "Then",
        "Here",
        "Always",
        "Never",
        "Lazy",
        "Not",
        "If",
        "When",
        "Where",
    }
)


def entries(text: str) -> Iterator[Entry]:
    """Yield the name that the first sentence begins with."""
    match = _SUBJECT.match(text)
    if match is None:
        return
    if match.group("name"):
        yield named("name", match)
    elif match.group("likely"):
        yield named("likely", match, "likely")
    elif match.group("word") not in _NO_NAMES:
        yield named("name", match, "word")

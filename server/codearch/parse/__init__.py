"""Bytes to facts: `parse` reads any file, broken or not, and never raises."""

from __future__ import annotations

import msgspec

from codearch import secrets, text
from codearch.facts import FactError, FileFacts
from codearch.languages._language import Language
from codearch.parse import recommented, sections, trees
from codearch.parse.edited import LastTree
from codearch.parse.recommented import Before
from codearch.parse.walk import Walk


def parse(
    source: bytes, language: Language, last: LastTree | None = None, before: Before | None = None
) -> FileFacts:
    """Return all that can be known of a file from its bytes alone; what is broken is in `errors`.

    Time and memory grow linearly with the size of the file, however it is nested. Positions refer
    to the text decoded and written again as UTF-8. With what is kept of the file before an edit,
    its tree or its facts, the same is known sooner. Secrets are told of, and hidden before anything
    else is read.
    """
    decoded = text.as_utf8(source)
    found = secrets.find(decoded, language.name)
    facts = _facts(secrets.hidden(decoded, found), language, last, before)
    return msgspec.structs.replace(facts, secrets=found) if found or facts.secrets else facts


def _facts(
    decoded: bytes, language: Language, last: LastTree | None, before: Before | None
) -> FileFacts:
    if language.grammar is None:
        return sections.parse(decoded, language)
    readable = decoded.replace(b"\0", b" ") if b"\0" in decoded else decoded
    found = trees.tree_of(readable, language, last)
    if found is None:
        message = "this takes too long to read as a program: it is taken as text"
        facts = sections.parse(decoded, language)
        return msgspec.structs.replace(facts, errors=(FactError(message, 0, 0),))
    grammar, tree = found
    moved = None if before is None else recommented.facts(grammar, decoded, tree, before)
    return Walk(grammar, decoded, tree).run() if moved is None else moved


__all__ = ["Before", "LastTree", "parse"]

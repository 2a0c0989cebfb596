"""Well-known algorithms in several languages, which come with the program: translations to find."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

from codearch import flow, languages
from codearch.embedding.training.functions import Function, function
from codearch.facts import CALLABLE_KINDS
from codearch.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = "translations.md"
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@lru_cache(maxsize=1)
def tasks() -> tuple[Function, ...]:
    """Return each task in each of its languages; functions of one `group` are translations."""
    return tuple(_read(files(__package__).joinpath(FILE).read_text("utf-8")))


def _read(text: str) -> Iterator[Function]:
    headings = list(_HEADING.finditer(text))
    ends = [heading.start() for heading in headings] + [len(text)]
    for heading, (start, end) in zip(headings, pairwise(ends), strict=True):
        for block in _BLOCK.finditer(text, start, end):
            yield _function(heading[1], block[1], block[2])


def _function(task: str, language_name: str, source: str) -> Function:
    """Return the first function of a source."""
    data, language = source.encode(), languages.by_name(language_name)
    facts = parse(data, language)
    program = flow.read(data, language, facts)
    callables = [at for at, one in enumerate(facts.symbols) if one.kind in CALLABLE_KINDS]
    found = function(program, facts, callables[0], task, with_views=False)
    assert found is not None  # noqa: S101 - the file is ours, and a test reads all of it
    return found

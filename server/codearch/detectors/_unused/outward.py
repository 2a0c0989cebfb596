"""What a file mentions that may stand in another file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._unused import mentions, stems
from codearch.detectors._unused.mentions import OWN, TOKENS, Way, key
from codearch.detectors._unused.rules import C_FAMILY, RULES, SCRIPTS
from codearch.detectors._unused.scopes import SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from codearch.detectors._unused.layout import Layout, Stretches
    from codearch.detectors._unused.stems import Stem

_Token = tuple[bytes, bytes, bytes, bytes]  # as a string, own member, member or name
Tokens = list[tuple[int, set[_Token]]]  # by region
_NEAR = 80  # bytes in which mostly something stands before a name
_LOOKED_UP = {
    language: re.compile(rb"\b(?:%b)\b" % b"|".join(sorted(rules.lookup)))
    for language, rules in RULES.items()
    if rules.lookup
}


def mentioned(
    path: str, layout: Layout, regions: Stretches, tokens: Tokens, *, test: bool
) -> Iterator[tuple[int, int]]:
    """Yield each region with the number of a name and a way in which it is mentioned there."""
    yield from _names_from_outside(layout, regions)
    if not RULES[layout.facts.language].overridable:
        for region, _, name in own_members(layout, regions):
            yield region, key(name, Way.OWN)
    yield from ((-1, key(name, Way.MEMBER)) for name in layout.asked())
    if layout.facts.language in SCRIPTS:
        yield from _taken_apart(layout, regions)
    facts = layout.facts
    known = {each.name for each in facts.definitions} | {each.name for each in facts.uses}
    header = facts.language in C_FAMILY and not SOURCES.fullmatch(path.lower())
    reflects = RULES[facts.language].reflects
    silent = reflects is not None and not reflects.search(layout.text)
    for region, written in tokens:
        for token in written:
            if token[0] and silent:
                continue
            yield from ((region, each) for each in _keys(token, known, header=header, test=test))


def puts_together(layout: Layout) -> bool:
    """Say whether names may be made in a file by expressions, or by the preprocessor."""
    language = layout.facts.language
    if language in C_FAMILY:
        return b"##" in layout.text
    if language in SCRIPTS:
        return b"[" in layout.text
    looked_up = _LOOKED_UP.get(language)
    return looked_up is not None and looked_up.search(layout.text) is not None


def put_together(
    layout: Layout, regions: Stretches, tokens_of_it: Callable[[], Tokens]
) -> Iterator[Stem]:
    """Yield the parts of which names are made by an expression, or by the preprocessor."""
    language = layout.facts.language
    lookup = RULES[language].lookup
    if language in C_FAMILY:
        yield from stems.pasted(layout.text, regions.at)
    elif language in SCRIPTS:
        yield from stems.computed(layout.text, regions.at)
    else:
        for region, written in tokens_of_it():
            if not lookup.isdisjoint(mentions.last_part(each[2]) or each[3] for each in written):
                for token in written:
                    yield from stems.in_string(token[0], region)


def tokens_of(layout: Layout, regions: Stretches) -> Tokens:
    """Return what is written in each region, everything once."""
    pattern = TOKENS[layout.facts.language]
    return [
        (region, set(pattern.findall(layout.text, begin, end))) for begin, end, region in regions
    ]


def _keys(token: _Token, known: set[str], *, header: bool, test: bool) -> Iterator[int]:
    string, _, member, name = token
    if name:
        text = name.decode("utf-8", "replace")
        if text not in known:
            yield key(text, Way.NAME)
        if header:
            yield key(text, Way.HEADER)
    elif member:
        text = mentions.last_name(member)
        yield key(text, Way.MEMBER)
        if test:
            yield key(text, Way.TESTED)
        if member.startswith(b"::"):
            yield key(text, Way.NAME)
    elif string:
        for text in mentions.names_in_string(string):
            yield key(text, Way.STRING)


def _names_from_outside(layout: Layout, regions: Stretches) -> Iterator[tuple[int, int]]:
    """Yield the names that are not the file's own: imported, or bound nowhere in it."""
    facts = layout.facts
    for use in facts.uses:
        outside = use.definition < 0 or facts.definitions[use.definition].imported >= 0
        if outside and use.kind != "doc":
            yield regions.at(use.start_byte), key(use.name, Way.NAME)
    for each in facts.imports:
        region = regions.at(each.span.start_byte)
        for name in mentions.names_in_other(each.module.encode()):
            yield region, key(name, Way.NAME)
        for got in each.names:
            yield region, key(got.name, Way.NAME)
            yield region, key(got.alias, Way.NAME)


def _taken_apart(layout: Layout, regions: Stretches) -> Iterator[tuple[int, int]]:
    """Yield the names that a pattern may take out of what another file exports: `({ a }) => a`."""
    for each in layout.facts.definitions:
        begin = each.span.start_byte
        near = layout.text[max(begin - _NEAR, 0) : begin].rstrip() or layout.text[:begin].rstrip()
        if near.endswith((b"{", b",")):
            yield regions.at(begin), key(each.name, Way.NAME)


def own_members(layout: Layout, regions: Stretches) -> Iterator[tuple[int, int, str]]:
    """Yield region, type around and name of `self.name`, if the type has no such name itself."""
    for match in OWN.finditer(layout.text):
        name = mentions.last_name(match.group())
        around, known = layout.members_around(match.start())
        if name not in known:
            yield regions.at(match.start()), around, name

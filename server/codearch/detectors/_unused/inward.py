"""What a file mentions of its own candidates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._unused import mentions, stems
from codearch.detectors._unused.mentions import TOKENS
from codearch.detectors._unused.rules import C_FAMILY, RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codearch.detectors._unused.candidates import Candidates
    from codearch.detectors._unused.layout import Layout, Stretches
    from codearch.facts import Use


_CALLED = re.compile(mentions.NAME + rb"\s*\(")


def links(layout: Layout, candidates: Candidates, regions: Stretches) -> Iterator[tuple[int, int]]:
    """Yield each region with the candidates that it mentions; parts do not mention the whole."""
    if not candidates.by_name:
        return
    reading = _Reading(layout, candidates)
    for name in layout.asked():
        for target in candidates.by_name.get(name, ()):
            if reading.is_member(target):
                yield -1, target
    for byte, target in reading.meant():
        region = regions.at(byte)
        if region == target or not _inside(candidates, region, target):
            yield region, target


def _inside(candidates: Candidates, region: int, target: int) -> bool:
    while region >= 0:
        if region == target:
            return True
        region = candidates.all[region].around
    return False


class _Reading:
    """What names mean in one file."""

    def __init__(self, layout: Layout, candidates: Candidates) -> None:
        self._layout, self._candidates = layout, candidates
        facts, names = layout.facts, candidates.by_name
        self._rules = RULES[facts.language]
        self._uses = {use.start_byte: use for use in facts.uses if use.name in names}
        self._bindings: dict[tuple[int, str], list[int]] = {}  # by scope and name
        self._defined: set[int] = set()  # places
        for each in facts.definitions:
            target = candidates.of_symbol.get(each.symbol)
            if each.symbol < 0:
                target = candidates.constants.get(each.span.start_byte)
            if target is not None:
                self._bindings.setdefault((each.scope, each.name), []).append(target)
            if each.name in names and each.imported < 0:
                self._defined.add(each.span.start_byte)

    def is_member(self, target: int) -> bool:
        """Say whether a candidate is a member of a type."""
        symbols = self._candidates.all[target].symbols
        return bool(symbols) and self._layout.is_member(symbols[0])

    def meant(self) -> Iterator[tuple[int, int]]:
        """Yield each place with the candidates that are meant there."""
        text, names = self._layout.text, self._candidates.by_name
        if self._layout.facts.language in C_FAMILY:
            for byte, name in stems.pairs(text, names):
                yield from ((byte, target) for target in names[name])
        wanted = {name.encode("utf-8", "replace"): name for name in names}
        anywhere = re.compile(b"|".join(map(re.escape, wanted)))
        for match in TOKENS[self._layout.facts.language].finditer(text):
            token = match.group()
            if match.lastgroup == "string":
                if anywhere.search(token):
                    yield from self._in_string(token, match.start())
                continue
            name = wanted.get(mentions.last_part(token) if match.lastgroup != "name" else token, "")
            if not name:
                continue
            byte = match.end() - len(name.encode())
            if byte not in self._defined:
                for target in self._targets(match.lastgroup or "", token, byte, names[name]):
                    yield byte, target

    def _in_string(self, string: bytes, start: int) -> Iterator[tuple[int, int]]:
        for match in mentions.NAMES.finditer(string):
            targets = self._candidates.by_name.get(match.group().decode("utf-8", "replace"))
            if targets is None:
                continue
            byte = start + match.start()
            if byte in self._uses:  # in what is put into the string
                targets = list(self._targets("name", b"", byte, targets))
            for target in targets:
                if byte in self._uses or self._candidates.all[target].scope != "function":
                    yield byte, target

    def _targets(self, way: str, token: bytes, byte: int, targets: list[int]) -> Iterable[int]:
        """Return those of the candidates of a name that it may mean where it stands."""
        use = self._uses.get(byte)
        if use is not None:
            called = self._rules.calls_apart and _CALLED.match(self._layout.text, byte)
            return targets if called else self._by_use(use, targets)
        if way == "own":
            around, known = self._layout.members_around(byte)
            return [
                target
                for target in targets
                if self._is_constant(target)
                or (
                    self.is_member(target)
                    and (around == self._owner(target) or self._name(target) not in known)
                )
            ]
        if way == "member" and not token.startswith(b"::"):
            return [each for each in targets if self.is_member(each) or self._is_constant(each)]
        return targets

    def _by_use(self, use: Use, targets: list[int]) -> Iterable[int]:
        if use.kind == "doc":
            return ()
        if use.definition < 0:
            return targets
        definition = self._layout.facts.definitions[use.definition]
        if definition.imported >= 0:
            bare = self._rules.bare_members
            return [target for target in targets if bare or not self.is_member(target)]
        target = self._candidates.of_symbol.get(definition.symbol)
        if target is not None:
            return (target,)
        # another binding of the name, beside the definition: `f = None` where it failed
        return self._bindings.get((definition.scope, use.name), ())

    def _is_constant(self, target: int) -> bool:
        """Say whether a candidate is a constant, of a type maybe: `Box.LIMIT`."""
        return not self._candidates.all[target].symbols and not self._rules.constants

    def _owner(self, target: int) -> int:
        return self._layout.owners[self._candidates.all[target].symbols[0]]

    def _name(self, target: int) -> str:
        return self._candidates.all[target].name

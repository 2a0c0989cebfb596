"""Names that are put together: `getattr(self, "visit_" + kind)`, `prefix_##name`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_LEAST = 3  # characters that say something beyond their own file
_PASTED = re.compile(rb"(?P<before>\w+)?[ \t]*##[ \t]*(?P<after>\w+)?")
_PAIR = re.compile(rb"(?<![\w.])(\w+)[ \t]*,(?=[ \t]*(\w+))")
_COMPUTED = re.compile(
    rb"\[\s*(?:`(?P<a>[\w$]+)\$\{[^`]*`|`\$\{[^`]*\}(?P<b>[\w$]+)`"
    rb"|[\'\"](?P<c>[\w$]+)[\'\"]\s*\+[^\]\n]*|[^\[\]\n]*\+\s*[\'\"](?P<d>[\w$]+)[\'\"])\s*\]"
)
_HOLE = re.compile(r"\$?\{[^{}]*\}|%\(\w+\)[a-z]|%[a-z]")
_EDGE = re.compile(r"[A-Za-z_$][\w$]*")


class Stem(NamedTuple):
    """A beginning or an end of names that stand nowhere whole."""

    region: int
    text: str
    begins: bool

    @property
    def far(self) -> bool:
        """Whether it says something of other files too."""
        return len(self.text) >= _LEAST

    def fits(self, name: str) -> bool:
        """Say whether a name begins, or ends, so."""
        if len(name) <= len(self.text):
            return False
        if not self.begins:
            return name.endswith(self.text)
        joined = self.text.endswith("_") or not name[len(self.text)].islower()
        return joined and name.startswith(self.text)


def in_string(token: bytes, region: int) -> Iterator[Stem]:
    """Yield the beginnings and ends of names that a string may hold."""
    body = token.decode("utf-8", "replace").lstrip("rRbBuUfF$@").strip("\"'`")
    parts = _HOLE.split(body)
    for number, part in enumerate(parts):
        if not part or not _EDGE.fullmatch(part):
            continue
        whole = len(parts) == 1
        if number < len(parts) - 1 or (whole and not part.startswith("_")) or part.endswith("_"):
            yield Stem(region, part, begins=True)
        if number > 0 or (whole and part.startswith("_")):
            yield Stem(region, part, begins=False)


def computed(text: bytes, region_at: Callable[[int], int]) -> Iterator[Stem]:
    """Yield the beginnings and ends of members that an expression names: `this["on" + name]`."""
    for match in _COMPUTED.finditer(text):
        for group, begins in (("a", True), ("b", False), ("c", True), ("d", False)):
            if match[group]:
                yield Stem(region_at(match.start()), match[group].decode(), begins)


def pasted(text: bytes, region_at: Callable[[int], int]) -> Iterator[Stem]:
    """Yield the beginnings and ends of what C's preprocessor puts together."""
    if b"##" not in text:
        return
    for match in _PASTED.finditer(text):
        before, after = match["before"], match["after"]
        if before:
            yield Stem(region_at(match.start()), before.decode(), begins=True)
        if after:
            yield Stem(region_at(match.start()), after.decode(), begins=False)


def cuts(name: str) -> Iterator[tuple[str, bool]]:
    """Yield the beginnings and ends of a name that may be put together with others."""
    for at in range(_LEAST, len(name)):
        if name[at - 1] == "_" or not name[at].islower():
            yield name[:at], True
        yield name[-at:], False


def pairs(text: bytes, names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield place and name where two neighbours in a list make one of these names."""
    wanted = {name.encode() for name in names}
    for match in _PAIR.finditer(text):
        for name in (match[1] + match[2], match[1] + b"_" + match[2]):
            if name in wanted:
                yield match.start(), name.decode()

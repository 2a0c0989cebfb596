"""Which of many names fit a few letters best, as people type them into a symbol picker."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from codearch.text import split_identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def tiers(letters: str, names: Iterable[str]) -> Iterator[list[str]]:
    """Yield the names in groups that fit equally well, best first; each holds the letters in order.

    The whole name comes before a beginning, a part, the first letters of words, and letters
    anywhere; among these the letters as they were typed, then short names. What fits worse is
    looked at only when it is asked for: a page is mostly full before.
    """
    wanted = letters.lower()
    exact: list[str] = []
    beginning: list[str] = []
    inside: list[str] = []
    scattered: list[str] = []
    for name in names:
        lowered = name.lower()
        at = lowered.find(wanted)
        if at < 0:
            scattered.append(name)
        elif at > 0:
            inside.append(name)
        else:
            (exact if len(lowered) == len(wanted) else beginning).append(name)
    for fitting in (exact, beginning, inside):
        yield from _alike(letters, fitting)
    humps = {name for name in scattered if _begins_words(name, wanted)}
    yield from _alike(letters, humps)
    yield from _alike(letters, (name for name in scattered if name not in humps))


def _alike(letters: str, names: Iterable[str]) -> Iterator[list[str]]:
    """Yield names of one fit in groups: those with the letters in this case first, by length."""
    groups: dict[tuple[bool, int], list[str]] = defaultdict(list)
    for name in names:
        groups[letters not in name, len(name)].append(name)
    for key in sorted(groups):
        yield groups[key]


def _begins_words(name: str, wanted: str) -> bool:
    """Whether the words of a name begin so: getHTTPServer and get_http_server give ghs."""
    if name.lstrip("_$")[:1].lower() != wanted[:1]:
        return False
    return "".join(word[0] for word in split_identifier(name)).startswith(wanted)

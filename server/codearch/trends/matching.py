"""Which definition of one revision is which of the next: through renames and moves.

In this order: the same name in the same file; an equal text, in the same file and of the same name
first; the same name in another file; below a container that was renamed; half of the lines.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from codearch.trends.records import OldFile, OldSymbol

    Place = tuple[str, int]  # a file's path, and which of its symbols
    Key = Callable[["_One"], Hashable]

LEAST_ALIKE = 0.5  # share of the sampled lines
_MOST_COMPARED = 300  # definitions left over on either side; comparing more would take long


class Version(NamedTuple):
    """One file of a revision."""

    path: str
    file: OldFile


class _One(NamedTuple):
    path: str  # for a new one its old path, "" where it had none
    at: Place
    symbol: OldSymbol


def matched(
    olds: Iterable[Version], news: Iterable[Version], origins: Mapping[str, str]
) -> dict[Place, Place]:
    """Return where each definition of `news` was in `olds`; `origins` has each file's old path."""
    left = _Left(olds, news, origins)
    left.in_order(lambda one: (one.path, one.symbol.name, one.symbol.kind))
    left.unique(lambda one: one.symbol.body and (one.path, _own_name(one), *_text(one)))
    left.unique(lambda one: one.symbol.body and (one.path, *_text(one)))
    left.unique(lambda one: one.symbol.body and (_own_name(one), *_text(one)))
    left.unique(lambda one: one.symbol.body and _text(one))
    left.unique(lambda one: (one.symbol.name, one.symbol.kind))
    left.below_renamed()
    left.alike(within_file=True)
    left.alike(within_file=False)
    return left.found


class _Left:
    """What has not been matched yet, and what has."""

    def __init__(
        self, olds: Iterable[Version], news: Iterable[Version], origins: Mapping[str, str]
    ) -> None:
        self.found: dict[Place, Place] = {}
        self._olds = {one.at: one for one in _each(olds, {})}
        self._news = {one.at: one for one in _each(news, origins)}
        self._renamed: Counter[tuple[str, str]] = Counter()  # containers, new and old

    def in_order(self, key: Key) -> None:
        """Match those of one key by their order, where there are as many of them."""
        self._by(key, lambda olds, news: len(olds) == len(news))

    def unique(self, key: Key) -> None:
        """Match those that are alone with their key on both sides; 0 and "" are none."""
        self._by(key, lambda olds, news: len(olds) == len(news) == 1)

    def below_renamed(self) -> None:
        """Match members of what was renamed, as members that were matched tell."""
        old_of = {new: old for (new, old), _ in reversed(self._renamed.most_common())}

        def key(one: _One) -> Hashable:
            container, _, name = one.symbol.name.rpartition(".")
            is_new = one.at in self._news and self._news[one.at] is one
            return container and (old_of.get(container, "") if is_new else container, name)

        self.unique(key)

    def alike(self, *, within_file: bool) -> None:
        """Match those whose lines are most alike, if at least half of them are."""
        olds = [one for one in self._olds.values() if one.symbol.sketch]
        news = [one for one in self._news.values() if one.symbol.sketch]
        if max(len(olds), len(news)) > _MOST_COMPARED:
            return
        pairs = [
            (share, old, new)
            for new in news
            for old in olds
            if old.symbol.kind == new.symbol.kind
            and (not within_file or old.path == new.path)
            and (share := _alike(old.symbol.sketch, new.symbol.sketch)) >= LEAST_ALIKE
        ]
        for _, old, new in sorted(pairs, key=lambda pair: -pair[0]):
            if old.at in self._olds and new.at in self._news:
                self._match(old, new)

    def _by(self, key: Key, fits: Callable[[list[_One], list[_One]], bool]) -> None:
        olds, news = _grouped(self._olds.values(), key), _grouped(self._news.values(), key)
        for each, ones in news.items():
            before = olds.get(each, [])
            if fits(before, ones):
                for old, new in zip(before, ones, strict=True):
                    self._match(old, new)

    def _match(self, old: _One, new: _One) -> None:
        self.found[new.at] = old.at
        del self._olds[old.at], self._news[new.at]
        containers = new.symbol.name.rpartition(".")[0], old.symbol.name.rpartition(".")[0]
        if containers[0] != containers[1]:
            self._renamed[containers] += 1


def _each(versions: Iterable[Version], origins: Mapping[str, str]) -> Iterable[_One]:
    for version in versions:
        path = origins.get(version.path, "") if origins else version.path
        for place, symbol in enumerate(version.file.symbols):
            yield _One(path, (version.path, place), symbol)


def _own_name(one: _One) -> str:
    return one.symbol.name.rpartition(".")[2]


def _text(one: _One) -> tuple[str, int]:
    return one.symbol.kind, one.symbol.body


def _grouped(ones: Iterable[_One], key: Key) -> dict[Hashable, list[_One]]:
    found: dict[Hashable, list[_One]] = defaultdict(list)
    for one in ones:
        value = key(one)
        if value:
            found[value].append(one)
    return found


def _alike(old: tuple[int, ...], new: tuple[int, ...]) -> float:
    """Return the share of common lines, as the smallest hashes of both tell (A. Broder, 1997)."""
    size = min(len(old), len(new))
    smallest = sorted({*old, *new})[:size]
    both = {*old} & {*new}
    return sum(each in both for each in smallest) / size

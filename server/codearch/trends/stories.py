"""How single functions went: their sizes at each revision, under whatever name they had."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from codearch.trends.matching import Place, Version
    from codearch.trends.records import OldFile, OldSymbol


class Value(NamedTuple):
    """A function as one revision had it."""

    path: str
    name: str
    code_lines: int
    cognitive: int
    cyclomatic: int


class Story(NamedTuple):
    """A function of the newest revision; `values` has one for each revision, the newest first.

    It ends with the oldest revision in which the function was there.
    """

    values: list[Value]

    @property
    def now(self) -> Value:
        """The function as it is in the newest revision."""
        return self.values[0]

    @property
    def growth(self) -> int:
        """How much more complex it has become."""
        return self.values[0].cognitive - self.values[-1].cognitive


class Stories:
    """Follows functions from the newest revision back; a file that never changes takes no room."""

    def __init__(self) -> None:
        self._revisions = 1  # that have been walked through
        self._told: list[Story] = []
        self._living: dict[str, list[Story | None]] = {}  # by the path that files have by now

    @property
    def told(self) -> list[Story]:
        """The stories of all functions whose file changed, and of those that were followed."""
        for stories in self._living.values():
            for story in stories:
                self._go_on(story)
        return self._told

    def follow(self, path: str, file: OldFile) -> None:
        """Follow the functions of a file that has not changed since the newest revision."""
        if path not in self._living:
            self._living[path] = [self._begun(path, symbol) for symbol in file.symbols]

    def step(
        self, olds: Iterable[Version], news: Iterable[Version], origins: Mapping[Place, Place]
    ) -> None:
        """Go one revision back; `origins` says where the functions of the changed files were."""
        files = dict(olds)
        before: dict[str, list[Story | None]] = {
            path: [None] * len(file.symbols) for path, file in files.items()
        }
        for path, file in news:
            self.follow(path, file)
            for place, story in enumerate(self._living.pop(path)):
                self._go_on(story)
                origin = origins.get((path, place))
                if story is not None and origin is not None:
                    there, which = origin
                    story.values.append(_value(there, files[there].symbols[which]))
                    before[there][which] = story
        self._living |= before
        self._revisions += 1

    def _begun(self, path: str, symbol: OldSymbol) -> Story | None:
        if symbol.code_lines < 0:
            return None
        story = Story([_value(path, symbol)] * self._revisions)
        self._told.append(story)
        return story

    def _go_on(self, story: Story | None) -> None:
        """Have a story reach the revision of now, as nothing has changed since."""
        if story is not None:
            story.values.extend(story.values[-1:] * (self._revisions - len(story.values)))


def _value(path: str, symbol: OldSymbol) -> Value:
    return Value(path, symbol.name, symbol.code_lines, symbol.cognitive, symbol.cyclomatic)

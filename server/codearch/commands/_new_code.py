"""What is new in the files of a snapshot, by the repository that each lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors import FileView, all_rules, is_on_new_code, not_there_before
from codearch.history import EVERYTHING, Fork, new_code, repository_of
from codearch.languages import by_name
from codearch.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codearch.facts import Finding
    from codearch.history import NewCode, Novelty
    from codearch.snapshot import Snapshot


class NewIn:
    """The files of a snapshot, unsaved or not, beside what they were `since` (see settings)."""

    def __init__(self, snapshot: Snapshot, since: str) -> None:
        self._snapshot = snapshot
        self._since = since
        self._novelties: dict[str, Novelty] = {}

    def fork(self, path: str) -> Fork:
        """Return where the work on a file parted from what is old."""
        found = self._repository(path)
        return found[0].fork() if found else Fork(why="there is no git repository here")

    def novelty(self, path: str) -> Novelty:
        """Return what is new in a file; all without git."""
        if path not in self._novelties:
            self._novelties[path] = self._novelty(path)
        return self._novelties[path]

    def on_new_code(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings that are about new code."""
        return [each for each in findings if is_on_new_code(each, self._snapshot, self.novelty)]

    def read_ahead(self, paths: Iterable[str]) -> None:
        """Read many files as they were."""
        by_repository: dict[NewCode, list[str]] = {}
        for path in sorted(paths):
            found = self._repository(path)
            if found is not None:
                by_repository.setdefault(found[0], []).append(found[1])
        for code, below in by_repository.items():
            code.read_ahead(below)

    def not_there_before(self, path: str, findings: Sequence[Finding]) -> list[Finding]:
        """Return those of a file's findings that it did not have."""
        found, file = self._repository(path), self._snapshot.file(path)
        then = found[0].before(found[1]) if found is not None else None
        if then is None or file is None:
            return list(findings)
        facts = parse(then, by_name(file.language))
        view = FileView(path, facts, then, test=file.test, generated=facts.generated)
        now, settings = self._snapshot.source(path), self._snapshot.settings.rules
        return not_there_before(findings, view, now, all_rules().values(), settings)

    def _novelty(self, path: str) -> Novelty:
        found, file = self._repository(path), self._snapshot.file(path)
        if found is None or file is None:
            return EVERYTHING
        return found[0].novelty(found[1], self._snapshot.source(path), file.digest)

    def _repository(self, path: str) -> tuple[NewCode, str] | None:
        """Return what tells of a file's repository, and the file's path in it."""
        file = self._snapshot.root / path
        repository = repository_of(file.parent)
        if repository is None:
            return None
        return new_code(repository, self._since), file.relative_to(repository.top).as_posix()

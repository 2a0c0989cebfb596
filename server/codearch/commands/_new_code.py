"""What is new in the files of a snapshot, by the repository that each lies in."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from codearch.detectors import (
    FileView,
    Was,
    all_rules,
    found_in,
    is_on_new_code,
    not_there_before,
    runs,
)
from codearch.history import EVERYTHING, Fork, new_code, repository_of
from codearch.languages import by_name
from codearch.parse import parse
from codearch.settings import rules_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codearch.facts import File, Finding
    from codearch.history import NewCode, Novelty
    from codearch.settings import Settings
    from codearch.snapshot import Snapshot


class NewIn:
    """The files of a snapshot, unsaved or not, beside what they were `since` (see settings)."""

    def __init__(self, snapshot: Snapshot, since: str) -> None:
        self._snapshot = snapshot
        self._since = since
        self._novelties: dict[str, Novelty] = {}

    def fork_point(self, path: str) -> Fork:
        """Return where the work on a file parted from what is old."""
        found = self._repository(path)
        return found[0].fork_point() if found else Fork(why="there is no git repository here")

    def novelty(self, path: str) -> Novelty:
        """Return what is new in a file; all without git."""
        if path not in self._novelties:
            self._novelties[path] = self._novelty(path)
        return self._novelties[path]

    def new(self, findings: Iterable[Finding], *, worse: bool = False) -> list[Finding]:
        """Return the findings that are about new code, and that their files did not have.

        With `worse`, also those for which nobody would have stopped then.
        """
        rules = all_rules()
        found = [
            each
            for each in findings
            if is_on_new_code(
                each, self._snapshot, self.novelty, measured=rules[each.rule].measures
            )
        ]
        by_path: dict[str, list[Finding]] = {}
        for each in found:
            by_path.setdefault(each.path, []).append(each)
        new = {
            each.id
            for path, own in by_path.items()
            for each in self._not_there(path, own, worse=worse)
        }
        return [each for each in found if each.id in new]

    def read_ahead(self, paths: Iterable[str]) -> None:
        """Read many files as they were."""
        by_repository: dict[NewCode, list[str]] = {}
        for path in sorted(paths):
            found = self._repository(path)
            if found is not None:
                by_repository.setdefault(found[0], []).append(found[1])
        for code, below in by_repository.items():
            code.read_ahead(below)

    def _not_there(self, path: str, findings: Sequence[Finding], *, worse: bool) -> list[Finding]:
        found, file = self._repository(path), self._snapshot.file(path)
        then = found[0].before(found[1]) if found is not None else None
        if then is None or file is None:
            return list(findings)
        asked = frozenset(each.rule for each in findings)
        was = _found_before(file, then, asked, self._snapshot.settings)
        return not_there_before(findings, was, then, self._snapshot.source(path), worse=worse)

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


_FILES_KEPT = 64
_before: OrderedDict[tuple[str, bytes, tuple[str, ...], str], dict[str, Was]] = OrderedDict()


def _found_before(
    file: File, then: bytes, asked: frozenset[str], settings: Settings
) -> dict[str, Was]:
    """Return what rules found in a file as it was, once for a state of it and of the rules."""
    own = rules_at(settings, file.path)
    rules = [
        rule
        for rule in all_rules().values()
        if runs(rule, own) or rule.id in asked  # by its name, though it is off
    ]
    key = file.path, then, tuple(rule.id for rule in rules), repr(own)
    known = _before.get(key)
    if known is None:
        facts = parse(then, by_name(file.language))
        view = FileView(file.path, facts, then, test=file.test, generated=facts.generated)
        known = _before[key] = found_in(view, rules, own)
        while len(_before) > _FILES_KEPT:
            _before.popitem(last=False)
    return known

"""Runs rules on a file of which nothing else is known: what they find then hangs on it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from codearch.detectors._run import run_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from codearch.detectors._detector import FileDetector, FileView, ProjectDetector
    from codearch.facts import File, Finding
    from codearch.settings import RuleSettings
    from codearch.snapshot.origins import Origin


class BeyondError(Exception):
    """A rule asked for more than its file."""


class NothingElse:
    """Stands for a project of which one file alone is known; who asks for more cannot go on.

    `empty` folders are known to hold no files: once they do, all is looked at again by the rules
    that read them (see FileDetector.reads). With `history_told` there may be answers of git's
    history to what rules ask; else there are none.
    """

    def __init__(
        self,
        own: File,
        empty: Collection[str] = (),
        *,
        code: bytes = b"",
        history_told: bool = False,
    ) -> None:
        self._own = own
        self._code = code
        self._empty = empty
        self._history_told = history_told

    def file(self, path: str) -> File:
        """Return the file itself."""
        if path != self._own.path:
            raise BeyondError(path)
        return self._own

    def code(self, path: str, /) -> bytes:
        """Return what stands for the file's code."""
        if path != self._own.path:
            raise BeyondError(path)
        return self._code

    def extract(self, _rule: str, path: str, /) -> bytes:
        """Return nothing: a file that is looked at alone is a new one."""
        if path != self._own.path:
            raise BeyondError(path)
        return b""

    def files(self, _language: str | None = None, under: str = "") -> Sequence[File]:
        """Return the files of a folder that has none."""
        if under.rstrip("/") not in self._empty:
            raise BeyondError(under)
        return ()

    def origins(self, path: str, /) -> Mapping[str, Origin]:
        """Return no commits."""
        if self._history_told:
            raise BeyondError(path)
        return {}

    def __getattr__(self, name: str) -> NoReturn:
        raise BeyondError(name)


def run_alone(
    detectors: Iterable[FileDetector], view: FileView, rules: Mapping[str, RuleSettings]
) -> tuple[list[Finding], list[str]]:
    """Return what rules find in a file whose project is NothingElse, and the ids of the others.

    These are to be run where the project is known, also those that fail: it is said there.
    """
    found: list[Finding] = []
    beyond: list[str] = []
    for rule in detectors:
        try:
            found += run_file([rule], view, rules)
        except Exception:
            beyond.append(rule.id)
    return found, beyond


def extracted_alone(
    detectors: Iterable[ProjectDetector], view: FileView
) -> tuple[list[tuple[str, bytes]], list[str]]:
    """Return what rules of the project keep of such a file, by their ids; and those of others."""
    made: list[tuple[str, bytes]] = []
    beyond: list[str] = []
    for rule in detectors:
        if rule.extract is None or view.facts.language not in rule.languages:
            continue
        try:
            data = rule.extract(view)
        except Exception:
            beyond.append(rule.id)
        else:
            made += [(rule.id, data)] if data else []
    return made, beyond

"""Which commits can have editors show anything, told without an index of their repository.

Nothing is shown for a commit unless a rule of one file finds in a file that it changed what it did
not find there before, or it brings what the rules of the whole workspace look at: lines that, but
for names and values, stand elsewhere; an import by which a file may come to need itself; a file
that speaks of licences. Each is asked loosely, so that commits are looked at in vain, not missed.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors import (
    ALL_LANGUAGES,
    FileView,
    all_rules,
    file_detectors,
    is_vendored,
    run_file,
    runs,
    shown_in_editor,
)
from codearch.history.alignment import as_indexed
from codearch.index.test_paths import is_test_path
from codearch.languages import by_path
from codearch.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

ALIKE_LINES = 6  # of a copy, one after the other and but for names and values
MOST_BYTES = 1_000_000
_OF_LICENCES = re.compile(
    r"(?i)(?:^|/)(?:licen[cs]e|copying|notice|package\.json|pyproject\.toml|setup\.\w+|cargo\.toml"
    r"|go\.mod|pom\.xml|[^/]*\.gradle(?:\.kts)?|[^/]*\.csproj|requirements[^/]*\.txt)[^/]*$"
)
_IMPORT = re.compile(
    r"^\s*(?:(?:pub\s+)?(?:import|from|use|using|mod)\b|#\s*include\b|export\b.*\bfrom\b"
    r"|.*\brequire\(|.*\bimport\(|\}\s*from\b|(?:[\w.]+\s+)?\"[\w./-]+\"$)"
)
_WORD = re.compile(r"[A-Za-z_][\w$]*")
_LITERAL = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`|\b\d[\w.]*")
_KEYWORD = re.compile(
    r"(?:if|else|elif|for|while|do|return|switch|case|try|catch|except|finally|new|throw|raise|def"
    r"|func?|let|const|var|match|await|async|yield|in|not|and|or|class|struct|break|continue)$"
)
_HOUSES = frozenset({"__init__", "index", "mod", "lib", "main"})  # named by their folder


class Change(NamedTuple):
    """A file that a commit leaves, and the lines that it added or rewrote in it."""

    path: str
    was: str  # its name before
    lines: int


class Foreseen(NamedTuple):
    """Whether something may be shown, and how many lines of code that is looked at are new."""

    anything: bool
    code: int


class _Sketch(NamedTuple):
    """What is asked of a file beside others."""

    stretches: Counter[int]
    imported: frozenset[str]  # words of its imports


@dataclass
class Foresight:
    """Looks at the commits of one repository; what a file holds is read once."""

    root: Path
    _sketches: dict[str, _Sketch] = field(default_factory=dict)  # by blob

    def foresee(self, commit: str, changes: Iterable[Change]) -> Foreseen:
        """Look at the files of one commit."""
        anything, code = False, 0
        wanted = [each for each in changes if each.lines and not is_vendored(each.path)]
        for change in wanted:
            anything |= bool(_OF_LICENCES.search(change.path))
            now = _blob(self.root, f"{commit}:{change.path}")
            view = None if now is None else _view(change.path, now)
            if view is None or view.generated:
                continue
            code += change.lines if view.facts.language in ALL_LANGUAGES else 0
            then = _blob(self.root, f"{commit}^:{change.was}")
            before = None if then is None else _view(change.path, then)
            anything = anything or not _told(view) <= (_told(before) if before else set())
        if not anything:
            own = [each for each in wanted if _is_compared(each.path)]
            anything = bool(own) and self._beside_others(commit, own)
        return Foreseen(anything, code)

    def _beside_others(self, commit: str, changes: Iterable[Change]) -> bool:
        now, then = self._tree(commit), self._tree(f"{commit}^")
        alike: Counter[int] = Counter()
        for each in now.values():
            alike.update(each.stretches)
        for change in changes:
            own, old = now.get(change.path), then.get(change.was, _Sketch(Counter(), frozenset()))
            if own is None:
                continue
            if any(alike[stretch] > 1 for stretch in own.stretches - old.stretches):
                return True
            if _comes_back(change.path, own.imported - old.imported, now):
                return True
        return False

    def _tree(self, commit: str) -> dict[str, _Sketch]:
        """Return the sketches of a commit's code, without tests."""
        listed = _git(self.root, "ls-tree", "-r", "-z", commit).decode("utf-8", "replace")
        rows = (row.split("\t", 1) for row in listed.split("\0") if row)
        blobs = {path: told.split()[2] for told, path in rows if _is_compared(path)}
        missing = [blob for blob in blobs.values() if blob not in self._sketches]
        for blob, content in _contents(self.root, missing):
            self._sketches[blob] = _sketch(content)
        return {path: self._sketches[blob] for path, blob in blobs.items()}


def _is_compared(path: str) -> bool:
    language = by_path(path)
    known = language is not None and language.name in ALL_LANGUAGES
    return known and not is_vendored(path) and not is_test_path(path)


def _comes_back(path: str, words: frozenset[str], tree: dict[str, _Sketch]) -> bool:
    """Say whether one of the files that bear these names may need a file, by names alone."""
    if not words:
        return False
    named: dict[str, list[str]] = {}
    for each in tree:
        named.setdefault(_name(each), []).append(each)
    waiting = [each for word in words for each in named.get(word, ()) if each != path]
    seen = set(waiting)
    while waiting:
        for word in tree[waiting.pop()].imported:
            for each in named.get(word, ()):
                if each == path:
                    return True
                if each not in seen:
                    seen.add(each)
                    waiting.append(each)
    return False


def _name(path: str) -> str:
    """Return the word by which a file is imported: its own, or in Go its folder's."""
    file = PurePosixPath(path)
    house = file.suffix == ".go" or file.stem in _HOUSES
    return file.parent.name if house else file.name.partition(".")[0]


def _sketch(content: bytes) -> _Sketch:
    lines = content.decode("utf-8", "replace").splitlines()
    imports = (line for line in lines if _IMPORT.match(line))
    words = frozenset(word for line in imports for word in _WORD.findall(line))
    plain = [_plain(line) for line in lines if line.strip()]
    runs = zip(*(plain[at:] for at in range(ALIKE_LINES)), strict=False)
    return _Sketch(
        Counter(hash(run) for run in runs if len("".join(run)) > 10 * ALIKE_LINES), words
    )


def _plain(line: str) -> str:
    """Return a line without what copies differ in: names and values."""
    line = _LITERAL.sub("0", line)
    words = _WORD.sub(lambda word: word[0] if _KEYWORD.match(word[0]) else "name", line)
    return "".join(words.split())


def _told(view: FileView) -> set[tuple[str, str]]:
    """Return what editors may be told of a file alone."""
    rules = all_rules()
    found = run_file([each for each in file_detectors() if runs(each, {})], view)
    return {
        (each.rule, each.message)
        for each in found
        if not each.quiet
        and (rules[each.rule].in_tests or not view.test)
        and shown_in_editor(rules[each.rule], view.facts.language, {})
    }


def _view(path: str, content: bytes) -> FileView | None:
    language = by_path(path, content[:1024])
    if language is None:
        return None
    facts = parse(content, language)
    text = as_indexed(content, path)
    return FileView(path, facts, text, test=is_test_path(path), generated=facts.generated)


def _blob(root: Path, name: str) -> bytes | None:
    asked = ("git", "cat-file", "blob", name)
    done = subprocess.run(asked, cwd=root, capture_output=True, check=False)
    fits = done.returncode == 0 and len(done.stdout) <= MOST_BYTES
    return done.stdout if fits and b"\0" not in done.stdout[:8000] else None


def _contents(root: Path, blobs: list[str]) -> Iterator[tuple[str, bytes]]:
    told = _git(root, "cat-file", "--batch", given="\n".join(blobs).encode() + b"\n")
    at = 0
    for blob in blobs:
        end = told.index(b"\n", at)
        size = int(told[at:end].split()[2])
        content = told[end + 1 : end + 1 + size]
        at = end + size + 2
        yield blob, content if size <= MOST_BYTES else b""


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, check=True, input=given).stdout

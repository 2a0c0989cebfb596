"""What a repository's own fixes propose to look for, and the file that keeps it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from codearch.detectors._patterns import FOLDER, Fault, Pattern, failures, read_patterns
from codearch.detectors._workspace_files import regular_file, replace_file
from codearch.errors import CodearchError
from codearch.mining.fixes import fixes_of, read_changes
from codearch.mining.learning import LEAST_FILES, LEAST_FIXES, Lessons
from codearch.mining.weighing import standing, weighed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

LEARNED = Path(".codearch", "patterns", "learned.toml")
MOST_FIXES = 2000  # the last ones: half a minute to some minutes of work


def proposals(
    root: Path,
    files: Iterable[tuple[str, bytes]],
    revisions: str = "HEAD",
    most_fixes: int = MOST_FIXES,
    on_fix: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Pattern]:
    """Return the patterns that fixes have taught, the surest first; `files` are those to look in.

    What still stands in more places than were mended is no bug but a habit, and left out.
    """
    chosen = fixes_of(root, revisions)[-most_fixes:]
    lessons = Lessons()
    for number, (fix, changes) in enumerate(read_changes(root, chosen), 1):
        lessons.add(fix, changes)
        on_fix(number, len(chosen))
    found = lessons.patterns(LEAST_FIXES, LEAST_FILES)
    return weighed(found, standing(found, files)) if found else []


def lessons_of(root: Path, commit: str) -> list[Pattern]:
    """Return what one fix teaches, for somebody to judge: the code that it changed."""
    lessons = Lessons()
    for fix, changes in read_changes(root, fixes_of(root, commit, 1, whatever=True)):
        lessons.add(fix, changes)
    found = sorted(lessons.patterns(1, 1), key=lambda each: (len(each.find), each.id))
    return [
        each for at, each in enumerate(found) if not any(e.find in each.find for e in found[:at])
    ]


def faults(root: Path) -> Iterator[tuple[str, list[Fault]]]:
    """Yield the files of a root's patterns, with what is wrong with them."""
    for path, source in _files(root):
        found = [*read_patterns(source).faults, *failures(source)]
        yield path, sorted(found, key=lambda each: each.line)


def kept(root: Path) -> Iterator[tuple[str, tuple[Pattern, ...]]]:
    """Yield the files of a root's patterns, with those that can be used."""
    for path, source in _files(root):
        yield path, read_patterns(source).patterns


def _files(root: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted((root / FOLDER).glob("*.toml")):
        source = regular_file(path)
        if source is not None:
            yield f"{FOLDER}{path.name}", source


def as_toml(patterns: Sequence[Pattern]) -> str:
    """Return patterns as people write them."""
    return "\n".join(map(_table, patterns))


def write_learned(root: Path, patterns: Sequence[Pattern]) -> int:
    """Add patterns to the learned ones and return how many were new; the others stay as they are.

    Raises CodearchError for a file that cannot be understood or written.
    """
    before = regular_file(root / LEARNED) or b""
    known = read_patterns(before)
    if known.faults:
        fault = known.faults[0]
        message = f"{LEARNED.as_posix()}:{fault.line + 1}: {fault.message}"
        raise CodearchError(message, mend="Mend the file; it is left as it is.")
    ids = {each.id for each in known.patterns}
    new = [each for each in patterns if each.id not in ids]
    if new:
        text = before.decode()
        (root / LEARNED.parent.parent).mkdir(exist_ok=True)
        replace_file(root / LEARNED, f"{text.rstrip()}\n\n{as_toml(new)}".lstrip())
    return len(new)


def _table(pattern: Pattern) -> str:
    lines = [
        "[[pattern]]",
        f"id = {_quoted(pattern.id)}",
        f"languages = [{', '.join(map(_quoted, pattern.languages))}]",
        f"message = {_quoted(pattern.message)}" if pattern.message else "",
        f"find = {_quoted(pattern.find)}",
        *(
            f"{key} = {_quoted(code)}"
            for key, code in (
                ("replace", pattern.replace),
                ("notInside", pattern.not_inside),
                ("butNot", pattern.but_not),
                ("unless", pattern.unless),
            )
            if code
        ),
        f"fixes = {pattern.fixes}",
        f"confidence = {pattern.confidence}",
        f"accepted = {str(pattern.accepted).lower()}",
        "learnedFrom = [",
        *(
            f"    {{ commit = {_quoted(each.commit)}, date = {_quoted(each.date)}, "
            f"subject = {_quoted(each.subject)}, path = {_quoted(each.path)} }},"
            for each in pattern.learned_from
        ),
        "]",
    ]
    return "\n".join(filter(None, lines)) + "\n"


def _quoted(text: str) -> str:
    """Return a text as TOML: as it is where quotes allow, over several lines where it has them."""
    if "\n" in text and "'''" not in text and not text.endswith("'"):
        return f"'''\n{text}'''"
    if "'" not in text and text.isprintable():
        return f"'{text}'" if '"' in text or "\\" in text else f'"{text}"'
    signs = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    escaped = (signs.get(c) or (c if c.isprintable() else f"\\U{ord(c):08x}") for c in text)
    return f'"{"".join(escaped)}"'

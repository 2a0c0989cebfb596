"""Samples resolved calls of real projects for judging by hand, and computes shares from verdicts.

    sample.py sample LANGUAGE SEED COUNT PROJECT=FOLDER...   rows to judge, tab-separated
    sample.py show   LANGUAGE SEED COUNT PROJECT=FOLDER...   the same with their source lines
    sample.py score  FILE...                                 the shares of judged files

A folder is a checkout; its commit is read from `<folder>/.commit` (written by whoever checked it
out), else from git. The sample is drawn from all calls whose name some symbol of the project has, or
that were resolved: any other call cannot go to a symbol of the project. Projects have equal parts.

Verdicts: `right`; `wrong` (it goes to another symbol of the project); `astray` (resolved, but it
leaves the project); `missed` (goes to a symbol of the project, not resolved); `outside` (leaves the
project, or goes to a value that is no symbol, and is not resolved).
"""

from __future__ import annotations

import csv
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[2] / "server")]

from memory import MemoryWorkspace

from codearch.graph import Resolver
from codearch.languages import by_path

CONFIGS = (".json", ".toml", ".mod", ".work", ".cfg", ".yaml")
LARGEST = 1_000_000  # bytes of a file
SURE = 0.8
COLUMNS = ("project", "commit", "place", "call", "target", "confidence", "verdict", "note")


class Row(NamedTuple):
    """One call to judge."""

    project: str
    commit: str
    place: str
    call: str
    target: str
    confidence: str
    verdict: str = ""
    note: str = ""


def load(folder: Path) -> MemoryWorkspace:
    """Return a project's source files and build files."""
    files = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if ".git" in path.parts or path.is_symlink() or not path.is_file():
            continue
        language = by_path(name, b"")
        wanted = language is not None and (language.grammar is not None or name.endswith(CONFIGS))
        if wanted and path.stat().st_size <= LARGEST:
            files[name] = path.read_bytes()
    return MemoryWorkspace(files)


def commit_of(folder: Path) -> str:
    """Return the commit that a folder was checked out at."""
    noted = folder / ".commit"
    if noted.exists():
        return noted.read_text().strip()
    command = ["git", "-C", str(folder), "rev-parse", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def candidates(project: str, folder: Path, language: str) -> tuple[list[Row], MemoryWorkspace]:
    """Return every call that may go to a symbol of the project."""
    workspace, commit, rows = load(folder), commit_of(folder), []
    resolver = Resolver(workspace)
    for path, facts in workspace.files.items():
        if facts.language != language:
            continue
        resolved = {each.index: each for each in resolver.resolve(path, facts).calls}
        for index, call in enumerate(facts.calls):
            found = resolved.get(index)
            if found is None and not workspace.defining(call.name):
                continue
            target, confidence = "-", ""
            if found is not None:
                line = workspace.files[found.path].symbols[found.symbol].span.line + 1
                target = f"{workspace.name(found.path, found.symbol)}:{line}"
                confidence = f"{found.confidence:.2f}"
            place = f"{path}:{call.span.line + 1}:{call.span.column + 1}"
            written = f"{call.receiver}.{call.name}" if call.receiver else call.name
            rows.append(Row(project, commit, place, f"{call.kind} {written}", target, confidence))
    return rows, workspace


def sample(
    language: str, seed: int, count: int, folders: dict[str, Path]
) -> Iterator[tuple[Row, MemoryWorkspace]]:
    """Yield `count` calls in equal parts from the projects."""
    chance = random.Random(seed)
    for number, (project, folder) in enumerate(sorted(folders.items())):
        rows, workspace = candidates(project, folder, language)
        part = (count * (number + 1)) // len(folders) - (count * number) // len(folders)
        for row in sorted(chance.sample(rows, min(part, len(rows)))):
            yield row, workspace


def show(row: Row, workspace: MemoryWorkspace) -> str:
    """Return a row with the lines around its call and its target."""
    path, line, _ = row.place.rsplit(":", 2)
    text = [f"{row.project} {row.place}  {row.call}  ->  {row.target} {row.confidence}"]
    text += _lines(workspace, path, int(line) - 1, before=3, after=0)
    if row.target != "-":
        there, _, start = row.target.rsplit(":", 2)
        text += ["  ==", *_lines(workspace, there, int(start) - 1, before=0, after=0)]
    return "\n".join(text)


def _lines(
    workspace: MemoryWorkspace, path: str, line: int, *, before: int, after: int
) -> list[str]:
    lines = workspace.sources[path].decode(errors="replace").splitlines()
    shown = range(max(0, line - before), min(len(lines), line + after + 1))
    return [f"  {'>' if at == line else ' '} {lines[at].rstrip()[:140]}" for at in shown]


def score(files: list[Path]) -> None:
    """Print the shares for each judged file and for all of them."""
    total: Counter[str] = Counter()
    for file in files:
        with file.open(newline="") as opened:
            rows = [Row(**row) for row in csv.DictReader(opened, delimiter="\t")]
        counts: Counter[str] = Counter(row.verdict for row in rows)
        sure = [row for row in rows if row.confidence and float(row.confidence) >= SURE]
        counts["sure"] = len(sure)
        counts["sure right"] = sum(row.verdict == "right" for row in sure)
        total += counts
        print(f"{file.stem:<12} {_shares(counts)}")
    print(f"{'all':<12} {_shares(total)}")


def _shares(counts: Counter[str]) -> str:
    inside = counts["right"] + counts["wrong"] + counts["missed"]
    resolved = counts["right"] + counts["wrong"]
    judged = inside + counts["astray"] + counts["outside"]
    return (
        f"{judged} calls, {inside} to the project's own symbols: "
        f"resolved {_percent(resolved, inside)}, resolved rightly {_percent(counts['right'], inside)}; "
        f"right among confidence >= {SURE}: {_percent(counts['sure right'], counts['sure'])} "
        f"of {counts['sure']}; astray {counts['astray']}"
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


def main(arguments: list[str]) -> None:
    """Do what the command line asks."""
    if arguments[0] == "score":
        score([Path(each) for each in arguments[1:]])
        return
    language, seed, count = arguments[1], int(arguments[2]), int(arguments[3])
    folders = {name: Path(folder) for name, folder in (each.split("=") for each in arguments[4:])}
    writer = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n")
    if arguments[0] == "sample":
        writer.writerow(COLUMNS)
    for row, workspace in sample(language, seed, count, folders):
        if arguments[0] == "sample":
            writer.writerow(row)
        else:
            print(show(row, workspace))


if __name__ == "__main__":
    main(sys.argv[1:])

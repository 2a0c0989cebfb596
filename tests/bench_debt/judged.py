"""Findings that were shown, what a reader said of each, and the figures that follow.

    python tests/bench_debt/judged.py FOLDER …

Each FOLDER holds `commits.tsv`, the commits with the lines that they added or rewrote, and
`findings.tsv`, what editors would have shown for them. A person who has read the code at that commit
says in `verdict` whether a maintainer would act on it, `yes` or `no`, and in `reason` why.
"""

from __future__ import annotations

import csv
import dataclasses
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

WANTED_SHARE = 0.5
MOST_PER_THOUSAND = 3.0
VERDICTS = ("yes", "no")


@dataclass(frozen=True)
class Commit:
    """A commit, and how many lines it added or rewrote: of code that is looked at, and of all."""

    repository: str
    commit: str
    code: int
    all: int


@dataclass(frozen=True)
class Row:
    """One finding that was shown; `place` is `elsewhere` for a file that the commit left alone."""

    repository: str
    commit: str
    path: str
    line: int
    rule: str
    severity: str  # as editors have it: error, warning, information, hint
    place: str
    message: str
    verdict: str = ""
    reason: str = ""

    @property
    def key(self) -> tuple[str, str, str, int, str]:
        """What makes it the same finding when it is looked for again, whatever it says then."""
        return self.repository, self.commit, self.path, self.line, self.rule


T = TypeVar("T", Commit, Row)


@dataclass
class Sheet:
    """The commits that were read, and what was shown for them."""

    commits: list[Commit] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @classmethod
    def read(cls, folder: Path) -> Sheet:
        """Read what a run has left."""
        return cls(_read(folder / "commits.tsv", Commit), _read(folder / "findings.tsv", Row))

    def write(self, folder: Path) -> None:
        """Write both lists, the findings in the order of the commits."""
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "commits.tsv", Commit, self.commits)
        _write(folder / "findings.tsv", Row, self.rows)

    def judged_by(self, earlier: Sheet) -> None:
        """Take over the verdicts on findings that were shown before, too."""
        said = {each.key: each for each in earlier.rows}
        self.rows = [
            dataclasses.replace(row, verdict=said[row.key].verdict, reason=said[row.key].reason)
            if row.key in said
            else row
            for row in self.rows
        ]


def figures(sheet: Sheet) -> str:
    """Return the share worth acting on, and findings a changed 1,000 lines, as tables."""
    repositories = list(dict.fromkeys(each.repository for each in sheet.commits))
    lines = [
        "| repository | commits | changed lines of code | shown | a 1,000 lines | worth acting on |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name in (*repositories, ""):
        commits = [each for each in sheet.commits if name in ("", each.repository)]
        rows = [each for each in sheet.rows if name in ("", each.repository)]
        code = sum(each.code for each in commits)
        rate = f"{1000 * len(rows) / code:.1f}" if code else ""
        lines.append(
            f"| {name or 'all'} | {len(commits)} | {code:,} | {len(rows)} | {rate} | {_share(rows)} |"
        )
    lines += ["", "| rule | shown | worth acting on |", "| --- | --- | --- |"]
    by_rule: dict[str, list[Row]] = defaultdict(list)
    for row in sheet.rows:
        by_rule[row.rule].append(row)
    for rule, rows in sorted(by_rule.items(), key=lambda item: (-len(item[1]), item[0])):
        lines.append(f"| `{rule}` | {len(rows)} | {_share(rows)} |")
    return "\n".join(lines)


def problems(sheet: Sheet) -> list[str]:
    """Return what keeps the figures from being what they say."""
    told = [
        f"{row.repository} {row.commit[:9]} {row.path}:{row.line} {row.rule} is not judged"
        for row in sheet.rows
        if row.verdict not in VERDICTS or not row.reason
    ]
    known = {(each.repository, each.commit) for each in sheet.commits}
    told += [f"{row.commit} is not listed" for row in sheet.rows if row.key[:2] not in known]
    return told


def _share(rows: list[Row]) -> str:
    said = Counter(each.verdict for each in rows)
    judged = said["yes"] + said["no"]
    if not judged:
        return ""
    apart = f", {len(rows) - judged} not judged" if judged < len(rows) else ""
    return f"{said['yes']} of {judged} ({100 * said['yes'] / judged:.0f} %){apart}"


def _read(path: Path, kind: type[T]) -> list[T]:
    made: dict[str, Callable[[str], str | int]] = {
        each.name: int if each.type == "int" else str for each in dataclasses.fields(kind)
    }
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [kind(**{name: made[name](text) for name, text in row.items()}) for row in rows]


def _write(path: Path, kind: type[T], rows: Iterable[T]) -> None:
    names = [each.name for each in dataclasses.fields(kind)]
    cells = ([" ".join(str(getattr(row, name)).split()) for name in names] for row in rows)
    lines = ["\t".join(each) for each in (names, *cells)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> int:
    """Print the figures of each folder; fail where something was not judged."""
    failed = False
    for name in sys.argv[1:]:
        sheet = Sheet.read(Path(name))
        print(f"## {name}\n\n{figures(sheet)}\n")
        for problem in problems(sheet):
            failed = True
            print(problem, file=sys.stderr)
    return failed


if __name__ == "__main__":
    sys.exit(main())

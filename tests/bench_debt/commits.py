"""Lists what editors show by default on the new code of real commits.

    python tests/bench_debt/commits.py HISTORIES [--each 100] [--skip 0] [--again] [--no-history]
        [--sparing] [--out FOLDER]

HISTORIES holds one git repository a folder, bare or not. Of each, the newest commits that are no
merges and no bot's are checked out one after the other, the oldest first, in a clone that is
removed at the end; one indexer follows them as it would follow somebody's work. After each commit
every file is asked for the diagnostics that an editor would be sent for it, with the commit's
parent as what is old. Most of the time goes to what git is asked about each file's past: without
`history` that is spared, and what rests on it (`coupling`, comments left behind, copies of which
one was mended alone) is not found. `--sparing` checks out those commits alone for which anything
can be shown (`foreseen.py`).
Folder OUT gets `findings.tsv`, rows to be judged (see `judged.py`), and `commits.tsv`, how many lines
each commit changed; verdicts that stand there already are kept for what is shown again.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
SERVER = HERE.parents[1] / "server"
sys.path[:0] = [str(HERE), str(HERE.parent / "bench"), str(HERE.parent), str(SERVER)]

from foreseen import Change, Foresight
from judged import Commit, Row, Sheet, figures
from surroundings import machine, own_surroundings

from codearch.cli._history import await_history
from codearch.cli._session import session
from codearch.commands._indexer import FINDINGS, refuse_part
from codearch.commands._new_code import NewIn
from codearch.detectors import ALL_LANGUAGES, is_vendored
from codearch.features._diagnostics import diagnostics
from codearch.history.kinds import is_bot

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from lsprotocol.types import Diagnostic

    from codearch.snapshot import Snapshot

PARENT = "HEAD^"
LEFT_OUT = "left-out"  # the line that says how many more there are
EACH = 100


def main() -> int:
    """Read the commits and write what was shown."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("histories", type=Path)
    arguments.add_argument("--each", type=int, default=EACH, help="commits of each repository")
    arguments.add_argument("--skip", type=int, default=0, help="newest commits that are left out")
    arguments.add_argument("--out", type=Path, default=Path("build/bench-debt/commits"))
    arguments.add_argument(
        "--again", action="store_true", help="those commits alone for which something was shown"
    )
    arguments.add_argument(
        "--sparing", action="store_true", help="check out what can show anything alone"
    )
    arguments.add_argument("--no-history", action="store_true", help="ask git for no file's past")
    options = arguments.parse_args()
    if options.no_history:
        os.environ["CODEARCH_HISTORY_ENABLED"] = "false"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as Ctrl+C does: clean up first
    out = options.out.absolute()
    histories = options.histories.absolute()
    if options.again:
        run_again(histories, out)
    else:
        chosen = partial(newest, each=options.each, skip=options.skip)
        run(histories, chosen, out, sparing=options.sparing)
    return 0


def run_again(histories: Path, out: Path) -> None:
    """Look again at the commits for which something was shown, after rules have become quieter.

    The lines of the others are counted as they were.
    """
    earlier = Sheet.read(out)

    def chosen(name: str, _: Path) -> list[str]:
        told = {row.commit for row in earlier.rows if row.repository == name}
        return [each.commit for each in earlier.commits if each.commit in told]

    run(histories, chosen, out)
    again = Sheet.read(out)
    again.commits = earlier.commits
    again.write(out)


def run(
    histories: Path,
    chosen: Callable[[str, Path], list[str]],
    out: Path,
    *,
    sparing: bool = False,
) -> None:
    """Read the commits that are chosen of each repository in a folder."""
    with (
        tempfile.TemporaryDirectory(prefix="codearch-commits-", ignore_cleanup_errors=True) as made,
        own_surroundings(Path(made).resolve()),
    ):
        os.environ["CODEARCH_MODEL_NAME"] = "none"  # vectors change no finding
        os.environ["CODEARCH_DIAGNOSTICS_SINCE"] = PARENT
        print(machine(), flush=True)
        earlier = Sheet.read(out) if (out / "findings.tsv").exists() else Sheet()
        sheet = Sheet()
        for source in sorted(entry for entry in histories.iterdir() if entry.is_dir()):
            follow(source, Path(made).resolve() / source.name, chosen, sheet, sparing=sparing)
            sheet.judged_by(earlier)
            sheet.write(out)
        print(figures(sheet))


def newest(_: str, root: Path, each: int = EACH, skip: int = 0) -> list[str]:
    """Return commits that are no merges and no bot's, the oldest first."""
    told = git(root, "log", "--no-merges", "--format=%H%x09%an%x09%ae", "HEAD").splitlines()
    made = (line.split("\t") for line in told)
    people = (commit for commit, author, email in made if not is_bot(author, email))
    return list(islice(people, skip, skip + each))[::-1]


def follow(
    source: Path,
    root: Path,
    chosen: Callable[[str, Path], list[str]],
    sheet: Sheet,
    *,
    sparing: bool = False,
) -> None:
    """Go over the commits of one repository."""
    git(source, "clone", "--quiet", "--shared", "--no-checkout", str(source), str(root))
    commits = chosen(source.name, root)
    if sparing:
        commits = foreseen(source.name, root, commits, sheet)
    if not commits:
        return
    check_out(root, f"{commits[0]}^")
    began = time.monotonic()
    with session(root, needs=FINDINGS) as context:
        workspace = context.workspaces[0]
        print(f"{source.name}: indexed in {time.monotonic() - began:.0f} s", flush=True)
        for commit in commits:
            check_out(root, commit)
            refuse_part(workspace.indexer.call("flush"), FINDINGS)
            await_history(workspace)
            with workspace.read() as snapshot:
                counts = {each.path: each.lines for each in changed(snapshot.root, commit)}
                sheet.commits.append(measured(snapshot, source.name, commit, counts))
                rows = shown(snapshot, source.name, commit, counts.keys())
                sheet.rows += rows
            took = time.monotonic() - began
            print(f"{took:6.0f} s {source.name} {commit[:9]} {len(rows)}", flush=True)


def check_out(root: Path, commit: str) -> None:
    """Have the files and HEAD be those of a commit."""
    git(root, "checkout", "--quiet", "--force", "--detach", commit)
    git(root, "clean", "--quiet", "--force", "-d")


def foreseen(name: str, root: Path, commits: list[str], sheet: Sheet) -> list[str]:
    """Return the commits for which anything can be shown; the others enter the sheet as they are."""
    worth = []
    foresight = Foresight(root)
    for commit in commits:
        changes = changed(root, commit)
        seen = foresight.foresee(commit, changes)
        if seen.anything:
            worth.append(commit)
        else:
            lines = sum(each.lines for each in changes)
            sheet.commits.append(Commit(name, commit, seen.code, lines))
    print(f"{name}: {len(worth)} of {len(commits)} commits can show anything", flush=True)
    return worth


def changed(root: Path, commit: str) -> list[Change]:
    """Return how many lines a commit added or rewrote in each file that it leaves."""
    options = ("-r", "--numstat", "-M", "-z", "--no-ext-diff")
    parts = git(root, "diff-tree", *options, f"{commit}^", commit).split("\0")[:-1]
    fields = iter(parts)
    changes = []
    for row in fields:
        added, _, path = row.split("\t", 2)
        was = path
        if not path:  # renamed: both names follow
            was, path = next(fields), next(fields)
        changes.append(Change(path, was, int(added) if added.isdigit() else 0))
    return changes


def measured(snapshot: Snapshot, repository: str, commit: str, counts: Mapping[str, int]) -> Commit:
    """Return the lines that a commit changed: those of code that rules look at, and all."""
    code = 0
    for path, lines in counts.items():
        file = snapshot.file(path)
        if file and file.language in ALL_LANGUAGES and not file.generated and not is_vendored(path):
            code += lines
    return Commit(repository, commit, code, sum(counts.values()))


def shown(snapshot: Snapshot, repository: str, commit: str, touched: Collection[str]) -> list[Row]:
    """Return the diagnostics of all files, also of those that the commit left alone."""
    near = [
        finding
        for finding in snapshot.findings()
        if finding.path in touched or any(each.path in touched for each in finding.related)
    ]
    paths = sorted({each.path for each in NewIn(snapshot, PARENT).new(near)})
    return [
        Row(
            repository,
            commit,
            path,
            told.range.start.line + 1,
            str(told.code),
            _severity(told),
            "changed" if path in touched else "elsewhere",
            told.message,
        )
        for path in paths
        for told in diagnostics(snapshot, path, "utf-16")
        if told.code != LEFT_OUT
    ]


def _severity(told: Diagnostic) -> str:
    return told.severity.name.lower() if told.severity else ""


def git(root: Path, *arguments: str) -> str:
    """Run git and return what it prints."""
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")


if __name__ == "__main__":
    sys.exit(main())

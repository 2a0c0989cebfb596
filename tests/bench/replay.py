"""How much of the work on texts is saved over ordinary edits: a repository's last commits.

    python tests/bench/replay.py REPOSITORY [--commits 200]

Each commit of the first parents is checked out in turn, as a day's edits would change the files,
and the index brought up to date. Of the texts in the files that changed, those whose vector was
there already count as reused. Exits 1 where fewer than 85 % were.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WANTED = 0.85


def main(repository: Path, commits: int) -> int:
    """Replay the commits, and print what was reused."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CODEARCH_CACHE_DIR"] = str(Path(folder, "cache"))
        os.environ["CODEARCH_INDEXER_IDLE_SECONDS"] = "2"
        root = Path(folder, "work")
        git(Path(folder), "clone", "-q", "--shared", "-n", str(repository.resolve()), str(root))
        listed = git(root, "rev-list", "--first-parent", f"--max-count={commits + 1}", "HEAD")
        history = listed.split()[::-1]
        return replay(root, history)


def replay(root: Path, history: list[str]) -> int:
    """Index the first commit whole, then follow the others one by one."""
    from codearch.indexer.client import connect

    git(root, "checkout", "-q", "--detach", history[0])
    embedded = reused = parsed = 0
    seconds: list[float] = []
    with connect(root) as client:
        first = client.call("index")
        for commit in history[1:]:
            git(root, "checkout", "-q", "--detach", commit)
            began = time.perf_counter()
            counters = client.call("index")
            seconds.append(time.perf_counter() - began)
            embedded += counters["embedded"]
            reused += counters["reused"]
            parsed += counters["parsed"]
    rate = reused / (reused + embedded) if reused + embedded else 1.0
    print(f"{len(history) - 1} commits to {history[-1][:10]}, {first['files']:,} files at first")
    print(f"parsed {parsed:,} files; {embedded:,} texts embedded, {reused:,} reused: {rate:.1%}")
    print(
        f"a commit took {statistics.median(seconds):.2f} s in the middle,"
        f" {max(seconds):.2f} s at most"
    )
    return 0 if rate >= WANTED else 1


def git(folder: Path, *arguments: str) -> str:
    """Run git quietly, and return what it prints."""
    command = ["git", "-c", "advice.detachedHead=false", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--commits", type=int, default=200)
    options = parser.parse_args()
    sys.exit(main(options.repository, options.commits))

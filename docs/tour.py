"""What `make run` shows: an index of a folder, and the first answers that it gives.

`python docs/tour.py ROOT [QUERY …]`
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
OWN_QUERIES = (
    "cut an identifier into its words",
    "stop git from running programs of the repository",
    "wait until everything written is searchable",
)
ANY_QUERIES = (
    "read the configuration",
    "handle an error and try again",
    "where does the program start",
)
CODEARCH = [sys.executable, "-m", "codearch"]


def main(root: Path, asked: list[str]) -> int:
    """Index, search, explain the first thing found, show cycles and findings."""
    where = ["--root", str(root)]
    if show("index", *where):
        return 1
    queries = asked or list(OWN_QUERIES if root == REPOSITORY else ANY_QUERIES)
    for query in queries:
        show("search", query, "--limit", "3", *where)
    best = first_hit(queries[0], where)
    if best:
        show("explain", best, *where)
    show("graph", "cycles", "--format", "text", *where)
    return show("check", *where, lines=25)


def show(*arguments: str, lines: int = 0) -> int:
    """Print a command as one would type it, and what it gives, at most `lines` lines of it."""
    typed = shlex.join(arguments).removesuffix(f" --root {shlex.quote(str(REPOSITORY))}")
    print(f"\n$ codearch {typed}", flush=True)
    if not lines:
        return subprocess.run([*CODEARCH, *arguments], check=False).returncode
    answer = subprocess.run([*CODEARCH, *arguments], check=False, stdout=subprocess.PIPE, text=True)
    printed = answer.stdout.splitlines()
    print("\n".join(printed[:lines]))
    if len(printed) > lines:
        print(f"… and {len(printed) - lines} more lines")
    return answer.returncode


def first_hit(query: str, where: list[str]) -> str | None:
    """Return FILE:LINE of the best result."""
    command = [*CODEARCH, "search", query, "--limit", "1", "--json", *where]
    answer = subprocess.run(command, check=False, stdout=subprocess.PIPE)
    if answer.returncode:
        return None
    results = json.loads(answer.stdout)["results"]
    return f"{results[0]['path']}:{results[0]['line']}" if results else None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2:]))

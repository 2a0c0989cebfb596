"""Cyclomatic complexity beside lizard, over the functions that both see."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from decisions import counted
from hosts import GRAMMARS
from planted import codearch

if TYPE_CHECKING:
    from hosts import Host
    from planted import Corpus
    from rivals import Rivals


MOST_APART = 6  # lines: annotations, and a result's type on a line of its own


class Seen(NamedTuple):
    """A function as one of both sees it."""

    line: int
    name: str
    value: int
    end: int


@dataclass
class Agreement:
    """Functions of one language, and those that the two count differently.

    A function that lizard lets end on another line is another function, so it is counted apart: it
    ends where a regular expression, an object or a template has misled lizard's reader. Where the
    values differ there, the grammar is asked for a third one (`decisions.py`).
    """

    language: str
    functions: int = 0
    alike: int = 0
    different: list[str] = field(default_factory=list)
    ended_elsewhere: int = 0
    ended_elsewhere_alike: int = 0
    ours_as_the_grammar: int = 0  # of those that differ
    theirs_as_the_grammar: int = 0
    elsewhere: list[str] = field(default_factory=list)
    ours_alone: int = 0
    theirs_alone: int = 0


def measure(corpus: Corpus, rivals: Rivals) -> list[Agreement]:
    """Compare both over all files that something may be planted in."""
    found = {each: Agreement(each) for each in GRAMMARS}
    for name, root in corpus.roots.items():
        paths = {each.path: each for each in corpus.hosts[name]}
        ours: dict[str, list[Seen]] = defaultdict(list)
        text = codearch(
            "metrics", *sorted(paths), "--root", str(root), "--format", "jsonl", cwd=root
        )
        for line in text.splitlines():
            each = json.loads(line)
            if each["rule"] == "metric:cyclomatic":
                bare = each["symbol"].split(".")[-1]
                ours[each["path"]].append(Seen(each["line"], bare, each["value"], each["endLine"]))
        theirs: dict[str, list[Seen]] = defaultdict(list)
        for row in rivals.functions(root, sorted(paths)):
            bare = row["name"].replace("::", ".").split(".")[-1]
            seen = Seen(int(row["start"]), bare, int(row["ccn"]), int(row["end"]))
            theirs[row["file"]].append(seen)
        for path, host in paths.items():
            compare(found[host.language], name, host, ours[path], theirs[path])
        print(f"{name}: complexity compared", flush=True)
    return list(found.values())


def compare(
    total: Agreement, repository: str, host: Host, ours: list[Seen], theirs: list[Seen]
) -> None:
    """Compare what both see in one file: functions of one name that begin near each other.

    Where several have a name, or begin on one line, the nearest ones are taken in order.
    """
    left = sorted(theirs)
    for mine in sorted(ours):
        near = [e for e in left if e.name == mine.name and abs(e.line - mine.line) <= MOST_APART]
        if not near:
            total.ours_alone += 1
            continue
        other = min(near, key=lambda each: (abs(each.line - mine.line), abs(each.end - mine.end)))
        left.remove(other)
        told = (
            f"{repository}/{host.path}:{mine.line} {mine.name} {mine.value}, lizard {other.value}"
        )
        if mine.end != other.end:
            total.ended_elsewhere += 1
            total.ended_elsewhere_alike += mine.value == other.value
            if mine.value != other.value:
                third = counted(host, mine.line, mine.end)
                total.ours_as_the_grammar += third == mine.value
                total.theirs_as_the_grammar += third == other.value
                ends = f"to line {mine.end}, lizard {other.end}"
                total.elsewhere.append(f"{told}, by the grammar {third} ({ends})")
            continue
        total.functions += 1
        total.alike += mine.value == other.value
        if mine.value != other.value:
            total.different.append(told)
    total.theirs_alone += len(left)

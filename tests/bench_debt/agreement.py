"""Cyclomatic complexity beside lizard, over the functions that both see."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hosts import GRAMMARS
from planted import codearch

if TYPE_CHECKING:
    from planted import Corpus
    from rivals import Rivals


@dataclass
class Agreement:
    """Functions of one language, and those that the two count differently."""

    language: str
    functions: int = 0
    alike: int = 0
    different: list[str] = field(default_factory=list)
    ours_alone: int = 0
    theirs_alone: int = 0


def measure(corpus: Corpus, rivals: Rivals) -> list[Agreement]:
    """Compare both over all files that something may be planted in."""
    found = {each: Agreement(each) for each in GRAMMARS}
    for name, root in corpus.roots.items():
        paths = {each.path: each.language for each in corpus.hosts[name]}
        ours: dict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
        text = codearch(
            "metrics", *sorted(paths), "--root", str(root), "--format", "jsonl", cwd=root
        )
        for line in text.splitlines():
            each = json.loads(line)
            if each["rule"] == "metric:cyclomatic" and each["path"] in paths:
                bare = each["symbol"].split(".")[-1]
                ours[each["path"], each["line"]].append((bare, each["value"]))
        theirs: dict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
        for row in rivals.functions(root, sorted(paths)):
            if row["file"] in paths:
                bare = row["name"].replace("::", ".").split(".")[-1]
                theirs[row["file"], int(row["start"])].append((bare, int(row["ccn"])))
        for key in {*ours, *theirs}:
            _compare(found[paths[key[0]]], name, key, ours[key], theirs[key])
        print(f"{name}: complexity compared", flush=True)
    return list(found.values())


def _compare(
    total: Agreement,
    name: str,
    key: tuple[str, int],
    ours: list[tuple[str, int]],
    theirs: list[tuple[str, int]],
) -> None:
    """Compare the functions that begin on one line: by name where there are several."""
    if len(ours) == len(theirs) == 1:
        pairs = [(ours[0], theirs[0])]
    else:
        pairs = (
            [(a, b) for a in ours for b in theirs if a[0] == b[0]]
            if len({a[0] for a in ours}) == len(ours)
            else []
        )
    total.ours_alone += len(ours) - len(pairs)
    total.theirs_alone += len(theirs) - len(pairs)
    for a, b in pairs:
        total.functions += 1
        total.alike += a[1] == b[1]
        if a[1] != b[1]:
            total.different.append(f"{name}/{key[0]}:{key[1]} {a[0]} {a[1]}, lizard {b[1]}")

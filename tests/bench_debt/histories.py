"""Gives copies of repositories a history with debt in it, and counts what is found."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections import defaultdict
from typing import TYPE_CHECKING

from hosts import Change
from judging import Plant, Report
from plant_histories import NUMBER, Commit, Scenario, scenarios, small
from planted import check, codearch
from recipe import Recipe
from whole import LEFT_OUT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hosts import Host
    from planted import Checked, Corpus

RULES = ("coupling", "untested", "bug-pattern", "todo")
AUTHOR = "author of a todo"  # counted apart from finding it at all
FIRST = 1_760_000_000  # when the first commit was made; one a day follows
FILLERS = 40  # commits on other files, so that not all of the history was planted


def run(corpus: Corpus, checked: Checked, folder: Path, judged: Callable[[], None]) -> None:
    """Plant histories in the largest repository of each language, and judge them."""
    for language, (name, hosts) in sorted(_largest(corpus).items()):
        draw = random.Random(f"{corpus.seed} history {language}")
        root = folder / f"{language}-{name}"
        shutil.copytree(corpus.roots[name], root, symlinks=True, ignore=LEFT_OUT)
        planned = scenarios(hosts, draw)
        made = _commit_all(root, hosts, planned, draw)
        _learn(root)
        found, _ = check(root, RULES)
        reports = list(found.values())
        for each in planned:
            _judge(checked, root, name, each, reports)
        told = sum(1 for each in reports if each.rule in RULES[:3])
        print(f"{name}: {made} commits, {len(planned)} planted, {told} findings", flush=True)
        shutil.rmtree(root)
        judged()


def _largest(corpus: Corpus) -> dict[str, tuple[str, list[Host]]]:
    sizes: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name, hosts in corpus.hosts.items():
        counts: dict[str, int] = defaultdict(int)
        for each in hosts:
            counts[each.language] += 1
        for language, count in counts.items():
            sizes[language].append((count, name))
    found = {}
    for language, rows in sizes.items():
        count, name = max(rows)
        if count >= 12:
            mine = [each for each in corpus.hosts[name] if each.language == language]
            found[language] = (name, mine)
    return found


def _git(root: Path, *arguments: str, at: int = FIRST, author: str = "Ada Moreau") -> None:
    mail = author.lower().replace(" ", ".") + "@example.org"
    who = {f"GIT_{each}_NAME": author for each in ("AUTHOR", "COMMITTER")}
    who |= {f"GIT_{each}_EMAIL": mail for each in ("AUTHOR", "COMMITTER")}
    when = {f"GIT_{each}_DATE": f"{at} +0000" for each in ("AUTHOR", "COMMITTER")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-c", "commit.gpgsign=false", "-c", "gc.auto=0", *arguments]
    subprocess.run(
        command, cwd=root, check=True, capture_output=True, env={**os.environ, **who, **when, **alone}
    )  # fmt: skip


def _commit_all(root: Path, hosts: list[Host], planned: list[Scenario], draw: random.Random) -> int:
    """Make the history: what was there, then all commits mixed, each scenario's in its order."""
    _git(root, "init", "-q", "-b", "main")
    _git(root, "add", "-A", "-f")
    _git(root, "commit", "-q", "-m", "Begin")
    taken = {path for each in planned for commit in each.commits for path in commit.files}
    others = [each for each in hosts if each.path not in taken] or hosts[:1]
    waiting: list[list[Commit]] = [list(each.commits) for each in planned if each.commits]
    waiting += [[_filler(draw.choice(others), at)] for at in range(FILLERS)]
    order = [at for at, each in enumerate(waiting) for _ in each]
    draw.shuffle(order)
    for number, at in enumerate(order, 1):
        commit = waiting[at].pop(0)
        for path, text in commit.files.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        _git(root, "add", "-f", "--", *commit.files)
        when = FIRST + number * 86_400
        _git(
            root, "commit", "-q", "--allow-empty", "-m", commit.subject, at=when, author=commit.author
        )  # fmt: skip
    return len(order) + 1


def _filler(host: Host, at: int) -> Commit:
    text = small(host, random.Random(at)) or host.text
    return Commit("Count further", {host.path: text.replace(NUMBER, str(at))})


def _learn(root: Path) -> None:
    """Have patterns proposed, and accept them all."""
    codearch("patterns", "learn", "--write", "--root", str(root), cwd=root)
    learned = root / ".codearch/patterns/learned.toml"
    if learned.exists():
        text = learned.read_text("utf-8")
        learned.write_text(text.replace("accepted = false", "accepted = true"), "utf-8")


def _judge(checked: Checked, root: Path, name: str, each: Scenario, reports: list[Report]) -> None:
    path = min(each.files)
    text = (root / path).read_text("utf-8")
    mine = [report for report in reports if _about(root, each, report)]
    rule = AUTHOR if each.rule == "todo" else each.rule
    recipe = Recipe(rule, each.variant, each.alike, each.language, lambda host, draw: None)
    lines = (1, text.count("\n") + 1)
    change = Change(text, 1, 1, () if each.alike else (lines,), each.key)
    moved = [Report(rule, path, 1, 1, mine[0].message)] if mine else []
    checked.ours.judge([Plant(recipe, change, path, name)], moved, {rule})


def _about(root: Path, each: Scenario, report: Report) -> bool:
    """Say whether a finding is the planted one."""
    if report.rule != each.rule:
        return False
    named = {report.path, *(place[0] for place in report.related)}
    if each.mass:
        return len(named & each.files) > 1
    if not each.needs <= named:
        return False
    text = (root / report.path).read_text("utf-8").split("\n")
    shown = "\n".join(text[report.line - 1 : report.end]) + report.message
    if each.function and not re.search(rf"\b{re.escape(each.function)}\b", shown):
        return False
    return each.says in shown

"""Settings of rules by folder: what `codearch check` finds there, and what `codearch rules` shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WIDE = "def draw(a, b, c, d, e):\n    return a + b + c + d + e\n\n\n"
COPIED = '''
def settle(orders, rates, day):
    """Return what is owed."""
    owed = {}
    for order in orders:
        rate = rates.get(order.kind, 1)
        if order.paid_on is None and order.due < day:
            owed[order.buyer] = owed.get(order.buyer, 0) + order.amount * rate
        elif order.paid_on and order.paid_on > order.due:
            owed[order.buyer] = owed.get(order.buyer, 0) + order.fee * rate
        else:
            print(order.buyer, "has paid", order.amount)
    return {buyer: round(amount, 2) for buyer, amount in owed.items()}
'''


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    files = {
        "src/shop.py": WIDE + "# TODO: taxes\n",
        "web/shop.py": WIDE + "# TODO: taxes\n",
        "old/shop.py": WIDE + "# TODO: taxes\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def settle(root: Path, toml: str) -> None:
    (root / "codearch.toml").write_text("[rules.many-parameters]\nparameters = 3\n" + toml)


def found(out: str) -> list[tuple[str, str, int]]:
    every = [json.loads(line) for line in out.splitlines()]
    return [(each["path"], each["rule"], each["severity"]) for each in every]


def test_rules_severities_and_limits_by_folder_follow_the_settings(
    codearch: Callable, tree: Path
) -> None:
    everywhere = [
        (path, rule, severity)
        for path in ("old/shop.py", "src/shop.py", "web/shop.py")
        for rule, severity in (("many-parameters", 2), ("todo", 1))
    ]
    settle(tree, "")
    command = ("check", "--format", "jsonl")
    assert found(codearch(*command, cwd=tree).out) == everywhere
    assert codearch("check", "--write-baseline", cwd=tree).code == 0
    settle(
        tree,
        "[overrides.'old/'.rules.'*']\nenabled = false\n"
        "[overrides.'web/**'.rules.many-parameters]\nparameters = 9\n"
        "[overrides.'web/**'.rules.todo]\nseverity = 4\n",
    )
    kept = [*everywhere[2:4], ("web/shop.py", "todo", 4)]
    whole = (*command, "--no-baseline")
    assert found(codearch(*whole, cwd=tree).out) == kept
    assert found(codearch(*whole, "--rule", "todo", cwd=tree).out) == kept[1:]
    assert codearch(*command, cwd=tree).out == ""
    settle(tree, "")
    # what was accepted where its rule is off was not looked for, and stays; the other was gone
    assert found(codearch(*command, cwd=tree).out) == [("web/shop.py", "many-parameters", 2)]


def test_a_rule_that_is_off_is_turned_on_for_a_folder(codearch: Callable, tree: Path) -> None:
    for path in ("src/a.py", "src/b.py", "old/c.py"):
        (tree / path).write_text(COPIED)
    command = ("check", "--format", "jsonl", "--no-baseline")

    def clones(*asked: str) -> list[list[str]]:
        every = [json.loads(line) for line in codearch(*command, *asked, cwd=tree).out.splitlines()]
        return [
            [each["path"], *(one["path"] for one in each["related"])]
            for each in every
            if each["rule"] == "clone"
        ]

    settle(tree, "[rules.clone]\nenabled = false\n")
    assert clones() == []
    settle(
        tree,
        "[rules.clone]\nenabled = false\n[overrides.'src/'.rules.clone]\nenabled = true\n",
    )
    assert clones() == [["src/a.py", "src/b.py"]]
    settle(tree, "")
    assert clones() == [["old/c.py", "src/a.py", "src/b.py"]]
    settle(tree, "[overrides.'old/'.rules.clone]\nenabled = false\n")
    assert clones() == [["src/a.py", "src/b.py"]]
    assert clones("--rule", "clone") == [["src/a.py", "src/b.py"]]


def test_rules_shows_what_holds_for_a_path_and_why(codearch: Callable, tree: Path) -> None:
    settle(
        tree,
        "[overrides.'web/**'.rules.many-parameters]\nparameters = 9\nseverity = 4\n"
        "[overrides.'*.py'.rules.todo]\nenabled = false\n",
    )
    own = codearch("rules", "many-parameters", "--json", cwd=tree).json
    assert (own["severity"], own["limits"], own["overrides"]) == (2, {"parameters": 3}, [])
    path = ("--path", "shop.py")
    ran = codearch("rules", "many-parameters", *path, "--json", cwd=tree / "web").json
    assert (ran["severity"], ran["limits"]) == (4, {"parameters": 9})
    assert ran["overrides"] == ["web/**"]
    text = codearch("rules", *path, cwd=tree / "web").out
    assert 'on, severity 4, parameters = 9 here, by overrides."web/**"' in text
    assert 'off, severity 1 here, by overrides."*.py"' in text
    assert 'by overrides."web/**"' not in codearch("rules", "--path", "src", cwd=tree).out
    ran = codearch("rules", "--path", "..", cwd=tree)
    assert (ran.code, ran.out) == (2, "")
    assert "does not lie below" in ran.err


def test_what_is_wrong_ends_with_2_and_a_sentence(codearch: Callable, tree: Path) -> None:
    settle(tree, "[overrides.'old/'.rules.tod]\nenabled = false\n")
    ran = codearch("check", cwd=tree)
    assert (ran.code, ran.out) == (2, "")
    assert 'codearch.toml: unknown key `overrides."old/".rules.tod.enabled`' in ran.err
    assert 'Did you mean "todo"?' in ran.err

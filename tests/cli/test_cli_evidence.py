"""What is told of a finding beside its message: callers, and how often its file changes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WIDE = "def draw(a, b, c, d, e, f, g, h):\n    return a + b + c + d + e + f + g + h\n"
USE = "from wide import draw\n\n\ndef {}():\n    return draw(1, 2, 3, 4, 5, 6, 7, 8)\n"


def findings(ran: Any) -> dict[str, dict[str, Any]]:
    every = [json.loads(line) for line in ran.out.splitlines()]
    return {each["path"]: each for each in every if each["rule"] == "many-parameters"}


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).write_text(text)


def test_callers_and_changes_are_told_beside_a_finding_and_are_none_of_it(
    codearch: Callable, repository: Any
) -> None:
    root = repository.root
    write(root, {"wide.py": WIDE, "alone.py": WIDE.replace("draw", "draft")})
    repository.commit("Draw")
    write(root, {"wide.py": "# Drawing.\n" + WIDE})
    repository.commit("Fix the crash while drawing")
    write(root, {"one.py": USE.format("one"), "two.py": USE.format("two")})
    repository.commit("Use it")
    day = datetime.fromtimestamp(int(repository.git("log", "-1", "--format=%ct")), UTC)
    command = ("check", "--format", "jsonl")
    before = findings(codearch(*command, cwd=root))
    last = day.date().isoformat()
    assert before["wide.py"]["evidence"] == (
        f"2 callers; its file changed in 2 commits, one a fix, last on {last}"
    )
    assert before["alone.py"]["evidence"] == f"its file has not changed since {last}"
    assert "callers" not in before["wide.py"]["message"]
    assert f"\n    {before['wide.py']['evidence']}\n" in codearch("check", cwd=root).out
    (result,) = [
        each
        for each in codearch("check", "wide.py", "--format", "sarif", cwd=root).json["runs"][0][
            "results"
        ]
        if each["ruleId"] == "many-parameters"
    ]
    assert result["message"]["text"].endswith("\n" + before["wide.py"]["evidence"])

    assert codearch("check", "--write-baseline", cwd=root).code == 0
    write(root, {"three.py": USE.format("three")})
    repository.commit("Use it again")
    assert codearch(*command, cwd=root).out == "", "what was accepted stays accepted"
    after = findings(codearch(*command, "--no-baseline", cwd=root))
    assert after["wide.py"]["evidence"].startswith("3 callers; ")
    same = ("id", "message", "severity", "line")
    assert [after["wide.py"][key] for key in same] == [before["wide.py"][key] for key in same]

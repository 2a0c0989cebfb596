"""Case files of rules: prose, sources, and what is found in them.

`tests/cases/detectors/<rule>.md` is divided by headings (`## `). The fenced blocks of a section
that name a file (a fence such as `python orders.py`) are one workspace; its `findings` block holds
ALL findings of the rule there, one a line: `orders.py:3 message`. A section without one shows what
is not reported. A fence such as `python orders.py@before` holds the file as it was before the last
commit, "Change it". A `history` block tells what was committed (see memory_past). A `limits` block (`lines = 5`) sets the rule's limits, and a `fixed` block with a
file's name holds that file after the safe fixes, a `mended` block after all of them. `¦` is left out of a case: with it inside, nothing
that looks like a secret stands on the disk as a whole, where hosts of repositories refuse it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from codearch.settings import RuleSettings

FOLDER = Path(__file__).parent.parent / "cases" / "detectors"
_FENCE = re.compile(r"^(`{3,})([^\n`]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Case:
    """One section of a case file."""

    rule: str
    title: str
    files: dict[str, str]
    expected: list[str]
    fixed: dict[str, str]
    mended: dict[str, str]
    settings: dict[str, RuleSettings]
    history: str = ""
    before: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.rule}: {self.title}"


def all_cases() -> list[Case]:
    return [case for path in sorted(FOLDER.glob("*.md")) for case in read(path)]


def read(path: Path) -> list[Case]:
    text = path.read_text("utf-8").replace("¦", "")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    return [_case(path.stem, section) for section in sections]


def _case(rule: str, section: str) -> Case:
    title, _, body = section.partition("\n")
    files: dict[str, str] = {}
    fixed: dict[str, str] = {}
    mended: dict[str, str] = {}
    expected: list[str] = []
    limits: dict[str, float] = {}
    history = ""
    before: dict[str, str] = {}
    for _, label, text in _FENCE.findall(body):
        word, _, name = label.partition(" ")
        if word == "findings":
            expected = text.splitlines()
        elif word == "history":
            history = text
        elif word == "limits":
            limits = tomllib.loads(text)
        elif name.endswith("@before"):
            before[name.removesuffix("@before")] = text
        elif word == "fixed":
            fixed[name] = text
        elif word == "mended":
            mended[name] = text
        else:
            assert name, f"{rule}: {title}: a block must name its file"
            files[name] = text
    settings = {rule: RuleSettings(limits=limits)}
    return Case(rule, title, files, expected, fixed, mended, settings, history, before)

"""Cases of flows: Markdown with a source, its control flow and its values, section by section.

`python tests/flow/flow_cases.py FILE.md` fills in what the sources give, for you to read: the case
says what is right.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

from flow_rendering import flows

CASES = Path(__file__).resolve().parents[1] / "cases" / "flow"
_SECTION = re.compile(
    r"^## (?P<title>.+)\n(?P<prose>(?:(?!```|## ).*\n)*)"
    r"```(?P<language>\w+)\n(?P<source>(?:(?!```).*\n)*)```\n"
    r"(?:\n```control\n(?P<control>(?:(?!```).*\n)*)```\n)?"
    r"(?:\n```values\n(?P<values>(?:(?!```).*\n)*)```\n)?",
    re.MULTILINE,
)


class Case(NamedTuple):
    """One section; `control` and `values` are None where it says nothing of them."""

    title: str
    language: str
    source: str
    control: str | None
    values: str | None


def cases(path: Path) -> list[Case]:
    """Return the sections of a file of cases."""
    return [
        Case(*(found.group(name) for name in Case._fields))
        for found in _SECTION.finditer(path.read_text("utf-8"))
    ]


def filled(text: str) -> str:
    """Return a file of cases with what its sources give; a part that is not there stays away."""

    def section(found: re.Match[str]) -> str:
        control, values = flows(found["source"], found["language"])
        parts = [
            f"## {found['title']}\n{found['prose']}```{found['language']}\n{found['source']}```"
        ]
        wanted = found["control"] is None and found["values"] is None
        if wanted or found["control"] is not None:
            parts.append("```control\n" + "".join(f"{line}\n" for line in control) + "```")
        if wanted or found["values"] is not None:
            parts.append("```values\n" + "".join(f"{line}\n" for line in values) + "```")
        return "\n\n".join(parts) + "\n"

    return _SECTION.sub(section, text)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        Path(name).write_text(filled(Path(name).read_text("utf-8")), "utf-8")

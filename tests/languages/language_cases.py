"""Case files: prose, a source, and the facts that it gives.

`tests/cases/languages/<language>/<construct>.md` holds pairs of fenced blocks: a source (fenced by
any word) and what is expected of it (fenced by `expect`). In the latter a line `calls:` begins a
category of tests/languages/fact_rendering.py, and the indented lines after it are ALL its facts.

`absent.md` beside them lists the constructs that the language has not: `- traits: why`.
To see what a source gives: `python tests/languages/language_cases.py FILE [category ...]`.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from fact_rendering import render

from codearch.facts import FileFacts
from codearch.languages import by_name, by_path
from codearch.languages._language import Language
from codearch.parse import parse
from codearch.parse.plan import grammar_of

FOLDER = Path(__file__).parent.parent / "cases" / "languages"
_FENCE = re.compile(r"^(`{3,})([\w+#.-]+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_ABSENT = re.compile(r"^- ([\w-]+): \S", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """One source with its expected facts, by category."""

    source: str
    fence: str
    expected: dict[str, list[str]]

    def facts(self, language: Language) -> FileFacts:
        """Parse the source; a fence such as `tsx` chooses a variant of the language's files."""
        variant = by_path(f"x.{self.fence}")
        same = variant is not None and variant.name == language.name
        return parse(self.source.encode(), variant if same and variant else language)


def read(path: Path) -> list[Case]:
    blocks = [(fence, text) for _, fence, text in _FENCE.findall(path.read_text("utf-8"))]
    cases = []
    for (fence, source), (label, expected) in zip(blocks[::2], blocks[1::2], strict=True):
        assert label == "expect", f"{path}: a source must be followed by an `expect` block"
        cases.append(Case(source, fence, _expected(expected)))
    return cases


def _expected(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    category: list[str] = []
    for line in text.splitlines():
        if line and not line.startswith(" "):
            category = found.setdefault(line.removesuffix(":"), [])
        elif line.strip():
            category.append(line.strip())
    return found


def absent(language: str) -> set[str]:
    """Return the constructs that a language is said not to have."""
    path = FOLDER / language / "absent.md"
    return set(_ABSENT.findall(path.read_text("utf-8"))) if path.exists() else set()


def main(path: str, *categories: str) -> None:
    """Print what the sources of a case file, or one source file, give."""
    if path.endswith(".md"):
        language = by_name(Path(path).parent.name)
        shown = [
            (case.facts(language), categories or [*case.expected]) for case in read(Path(path))
        ]
    else:
        found = by_path(path) or by_name("text")
        shown = [(parse(Path(path).read_bytes(), found), categories or ["symbols"])]
    for facts, wanted in shown:
        for category in wanted:
            print(f"{category}:")
            for line in render(facts, category):
                print(f"  {line}".rstrip())


if __name__ == "__main__":
    main(*sys.argv[1:])

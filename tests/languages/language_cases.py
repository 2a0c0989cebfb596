"""Case files: prose, a source, and the facts that it gives.

`tests/cases/languages/<language>/<construct>.md` holds pairs of fenced blocks: a source (fenced by
any word) and what is expected of it (fenced by `expect`). In the latter a line `calls:` begins a
category of tests/languages/fact_rendering.py, and the indented lines after it are ALL its facts.

`absent.md` beside them lists the constructs that the language has not: `- traits: why`.
To write a case: name the categories in an empty `expect` block, run
`python tests/languages/language_cases.py CASE.md ...`, and read every line that it filled in: the
file says what is right, the program may be wrong. With a source file as its first argument it
prints the categories named after it, with `--tree FILE` the syntax tree.
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


def rewrite(path: Path) -> None:
    """Write into a case file what its sources give, for the categories named in it."""
    language = by_name(path.parent.name)
    cases = iter(read(path))

    def block(found: re.Match[str]) -> str:
        if found.group(2) != "expect":
            return found.group()
        case = next(cases)
        facts = case.facts(language)
        lines = [
            line.rstrip()
            for category in case.expected
            for line in (f"{category}:", *(f"  {each}" for each in render(facts, category)))
        ]
        return "\n".join((f"{found.group(1)}expect", *lines, found.group(1)))

    path.write_text(_FENCE.sub(block, path.read_text("utf-8")), "utf-8")


def show(path: str, *categories: str) -> None:
    """Print some categories of the facts of a source file."""
    facts = parse(Path(path).read_bytes(), by_path(path) or by_name("text"))
    for category in categories or ("symbols",):
        print(f"{category}:")
        for line in render(facts, category):
            print(f"  {line}".rstrip())


def tree(path: str) -> None:
    """Print the named nodes and fields of a source file's tree."""
    source = Path(path).read_bytes()
    language = by_path(path)
    assert language is not None
    cursor = grammar_of(language).parser.parse(source).walk()
    while True:
        node = cursor.node
        assert node is not None
        field = f"{cursor.field_name}: " if cursor.field_name else ""
        if node.is_named or field:
            leaf = "" if node.child_count else f" {(node.text or b'').decode()!r}"
            print(f"{'  ' * cursor.depth}{field}{node.type}{leaf}")
        if cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


if __name__ == "__main__":
    if sys.argv[1] == "--tree":
        tree(sys.argv[2])
    elif sys.argv[1].endswith(".md"):
        for name in sys.argv[1:]:
            rewrite(Path(name))
    else:
        show(*sys.argv[1:])

"""What is known of an edited file does not depend on what it was before, in any language."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from language_cases import FOLDER, read

from codearch.languages import all_languages
from codearch.parse import LastTree, parse
from codearch.parse.edited import edit_between

WITH_GRAMMAR = sorted(
    name
    for name, language in all_languages().items()
    if language.grammar is not None and (FOLDER / name).is_dir()
)
TYPED = ("größe", " (", ") ", "{", "}", '"', "'", "x = 1", "/*", "#", "\n", "    ", "return a\n")
EDITS = 40


def edits_of(source: str, choose: random.Random) -> Iterator[str]:
    """Yield versions as somebody makes them: typing, lines twice or gone, and all of it undone."""
    versions = [source]
    for _ in range(EDITS):
        text = versions[-1]
        at = choose.randrange(len(text) + 1)
        lines = text.splitlines(keepends=True) or [""]
        line = choose.randrange(len(lines))
        text = choose.choice(
            (
                text[:at] + choose.choice(TYPED) + text[at:],
                text[:at] + text[at + 2 :],
                "".join([*lines[:line], lines[line], *lines[line:]]),
                "".join([*lines[:line], *lines[line + 1 :]]),
                versions[-2] if len(versions) > 1 else text,
            )
        )
        versions.append(text)
        yield text
    for text in reversed(versions):
        yield text


@pytest.mark.parametrize("name", WITH_GRAMMAR)
def test_edits_give_the_facts_of_a_file_that_is_read_anew(name: str) -> None:
    language = all_languages()[name]
    choose = random.Random(name)
    for path in sorted((FOLDER / name).glob("*.md"))[:4]:
        for case in read(path)[:2]:
            last = LastTree()
            for text in (case.source, *edits_of(case.source, choose)):
                data = text.encode()
                assert parse(data, language, last) == parse(data, language), text


def test_a_sound_edit_is_read_by_what_it_touched() -> None:
    language = all_languages()["python"]
    source = "".join(f"def part{at}(order):\n    return order * {at}\n\n\n" for at in range(300))
    last = LastTree()
    for text in (source, source.replace("order * 7\n", "order + 7\n"), source):
        assert parse(text.encode(), language, last) == parse(text.encode(), language)
    assert last.patched == 2


def test_a_broken_edit_is_read_anew() -> None:
    language = all_languages()["python"]
    last = LastTree()
    for text in ("def area(a):\n    return a\n", "def area(a:\n    return a\n"):
        assert parse(text.encode(), language, last) == parse(text.encode(), language)
    assert last.patched == 0


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", (0, 0, 0)),
        ("same", "same", (4, 4, 4)),
        ("", "all", (0, 0, 3)),
        ("begin end", "begin the end", (6, 6, 10)),
        ("aaa", "aa", (2, 3, 2)),
        ("vor é nach", "vor è nach", (4, 6, 6)),  # both begin with the same byte
        ("vor © nach", "vor é nach", (4, 6, 6)),  # both end with the same byte
    ],
)
def test_an_edit_lies_between_what_is_the_same(
    old: str, new: str, expected: tuple[int, int, int]
) -> None:
    assert edit_between(old.encode(), new.encode()) == expected

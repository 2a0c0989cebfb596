"""Findings follow their lines through edits of others, and are dropped with their own."""

from __future__ import annotations

import random

from msgspec.structs import replace

from codearch.facts import Finding, Fix, Related, Replacement, Span
from codearch.moving import anchor_at, anchor_of, holds, moved
from codearch.text import Lines


def span(lines: Lines, first: int, last: int) -> Span:
    """Return the span from a line's first sign that is no white space to another's end."""
    text = lines.line_bytes(first)
    start = lines.starts[first] + len(text) - len(text.lstrip())
    end = lines.starts[last] + len(lines.line_bytes(last))
    return Span(start, end, *lines.position(start), *lines.position(end))


def found(source: str, first: int, last: int | None = None, fix: int | None = None) -> Finding:
    """Return a finding on some lines, with a fix that takes another line out."""
    lines = Lines(source.encode())
    at = span(lines, first, first if last is None else last)
    mend = None
    if fix is not None:
        place = span(lines, fix, fix)
        edit = Replacement("a.py", place, "", anchor_of(lines, place))
        mend = Fix("Take it out", True, (edit,))
    return Finding(
        f"{first}", "todo", "documentation", 1, "m", "a.py", at, fix=mend,
        anchor=anchor_of(lines, at),
    )  # fmt: skip


def text_of(source: str, at: Span) -> str:
    return source.encode()[at.start_byte : at.end_byte].decode()


def test_untouched_lines_are_found_wherever_others_come_and_go() -> None:
    draw = random.Random(7)
    for _ in range(300):
        old = [f"{' ' * draw.choice((0, 4))}λ{number}" for number in range(draw.randint(1, 30))]
        source = "\n".join(old)
        marked = sorted(draw.sample(range(len(old)), draw.randint(1, len(old))))
        new = [*old]
        for _ in range(draw.randint(0, 6)):
            at = draw.randrange(len(new) + 1)
            if draw.random() < 0.6 or at == len(new):
                new.insert(at, draw.choice(("", "    ", f"new {draw.random()}")))
            else:
                del new[at]
        now = "\n".join(new)
        lines = Lines(now.encode())
        kept = list(moved([found(source, line) for line in marked], lines, fixes=False))
        assert [int(each.id) for each in kept] == [line for line in marked if old[line] in new]
        for each in kept:
            assert text_of(now, each.span) == old[int(each.id)].strip()
            assert new.index(old[int(each.id)]) == each.span.line == each.span.end_line
            assert holds(lines, each.anchor)


def test_lines_that_say_the_same_keep_their_order() -> None:
    source = "a()\nb()\na()\na()\nc()\na()\n"
    findings = [found(source, line) for line in (0, 2, 3, 5)]
    now = "x()\ny()\n" + source
    kept = list(moved(findings, Lines(now.encode()), fixes=False))
    assert [each.span.line for each in kept] == [2, 4, 5, 7]
    now = source.replace("a()\na()\n", "a()\nz()\na()\n")
    kept = list(moved(findings, Lines(now.encode()), fixes=False))
    assert [each.span.line for each in kept] == [0, 2, 4, 6]


def test_of_several_lines_all_have_to_stand() -> None:
    source = "def f():\n    a()\n    b()\n"
    finding = found(source, 0, 2)
    now = "\n\n" + source
    (kept,) = moved([finding], Lines(now.encode()), fixes=False)
    assert text_of(now, kept.span) == source.rstrip()
    now = source.replace("a()", "z()")
    assert list(moved([finding], Lines(now.encode()), fixes=False)) == []


def test_other_places_of_its_file_move_too() -> None:
    source = "a()\nb()\nc()\nd()\n"
    lines = Lines(source.encode())
    related = (
        Related("a.py", 2, 3, "the same", anchor_at(lines, 2, 3)),
        Related("b.py", 7, 8, "the same"),
    )
    finding = replace(found(source, 0, 1), related=related)
    (kept,) = moved([finding], Lines(b"x()\na()\nb()\ny()\nc()\nd()\n"), fixes=True)
    assert [(each.path, each.line, each.end_line) for each in kept.related] == [
        ("a.py", 4, 5),
        ("b.py", 7, 8),
    ]
    (kept,) = moved([finding], Lines(b"a()\nb()\nc()\nz()\n"), fixes=True)
    assert [each.path for each in kept.related] == ["b.py"]


def test_a_fix_moves_with_its_own_lines_and_goes_with_them() -> None:
    source = "import os\n\n\ndef f():\n    return 1\n"
    finding = found(source, 3, fix=0)
    now = "# new\n" + source.replace("\n\n\n", "\n\n\n\n")
    (kept,) = moved([finding], Lines(now.encode()), fixes=True)
    assert kept.fix is not None
    assert not kept.fix.safe
    assert text_of(now, kept.fix.edits[0].span) == "import os"
    (kept,) = moved([finding], Lines(now.encode()), fixes=False)
    assert kept.fix is None
    now = source.replace("import os", "import os, re")
    (kept,) = moved([finding], Lines(now.encode()), fixes=True)
    assert kept.fix is None

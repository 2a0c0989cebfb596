"""Findings come back from the store as they were, whatever they hold."""

from __future__ import annotations

import pytest

from codearch.facts import Anchor, Finding, Fix, Related, Replacement, Span
from codearch.index.found import pack, unpack

PLACE = Span(120, 131, 4, 0, 4, 11)
MARK = Anchor(4, 4, b"", b"\x00\xff\x10abc")
PLAIN = Finding("1f", "todo", "documentation", 2, "todo: thé boil", "a/b.py", PLACE)
FULL = Finding(
    "2e",
    "unused-import",
    "dead-code",
    3,
    "`kettle` is imported and never used",
    "a/b.py",
    PLACE,
    "Kitchen.boil",
    effort_hours=1 / 3,
    impact=4.0,
    priority=39.8,
    confidence=0.05,
    fix=Fix(
        "Remove it",
        safe=True,
        edits=(
            Replacement("a/b.py", PLACE, "", MARK),
            Replacement("a/c.py", PLACE, "pass", Anchor(1, 3, b"abcdef", b"fedcba")),
        ),
    ),
    related=(Related("a/b.py", 1, 2, "here", MARK), Related("z.py", 0, 0, "there")),
    anchor=MARK,
    since=1_700_000_000,
    quiet=True,
)


@pytest.mark.parametrize("finding", [PLAIN, FULL])
def test_a_finding_is_what_it_was(finding):
    row = finding.id, finding.path, finding.rule, finding.severity, pack(finding)
    assert unpack(*row) == finding
    assert repr(unpack(*row)) == repr(finding)  # its numbers are of the same types


def test_whatever_a_finding_may_hold_has_been_tried():
    unlike = {
        name for name in Finding.__struct_fields__ if getattr(FULL, name) != getattr(PLAIN, name)
    }
    never_stored, same_file = {"evidence"}, {"path", "span"}
    assert unlike | never_stored | same_file == set(Finding.__struct_fields__)


def test_other_files_can_be_looked_for_and_the_own_is_named_by_its_row_alone():
    assert b"z.py" in pack(FULL)
    assert b"a/c.py" in pack(FULL)
    assert b"a/b.py" not in pack(FULL)

"""Every fix that a rule gives does what it says: it mends, and leaves a program behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest
from compiling import compiles
from detector_cases import Case, all_cases
from memory_project import MemoryProject, findings_in

from codearch.detectors import applied, clash, together
from codearch.facts import Finding, Fix, Replacement, Span
from codearch.languages import by_path
from codearch.parse import parse

WITH_FIXES = [case for case in all_cases() if case.expected]


def mended(files: Mapping[str, str], fix: Fix) -> dict[str, str]:
    """Return the files after a fix."""
    now = dict(files)
    for path in sorted({edit.path for edit in fix.edits}):
        edits = [edit for edit in fix.edits if edit.path == path]
        now[path] = applied(files[path].encode(), edits).decode()
    return now


def errors(path: str, source: str) -> int:
    language = by_path(path)
    return 0 if language is None else len(parse(source.encode(), language).errors)


def fixable(case: Case) -> list[Finding]:
    found = findings_in(case.files, case.rule, case.settings)
    return [each for each in found if each.fix is not None]


@pytest.mark.parametrize("case", WITH_FIXES, ids=str)
def test_each_fix_mends_what_it_is_offered_for(case: Case) -> None:
    before = findings_in(case.files, case.rule, case.settings)
    for finding in before:
        if finding.fix is None:
            continue
        assert finding.fix.edits
        assert not clash(finding.fix.edits), finding.message
        after = mended(case.files, finding.fix)
        assert after != case.files
        for path, text in after.items():
            if text == case.files[path]:
                continue
            assert errors(path, text) <= errors(path, case.files[path]), (
                f"{finding.message}\n{text}"
            )
            if compiles(path, case.files[path]):
                assert compiles(path, text), f"{finding.message}\n{text}"
        left = Counter(each.message for each in findings_in(after, case.rule, case.settings))
        said = Counter(each.message for each in before)
        assert left[finding.message] < said[finding.message], f"{finding.message}\n{after}"


MENDED = (
    *("unused-import", "unused-symbol", "unreachable-code", "clone", "stale-doc", "secret"),
    *("security-weak-hash", "security-certificates", "security-bind"),
)


@pytest.mark.parametrize("rule", MENDED)
def test_rules_whose_fixes_are_documented_offer_some(rule: str) -> None:
    assert any(fixable(case) for case in WITH_FIXES if case.rule == rule)


@pytest.mark.parametrize("case", WITH_FIXES, ids=str)
def test_all_safe_fixes_of_a_file_go_together(case: Case) -> None:
    for path, text in case.files.items():
        safe = [each.fix for each in fixable(case) if each.path == path and each.fix]
        safe = [fix for fix in safe if fix.safe]
        language = by_path(path)
        if not safe or language is None:
            continue
        fixes = together(safe, path, text.encode(), language.name)
        assert fixes
        after = applied(text.encode(), [edit for fix in fixes for edit in fix.edits]).decode()
        assert errors(path, after) <= errors(path, text), after
        if compiles(path, text):
            assert compiles(path, after), after


SECRET_CASES = [case for case in WITH_FIXES if case.rule == "secret"]


@pytest.mark.parametrize("case", SECRET_CASES, ids=str)
def test_no_fix_holds_a_secret(case: Case) -> None:
    sources = {path: text.encode() for path, text in case.files.items()}
    kept = [
        sources[path][each.hidden_byte : each.end_byte].decode()
        for path in case.files
        for each in MemoryProject(case.files).facts(path).secrets
    ]
    for finding in fixable(case):
        assert finding.fix is not None
        written = "\n".join([finding.fix.title, *(each.text for each in finding.fix.edits)])
        assert not [secret for secret in kept if secret in written]


def edit(start: int, end: int, text: str = "", path: str = "a.py") -> Replacement:
    return Replacement(path, Span(start, end, 0, start, 0, end), text)


def test_edits_are_of_the_text_as_it_was_in_whatever_order() -> None:
    edits = [edit(6, 9, "three"), edit(0, 3, "1"), edit(3, 3, ",")]
    assert applied(b"one twothr", edits) == applied(b"one twothr", reversed(edits))
    assert applied(b"one twothr", edits) == b"1, twthreer"


@pytest.mark.parametrize(
    ("edits", "clashing"),
    [
        ([edit(0, 3), edit(3, 5)], False),
        ([edit(0, 4), edit(3, 5)], True),
        ([edit(0, 4), edit(1, 2)], True),
        ([edit(2, 2, "a"), edit(2, 2, "b")], True),  # which one comes first?
        ([edit(2, 2, "a"), edit(2, 5)], True),
        ([edit(0, 4), edit(1, 2, path="b.py")], False),
    ],
)
def test_what_overlaps_clashes(edits: list[Replacement], clashing: bool) -> None:
    assert clash(edits) == clash(edits[::-1]) == clashing


def test_fixes_that_would_leave_no_program_together_are_made_one_after_the_other() -> None:
    source = "if fast:\n    import one\n    import two\n"
    first, second = source.index("    import one"), source.index("    import two")
    fixes = [
        Fix("one", safe=True, edits=(edit(first, second),)),
        Fix("two", safe=True, edits=(edit(second, len(source)),)),
    ]
    assert together(fixes, "a.py", source.encode(), "python") == fixes[:1]
    over = Fix("over", safe=True, edits=(edit(0, len(source)),))
    assert together([*fixes[:1], over], "a.py", source.encode(), "python") == fixes[:1]
    elsewhere = Fix("elsewhere", safe=True, edits=(edit(0, 1, path="b.py"),))
    assert together([elsewhere], "a.py", source.encode(), "python") == []

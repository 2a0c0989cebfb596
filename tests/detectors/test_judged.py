"""What people said of findings stays with them through edits and renames."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from codearch.detectors import Judgement, Judgements, mark_of, read_judgements, write_judgement
from codearch.errors import CodearchError
from codearch.facts import File, Finding, Span

SOURCE = b"""import os


def freight(parcel):
    # TODO: ask the carrier
    return parcel.weight * 2
"""
DEBT = Path(".codearch", "debt.toml")


@dataclass
class Tree:
    """The files of a snapshot."""

    sources: dict[str, bytes] = field(default_factory=dict)

    def file(self, path: str) -> File | None:
        if path not in self.sources:
            return None
        digest = str(hash(self.sources[path]))
        return File(1, path, "python", digest, len(self.sources[path]), 6, 0, False, False)

    def source(self, path: str) -> bytes:
        return self.sources[path]


def todo(number: str, path: str = "a.py", *, line: int = 4, symbol: str = "freight") -> Finding:
    return Finding(number, "todo", "docs", 2, "TODO", path, Span(0, 0, line, 4, line, 9), symbol)


def said(finding: Finding, source: bytes, status: str = "wontFix") -> Judgement:
    mark = mark_of(finding, source)
    return Judgement(finding.id, status, "why", rule="todo", path=finding.path, mark=mark)  # type: ignore[arg-type] # a test names it


def statuses(judgements: Judgements, *findings: Finding) -> dict[str, str]:
    return {number: each.status for number, each in judgements.of(findings).items()}


def test_a_status_holds_for_its_finding_and_no_other() -> None:
    tree = Tree({"a.py": SOURCE})
    judgements = Judgements([said(todo("1"), SOURCE)], tree)
    assert statuses(judgements, todo("1"), todo("2")) == {"1": "wontFix"}


def test_a_renamed_file_keeps_what_was_said() -> None:
    judgement = said(todo("1"), SOURCE)
    edited = SOURCE.replace(b"import os\n", b"import os\nimport sys\n")
    moved = todo("9", "shipping/b.py", line=5)
    assert statuses(Judgements([judgement], Tree({"shipping/b.py": edited})), moved) == {
        "9": "wontFix"
    }
    # Where the old file is still there, the new one is another.
    both = Tree({"a.py": SOURCE, "shipping/b.py": edited})
    assert statuses(Judgements([judgement], both), moved) == {}


def test_a_renamed_definition_keeps_what_was_said() -> None:
    judgement = said(todo("1"), SOURCE)
    renamed = SOURCE.replace(b"freight", b"carriage")
    tree = Tree({"a.py": renamed})
    assert statuses(Judgements([judgement], tree), todo("9", symbol="carriage")) == {"9": "wontFix"}
    other = SOURCE.replace(b"ask the carrier", b"round up")
    tree = Tree({"a.py": other})
    assert statuses(Judgements([judgement], tree), todo("9", symbol="carriage")) == {}


def test_neighbours_may_change_but_for_one() -> None:
    judgement = said(todo("1"), SOURCE)
    for edited, status in (
        (SOURCE.replace(b"weight * 2", b"weight * 3"), {"9": "wontFix"}),
        (SOURCE.replace(b"(parcel)", b"(box)"), {"9": "wontFix"}),
        (SOURCE.replace(b"(parcel)", b"(box)").replace(b"parcel.weight", b"box.weight"), {}),
        (SOURCE.replace(b"ask the", b"ask a"), {}),
    ):
        tree = Tree({"a.py": edited.replace(b"freight", b"carriage") + b"rate = 2\n"})
        found = Judgements([judgement], tree)
        assert statuses(found, todo("9", symbol="carriage")) == status


def test_what_was_said_of_one_holds_for_the_most_alike() -> None:
    copy = b"\n\ndef insure(parcel):\n    # TODO: ask the carrier\n    return parcel.value\n"
    tree = Tree({"b.py": SOURCE + copy})
    judgement = said(todo("1"), SOURCE)
    findings = todo("8", "b.py", line=9, symbol="insure"), todo("9", "b.py")
    assert statuses(Judgements([judgement], tree), *findings) == {"9": "wontFix"}


def test_resolved_holds_until_the_file_has_changed_and_it_is_found_again() -> None:
    tree = Tree({"a.py": SOURCE})
    file = tree.file("a.py")
    assert file is not None
    judgement = Judgement("1", "resolved", digest=file.digest)
    assert statuses(Judgements([judgement], tree), todo("1")) == {"1": "resolved"}
    tree.sources["a.py"] += b"\n"
    assert statuses(Judgements([judgement], tree), todo("1")) == {}


def test_what_is_found_no_more_is_gone() -> None:
    tree = Tree({"a.py": SOURCE})
    one, two = said(todo("1"), SOURCE), said(todo("2", line=0, symbol=""), SOURCE)
    judgements = Judgements([one, two], tree)
    assert judgements.gone([todo("1")]) == [two]
    assert judgements.gone([todo("9", symbol="freight")]) == [two], "the first was renamed"


def test_what_people_wrote_stays_as_they_wrote_it(tmp_path: Path) -> None:
    (tmp_path / ".codearch").mkdir()
    (tmp_path / DEBT).write_text(
        '# Agreed in March.\n\n[[finding]]\nid = "1"\nstatus = "wontFix"  # for now\n'
        'note = "by design"\ndate = 2026-03-01\nticket = "AB-12"\n'
    )
    judgement = Judgement("2", "falsePositive", "a fixture", "2026-11-22", "todo", "a.py")
    write_judgement(tmp_path, judgement)
    write_judgement(tmp_path, Judgement("1", "inProgress", "begun", "2026-11-22"))
    text = (tmp_path / DEBT).read_text()
    assert text.startswith("# Agreed in March.\n")
    assert 'ticket = "AB-12"' in text
    assert "date = 2026-11-22\n" in text
    first, second = read_judgements(tmp_path)
    assert (first.id, first.status, first.note, first.date) == (
        *("1", "inProgress", "begun", "2026-11-22"),
    )
    assert second == judgement


def test_open_takes_back_what_was_said_unless_it_says_why(tmp_path: Path) -> None:
    write_judgement(tmp_path, Judgement("1", "wontFix", "no"))
    write_judgement(tmp_path, Judgement("1", "open", "asked again"))
    assert [each.note for each in read_judgements(tmp_path)] == ["asked again"]
    write_judgement(tmp_path, Judgement("1", "open"))
    assert read_judgements(tmp_path) == ()


def test_one_that_was_renamed_is_written_under_its_new_name(tmp_path: Path) -> None:
    write_judgement(tmp_path, Judgement("1", "wontFix", "no"))
    write_judgement(tmp_path, Judgement("9", "wontFix", "still no"), instead_of="1")
    assert [each.id for each in read_judgements(tmp_path)] == ["9"]


@pytest.mark.parametrize("text", ["[[finding", "finding = 3\n", "finding = [1, 2]\n"])
def test_a_file_that_cannot_be_understood_says_nothing_and_is_left(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / ".codearch").mkdir()
    (tmp_path / DEBT).write_text(text)
    assert read_judgements(tmp_path) == ()
    with pytest.raises(CodearchError, match=r"debt\.toml cannot be understood"):
        write_judgement(tmp_path, Judgement("1", "wontFix"))
    assert (tmp_path / DEBT).read_text() == text


def test_wrong_entries_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".codearch").mkdir()
    (tmp_path / DEBT).write_text(
        '[[finding]]\nid = "1"\nstatus = "wontFix"\ndate = 2026-01-31\n'
        '[[finding]]\nid = "2"\nstatus = "ignored"\n[[finding]]\nid = "3"\nstatus = "open"\n'
    )
    found = [(each.id, each.status, each.date) for each in read_judgements(tmp_path)]
    assert found == [("1", "wontFix", "2026-01-31"), ("3", "open", "")]


def test_what_is_nested_without_end_says_nothing(tmp_path: Path) -> None:
    (tmp_path / ".codearch").mkdir()
    (tmp_path / DEBT).write_text("finding = " + "[" * 100_000)
    assert read_judgements(tmp_path) == ()
    with pytest.raises(CodearchError, match=r"debt\.toml cannot be understood"):
        write_judgement(tmp_path, Judgement("1", "wontFix"))

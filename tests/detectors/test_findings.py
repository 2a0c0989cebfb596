"""What every rule's findings have in common: identity, place, severity, scores, suppression."""

from __future__ import annotations

import pytest
from memory_project import MemoryProject, findings_in

from codearch.detectors import project_detectors, run_project
from codearch.facts import Finding
from codearch.settings import RuleSettings

SOURCE = """\
import os


def draw(a, b, c, d, e, f, g, h):
    # TODO: shadows
    return a


class Canvas:
    def clear(self):
        return 1  # TODO: shadows
"""


def ids(source: str, path: str = "canvas.py") -> dict[tuple[str, str], str]:
    return {(each.rule, each.symbol): each.id for each in findings_in({path: source})}


def only(source: str, rule: str, path: str = "a.py") -> Finding:
    (found,) = findings_in({path: source}, rule)
    return found


def test_ids_survive_edits_elsewhere() -> None:
    edited = SOURCE.replace("import os\n", "import os\nimport sys\n\nprint(sys.path)\n")
    edited = edited.replace("return 1  #", "return 2  #").replace("return a", "return a + 1")
    assert ids(edited) == ids(SOURCE)


def test_ids_survive_a_changed_signature_and_changed_spacing() -> None:
    edited = SOURCE.replace("g, h):", "g, h, i):").replace("# TODO: shadows", "#  TODO:  shadows")
    assert ids(edited) == ids(SOURCE)


def test_ids_differ_by_rule_symbol_file_and_order() -> None:
    twice = "# TODO: one\nx = 1\n# TODO: one\n"
    found = [each.id for each in findings_in({"a.py": twice, "b.py": twice})]
    assert len(set(found)) == len(found) == 4
    assert len(set(ids(SOURCE).values())) == len(ids(SOURCE)) == 4


def test_a_finding_on_a_symbol_marks_the_definition_s_first_line() -> None:
    source = "@cache\ndef draw(\n    a, b, c, d, e, f, g, h,\n):\n    return a\n"
    found = only(source, "many-parameters")
    assert (found.span.line, found.span.end_line, found.symbol) == (1, 1, "draw")


def test_the_symbol_is_the_innermost_definition() -> None:
    symbols = {each.span.line: each.symbol for each in findings_in({"a.py": SOURCE}, "todo")}
    assert symbols == {4: "draw", 10: "Canvas.clear"}
    assert only(SOURCE, "unused-import").symbol == ""


def test_columns_count_utf_16_units() -> None:
    found = only('x = "\U0001f600"  # é TODO: here\n', "todo")
    assert (found.span.column, found.span.end_column) == (14, 24)


def test_a_user_s_severity_and_limits_win() -> None:
    settings = {"many-parameters": RuleSettings(severity=5, limits={"parameters": 2})}
    source = "def draw(a, b, c):\n    return a\n"
    (found,) = findings_in({"a.py": source}, "many-parameters", settings)
    assert found.severity == 5
    assert "limit 2" in found.message


def test_findings_in_tests_weigh_less() -> None:
    code, test = (
        only("import os\n", "unused-import"),
        only("import os\n", "unused-import", "tests/a.py"),
    )
    assert test.impact < code.impact
    assert test.priority < code.priority
    assert test.severity == code.severity


def test_scores_keep_to_their_scales() -> None:
    source = SOURCE.replace("return a", "\n".join(f"    x{n} = {n}" for n in range(2000)).strip())
    for found in findings_in({"a.py": source}):
        assert 1 <= found.severity <= 5
        assert 0 <= found.impact <= 10
        assert 0 <= found.priority <= 100
        assert 0 <= found.confidence <= 1
        assert found.effort_hours > 0


SUPPRESSED = [
    "import os  # codearch: ignore[unused-import]\n",
    "import os  # codearch: ignore[unused-import] the plug-in needs it\n",
    "import os  # codearch: ignore[todo, unused-import] the plug-in needs it\n",
    "import os  # CodeArch: Ignore[Unused-Import]\n",
    "# codearch: ignore[unused-import]\nimport os\n",
    "import sys, \\\n    os  # codearch: ignore[unused-import]\nsys.path\n",
]


@pytest.mark.parametrize("source", SUPPRESSED)
def test_a_comment_silences_its_line_and_the_next(source: str) -> None:
    assert findings_in({"a.py": source}, "unused-import") == []


NOT_SUPPRESSED = [
    "import os  # codearch: ignore[todo]\n",
    "import os  # codearch: ignore\n",
    "import os  # ignore[unused-import]\n",
    "# codearch: ignore[unused-import]\n\nimport os\n",
    "x = 1  # codearch: ignore[unused-import]\nimport os\n",
    'x = "codearch: ignore[unused-import]"; import os\n',
]


@pytest.mark.parametrize("source", NOT_SUPPRESSED)
def test_no_other_comment_silences_it(source: str) -> None:
    assert len(findings_in({"a.py": source}, "unused-import")) == 1


def test_a_comment_above_decorators_silences_findings_on_the_definition() -> None:
    draw = "@cache\ndef draw(a, b, c, d, e, f, g, h):\n    return a\n"
    source = "# codearch: ignore[many-parameters]\n" + draw
    assert findings_in({"a.py": source}, "many-parameters") == []


def test_broken_source_gives_what_can_be_known() -> None:
    source = "import os\nimport sys\n\ndef f(:\n    sys.path(\n# TODO: mend\n"
    found = {(each.rule, each.span.line) for each in findings_in({"a.py": source})}
    assert found == {("unused-import", 0), ("todo", 5)}


def test_a_cycle_marks_the_imports_that_make_it() -> None:
    files = {
        "shop/__init__.py": "",
        "shop/orders.py": "import os\nfrom . import prices\nos.x\nprices.y\n",
        "shop/prices.py": "import os\nimport re\nfrom .orders import a\na(os, re)\n",
    }
    (found,) = findings_in(files, "import-cycle")
    places = [(found.path, found.span.line), *((each.path, each.line) for each in found.related)]
    assert places == [("shop/orders.py", 1), ("shop/prices.py", 2)]


def test_rules_that_ask_for_the_history_say_so() -> None:
    """`codearch check` waits for it on their behalf alone."""

    class Asked(MemoryProject):
        asked = False

        def past(self) -> None:
            self.asked = True

    for rule in project_detectors():
        project = Asked({"a.py": "import b\n", "b.py": "def f():\n    return 1\n"})
        run_project([rule], project)
        assert rule.history or not project.asked, rule.id

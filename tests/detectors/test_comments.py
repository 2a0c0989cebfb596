"""Rules that read no comments find the same in the same code, whatever is said beside it."""

import re
from collections import Counter

import pytest
from detector_cases import Case, all_cases
from memory_project import findings_in

from codearch.detectors import all_rules
from codearch.detectors._detector import FileDetector
from codearch.languages import by_path

BLIND = {
    rule.id for rule in all_rules().values() if isinstance(rule, FileDetector) and not rule.comments
}
LINE_OF_CODE = re.compile(r"^(.*[;{])$", re.MULTILINE)


@pytest.mark.parametrize("case", [each for each in all_cases() if each.rule in BLIND], ids=str)
def test_comments_change_nothing(case: Case) -> None:
    before = findings_in(case.files, case.rule, case.settings)
    said = {path: _commented(path, text) for path, text in case.files.items()}
    after = findings_in(said, case.rule, case.settings)
    assert Counter((one.path, one.symbol, one.severity) for one in after) == Counter(
        (one.path, one.symbol, one.severity) for one in before
    )


def _commented(path: str, text: str) -> str:
    language = by_path(path)
    if language is None or language.name not in all_rules()["todo"].languages:
        return text
    if language.name == "python":
        return f"# one thing\n\n{text}\n# and another\n"
    begun = "" if text.startswith(("#!", "<?")) else "// one thing\n\n"
    return begun + LINE_OF_CODE.sub(r"\1  // and this\n// and another", text) + "\n/* the end */\n"

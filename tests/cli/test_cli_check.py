"""`codearch check`, `metrics` and `rules`, on a small project with a real index."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from codearch.detectors import all_rules
from codearch.settings import root_cache

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = {
    "app/orders.py": "import os\n\nfrom app import prices\n\n# TODO: taxes\n",
    "app/prices.py": (
        "from app import orders\n\n\ndef draw(a, b, c, d, e, f, g, h):\n"
        "    if a and b:\n        return orders\n    return None\n"
    ),
    "app/__init__.py": "",
    "web/ü b.py": "import json\n",
    "docs/notes.md": "# TODO\n\nTODO: in prose\n",
}
SCHEMA = Path(__file__).parent.parent / "cases" / "sarif-2.1.0-subset.schema.json"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that no test changes."""
    root = tmp_path_factory.mktemp("tree")
    write(root, FILES)
    return root


def write(root: Path, files: dict[str, str]) -> None:
    (root / "codearch.toml").touch()
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


def lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def places(out: str) -> list[tuple[str, int, str]]:
    return [(each["path"], each["line"], each["rule"]) for each in lines(out)]


ALL = [
    ("app/orders.py", 1, "unused-import"),
    ("app/orders.py", 3, "import-cycle"),
    ("app/orders.py", 5, "todo"),
    ("app/prices.py", 4, "many-parameters"),
    ("web/ü b.py", 1, "unused-import"),
]


def test_the_whole_tree_by_path_and_line(codearch: Callable, tree: Path) -> None:
    ran = codearch("check", "--format", "jsonl", cwd=tree)
    assert ran.code == 0
    assert places(ran.out) == ALL
    assert codearch("check", "--format", "jsonl", cwd=tree / "web").out == ran.out


def test_a_finding_is_the_contract_s_object(codearch: Callable, tree: Path) -> None:
    ran = codearch("check", "--format", "jsonl", "--rule", "import-cycle", cwd=tree)
    (found,) = lines(ran.out)
    assert set(found) == {
        *("path", "line", "endLine", "rule", "category", "severity", "message", "evidence"),
        *("symbol", "effortHours", "impact", "priority", "confidence", "id", "fix", "related"),
    }
    assert found["category"] == "dependencies"
    assert found["fix"] is None
    (related,) = found["related"]
    assert (related["path"], related["line"], related["endLine"]) == ("app/prices.py", 1, 1)
    unused = lines(
        codearch("check", "app", "--rule", "unused-import", "--format", "jsonl", cwd=tree).out
    )
    assert unused[0]["fix"] == {"title": "Remove the import of `os`", "safe": True}


def test_paths_count_from_the_current_folder(codearch: Callable, tree: Path) -> None:
    ran = codearch("check", "prices.py", "../web", "--format", "jsonl", cwd=tree / "app")
    # the cycle lies in orders.py, and prices.py is part of it
    assert places(ran.out) == [ALL[1], ALL[3], ALL[4]]
    assert places(codearch("check", ".", "--format", "jsonl", cwd=tree).out) == ALL


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.py"], "no file or folder nowhere.py"),
        ([".."], "lies outside"),
        (["--rule", "unused-imports"], 'Did you mean "unused-import"?'),
        (["--fail-on", "6"], "--fail-on"),
        (["--format", "xml"], "--format"),
        (["--changed=nothing"], "nothing"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_sentence(
    codearch: Callable, shop: Path, arguments: list[str], said: str
) -> None:
    ran = codearch("check", *arguments, cwd=shop)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_fail_on_a_severity(codearch: Callable, tree: Path) -> None:
    assert codearch("check", "--fail-on", "3", cwd=tree).code == 1
    assert codearch("check", "--fail-on", "4", cwd=tree).code == 0
    assert codearch("check", "web", "--fail-on", "3", cwd=tree).code == 0
    assert codearch("check", "web", "--fail-on", "2", "--format", "jsonl", cwd=tree).code == 1


def test_text_for_people(codearch: Callable, tree: Path) -> None:
    ran = codearch("check", cwd=tree)
    assert "app/orders.py:1: low unused-import: `os` is imported and never used" in ran.out
    assert "fix: Remove the import of `os`" in ran.out
    assert ran.out.splitlines()[-1].startswith("5 findings in 3 files: 1 medium, 2 low, 2 minor")
    assert "\x1b" not in ran.out
    assert codearch("check", "docs", cwd=tree).out == "No findings.\n"


def test_sarif_keeps_to_its_schema(codearch: Callable, tree: Path) -> None:
    log = codearch("check", "--format", "sarif", cwd=tree).json
    jsonschema.validate(log, json.loads(SCHEMA.read_text("utf-8")))
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(name for name, rule in all_rules().items() if rule.on)
    for result, (path, line, rule) in zip(run["results"], ALL, strict=True):
        assert rules[result["ruleIndex"]] == result["ruleId"] == rule
        place = result["locations"][0]["physicalLocation"]
        assert place["region"]["startLine"] == line
        assert place["artifactLocation"]["uri"] == path.replace("ü b", "%C3%BC%20b")
    assert [result["level"] for result in run["results"]] == [
        *("note", "warning", "note", "note", "note"),
    ]
    assert run["originalUriBaseIds"]["SRCROOT"]["uri"] == tree.as_uri() + "/"


def test_an_empty_run_is_sarif_too(codearch: Callable, tree: Path) -> None:
    log = codearch("check", "docs", "--format", "sarif", cwd=tree).json
    jsonschema.validate(log, json.loads(SCHEMA.read_text("utf-8")))
    assert log["runs"][0]["results"] == []


def test_accepted_findings_of_a_renamed_file_stay_away(codearch: Callable, tmp_path: Path) -> None:
    write(tmp_path, FILES)
    codearch("check", "--write-baseline", cwd=tmp_path)
    (tmp_path / "app" / "orders.py").rename(tmp_path / "app" / "carts.py")
    text = FILES["app/orders.py"] + "# TODO: another one\n"
    (tmp_path / "app" / "carts.py").write_text(text)
    write(tmp_path, {"app/prices.py": FILES["app/prices.py"].replace("orders", "carts")})
    ran = codearch("check", "--format", "jsonl", cwd=tmp_path)
    assert [(each["path"], each["message"]) for each in lines(ran.out)] == [
        ("app/carts.py", "TODO: another one")
    ]
    assert "gone from the baseline" not in ran.err
    baseline = (tmp_path / ".codearch" / "baseline.json").read_text()
    assert "carts.py" in baseline
    assert "orders.py" not in baseline


def test_accepted_findings_stay_away_and_the_baseline_only_shrinks(
    codearch: Callable, tmp_path: Path
) -> None:
    write(tmp_path, {"a.py": "import os\n# TODO: one\n", "b.py": "import json\n"})
    assert codearch("check", "--write-baseline", cwd=tmp_path).code == 0
    assert codearch("check", "--format", "jsonl", "--fail-on", "1", cwd=tmp_path).out == ""
    write(tmp_path, {"a.py": "import sys\n# TODO: one\n"})
    partly = codearch("check", "b.py", "--format", "jsonl", cwd=tmp_path)
    assert partly.out == partly.err == "", "a.py was not looked at"
    ran = codearch("check", "--format", "jsonl", cwd=tmp_path)
    assert places(ran.out) == [("a.py", 1, "unused-import")]
    assert "gone from the baseline" in ran.err
    write(tmp_path, {"a.py": "import os\n# TODO: one\n"})
    ran = codearch("check", "--format", "jsonl", cwd=tmp_path)
    assert places(ran.out) == [("a.py", 1, "unused-import")], "it was mended before"
    ran = codearch("check", "--format", "jsonl", "--no-baseline", cwd=tmp_path)
    assert len(places(ran.out)) == 3


def test_what_people_judged_is_left_out(codearch: Callable, tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import os\n# TODO: one\n"})
    first, second = lines(codearch("check", "--format", "jsonl", cwd=tmp_path).out)
    debt = (
        f'[[finding]]\nid = "{first["id"]}"\nstatus = "falsePositive"\n'
        f'[[finding]]\nid = "{second["id"]}"\nstatus = "inProgress"\n'
    )
    write(tmp_path, {".codearch/debt.toml": debt})
    left = lines(codearch("check", "--format", "jsonl", cwd=tmp_path).out)
    assert [each["id"] for each in left] == [second["id"]]


def test_changed_files_alone(codearch: Callable, repository: Any) -> None:
    write(repository.root, {"a.py": "import os\n", "b.py": "import os\n", "c d.py": "x = 1\n"})
    repository.commit("Begin")
    assert codearch("check", "--changed", cwd=repository.root).out == "No findings.\n"
    write(repository.root, {"b.py": "import os\n\n", "sub/new.py": "import re\n"})
    ran = codearch("check", "--changed", "--format", "jsonl", cwd=repository.root)
    assert [each[0] for each in places(ran.out)] == ["b.py", "sub/new.py"]
    only = codearch("check", "--changed", "sub", "--format", "jsonl", cwd=repository.root)
    assert [each[0] for each in places(only.out)] == ["sub/new.py"]
    repository.commit("Go on")
    write(repository.root, {"c d.py": "import io\n"})
    since = codearch("check", "--changed=HEAD~1", "--format", "jsonl", cwd=repository.root)
    assert [each[0] for each in places(since.out)] == ["b.py", "c d.py", "sub/new.py"]


def test_changed_without_git_says_what_is_lacking(codearch: Callable, tree: Path) -> None:
    ran = codearch("check", "--changed", cwd=tree)
    assert (ran.code, ran.out) == (3, "")
    assert "`git init`" in ran.err


LONG = "def draw(x):\n" + "    x += 1\n" * 85 + "    return x\n"


def test_new_findings_alone(codearch: Callable, repository: Any) -> None:
    write(repository.root, {"a.py": "import os\n\nos.name\n# TODO: old\n", "long.py": LONG})
    repository.commit("Begin")
    repository.git("switch", "-q", "-c", "feature")
    new = ("check", "--new", "--format", "jsonl", "--fail-on", "1")
    assert codearch(*new, cwd=repository.root).out == ""
    write(
        repository.root,
        {
            "a.py": "import os\n\n# TODO: old\n# TODO: mine\n",
            "long.py": LONG.replace("return x", "return x + 1"),
            "b.py": "# TODO: as well\n",
        },
    )
    repository.commit("Go on")
    ran = codearch(*new, cwd=repository.root)
    assert ran.code == 1
    assert places(ran.out) == [
        ("a.py", 1, "unused-import"),  # the line is old, what used it went
        ("a.py", 4, "todo"),
        ("b.py", 1, "todo"),
    ]
    both = codearch(*new, "b.py", cwd=repository.root)
    assert places(both.out) == [("b.py", 1, "todo")]
    assert codearch("check", "--new=HEAD", "--fail-on", "1", cwd=repository.root).code == 0
    everything = codearch("check", "--format", "jsonl", cwd=repository.root)
    assert len(places(everything.out)) == 5
    assert places(codearch("check", "--new=all", "--format", "jsonl", cwd=repository.root).out) == (
        places(everything.out)
    )


def test_two_alike_are_told_apart(codearch: Callable, repository: Any) -> None:
    write(repository.root, {"a.py": "# TODO: one\nx = 1\n"})
    repository.commit("Begin")
    write(repository.root, {"a.py": "# TODO: one\ny = 1\n# TODO: one\nx = 1\n"})
    (found,) = places(codearch("check", "--new", "--format", "jsonl", cwd=repository.root).out)
    assert found in {("a.py", 1, "todo"), ("a.py", 3, "todo")}


def test_a_note_that_is_put_into_other_words_is_as_old_as_it_was(
    codearch: Callable, repository: Any
) -> None:
    write(repository.root, {"a.py": "# TODO: one\nx = 1\n"})
    repository.commit("Begin")
    write(repository.root, {"a.py": "# TODO: `one`, soon\nx = 1\n"})
    assert codearch("check", "--new", "--format", "jsonl", cwd=repository.root).out == ""
    write(repository.root, {"a.py": "# TODO: `one`, soon\n# TODO: two\nx = 1\n# TODO: three\n"})
    found = places(codearch("check", "--new", "--format", "jsonl", cwd=repository.root).out)
    assert found == [("a.py", 2, "todo"), ("a.py", 4, "todo")]


@pytest.mark.parametrize(("lines", "told"), [(10, False), (40, True)])
def test_a_function_that_grew_too_long_is_new_if_a_good_part_of_it_is(
    codearch: Callable, repository: Any, lines: int, told: bool
) -> None:
    write(repository.root, {"long.py": LONG.replace("    x += 1\n", "", lines)})
    repository.commit("Begin")
    write(repository.root, {"long.py": LONG})
    found = places(codearch("check", "--new", "--format", "jsonl", cwd=repository.root).out)
    assert found == [("long.py", 1, "long-function")] * told


def test_what_is_accepted_stays_accepted_where_only_new_findings_are_shown(
    codearch: Callable, repository: Any
) -> None:
    write(repository.root, {"a.py": "# TODO: old\n"})
    codearch("check", "--write-baseline", cwd=repository.root)
    repository.commit("Begin")
    before = (repository.root / ".codearch" / "baseline.json").read_bytes()
    assert codearch("check", "--new", "--fail-on", "1", cwd=repository.root).code == 0
    assert (repository.root / ".codearch" / "baseline.json").read_bytes() == before
    ran = codearch("check", "--new", "--write-baseline", cwd=repository.root)
    assert (ran.code, ran.out) == (2, "")


def test_new_since_nobody_knows_what(codearch: Callable, repository: Any, tree: Path) -> None:
    write(repository.root, {"a.py": "# TODO: one\n"})
    repository.commit("Begin")
    ran = codearch("check", "--new=nowhere", cwd=repository.root)
    assert (ran.code, ran.out) == (2, "")
    assert "'nowhere'" in ran.err
    ran = codearch("check", "--new", cwd=tree)
    assert (ran.code, ran.out) == (3, "")
    assert "`git init`" in ran.err


def test_a_clone_that_is_cut_short_is_no_clean_bill(codearch: Callable, repository: Any) -> None:
    write(repository.root, {"a.py": "x = 1\n"})
    repository.commit("Begin")
    repository.git("switch", "-q", "-c", "feature")
    write(repository.root, {"b.py": "# TODO: one\n"})
    repository.commit("Feature")
    repository.git("switch", "-q", "main")
    repository.commit("Go on")
    clone = repository.root.parent / "clone"
    source = repository.root.as_uri()
    repository.git("clone", "-q", "--depth=1", "--no-single-branch", "-bfeature", source, clone)
    ran = codearch("check", "--new", "--fail-on", "1", cwd=clone)
    assert (ran.code, ran.out) == (3, "")
    assert "unshallow" in ran.err


def test_rules_that_are_off_run_when_asked_for(codearch: Callable, tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import os\n# TODO: one\n"})
    settings = "[rules.todo]\nenabled = false\n[rules.unused-import]\nseverity = 4\n"
    (tmp_path / "codearch.toml").write_text(settings)
    (found,) = lines(codearch("check", "--format", "jsonl", cwd=tmp_path).out)
    assert (found["rule"], found["severity"]) == ("unused-import", 4)
    (found,) = lines(codearch("check", "--rule", "todo", "--format", "jsonl", cwd=tmp_path).out)
    assert found["rule"] == "todo"


def test_changed_settings_hold_after_a_restart(
    codearch: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "0")
    write(tmp_path, {"a.py": "def draw(a, b, c):\n    return a\n"})
    assert codearch("check", cwd=tmp_path).out == "No findings.\n"
    (tmp_path / "codearch.toml").write_text("[rules.many-parameters]\nparameters = 2\n")
    (found,) = lines(codearch("check", "--format", "jsonl", cwd=tmp_path).out)
    assert found["rule"] == "many-parameters"


def test_findings_follow_their_files(codearch: Callable, tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import b\n", "b.py": "\nimport a\n\na.x\n"})
    before = lines(codearch("check", "--format", "jsonl", cwd=tmp_path).out)
    assert {each["rule"] for each in before} == {"import-cycle", "unused-import"}
    write(
        tmp_path, {"a.py": "# a comment\n\nimport b\n", "b.py": "# as well\n\n\nimport a\n\na.b\n"}
    )
    after = lines(codearch("check", "--format", "jsonl", cwd=tmp_path).out)
    (cycle,) = after
    assert (cycle["line"], cycle["related"][0]["line"]) == (3, 4)
    assert cycle["id"] in {each["id"] for each in before}


def test_an_import_is_unused_once_nobody_takes_it_from_there(
    codearch: Callable, tmp_path: Path
) -> None:
    passed_on = {"a.py": "from json import loads\n\n\ndef f(): ...\n"}
    write(tmp_path, {**passed_on, "b.py": "from a import loads\n\nloads('1')\n"})
    write(tmp_path, {"c.py": "import a\n\na.loads('1')\n"})
    assert codearch("check", cwd=tmp_path).out == "No findings.\n"
    write(tmp_path, {"b.py": "from a import f\n\nf()\n"})
    assert codearch("check", cwd=tmp_path).out == "No findings.\n"
    (tmp_path / "c.py").unlink()
    (found,) = lines(codearch("check", "--format", "jsonl", cwd=tmp_path).out)
    assert (found["path"], found["rule"]) == ("a.py", "unused-import")
    write(tmp_path, {"b.py": "from a import loads\n\nloads('1')\n"})
    assert codearch("check", cwd=tmp_path).out == "No findings.\n"


def test_metrics_one_line_a_function_and_metric(codearch: Callable, tree: Path) -> None:
    ran = codearch("metrics", "app", "--format", "jsonl", cwd=tree)
    place = {"path": "app/prices.py", "line": 4, "endLine": 7, "symbol": "draw"}
    assert lines(ran.out) == [
        {**place, "rule": "metric:cyclomatic", "value": 3},
        {**place, "rule": "metric:cognitive", "value": 2},
    ]
    assert codearch("metrics", "nowhere", cwd=tree).code == 2


def test_rules_say_all_about_themselves(codearch: Callable, tree: Path) -> None:
    listed = codearch("rules", "--json", cwd=tree).json["rules"]
    assert [rule["id"] for rule in listed] == sorted(all_rules())
    one = codearch("rules", "unused-import", "--json", cwd=tree).json
    assert one in listed
    assert set(one) >= {
        *(
            "id",
            "category",
            "severity",
            "check",
            "editor",
            "languages",
            "summary",
            "why",
            "example",
        ),
    }
    assert (one["check"], one["editor"]) == (True, False)
    page = codearch("rules", "high-complexity", cwd=tree).out
    assert "rules.high-complexity.complexity" in page
    assert all(name in codearch("rules", cwd=tree).out for name in all_rules())
    ran = codearch("rules", "nothing", cwd=tree)
    assert ran.code == 2
    assert "no rule nothing" in ran.err


def test_rules_are_listed_and_broken_settings_said(codearch: Callable, tmp_path: Path) -> None:
    (tmp_path / "codearch.toml").write_text("[rules.tood]\nenabled = false\n")
    ran = codearch("rules", cwd=tmp_path)
    assert ran.code == 0
    assert "todo" in ran.out
    assert 'Did you mean "todo"' in ran.err


def test_changed_files_are_found_without_the_repository_s_programs(
    codearch: Callable, repository: Any
) -> None:
    ran = repository.root.parent / "ran"
    program = repository.root.parent / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n")
    program.chmod(0o755)
    repository.write("codearch.toml", "")
    repository.write(".gitattributes", "*.py filter=theirs diff=theirs\n")
    repository.write("same.py", "# TODO: old\n")
    repository.write("edited.py", "# TODO: old\n")
    repository.commit("Begin")
    for key in ("clean", "smudge", "process"):
        repository.git("config", f"filter.theirs.{key}", str(program))
    for key in ("diff.theirs.textconv", "diff.theirs.command", "diff.external"):
        repository.git("config", key, str(program))
    repository.write("same.py", "# TODO: old\n")  # another time, the same text
    repository.write("edited.py", "# TODO: new\n")
    found = codearch("check", "--changed", "--format", "jsonl", cwd=repository.root)
    assert {path for path, _, _ in places(found.out)} == {"edited.py"}
    assert not ran.exists()


def test_fail_on_follows_what_people_say(codearch: Callable, tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "# TODO: one\n", "codearch.toml": "[rules.todo]\nseverity = 4\n"})

    def fails(severity: int = 4, *options: str) -> bool:
        ran = codearch("check", "--fail-on", severity, "--format", "jsonl", *options, cwd=tmp_path)
        assert ran.code in {0, 1}
        assert bool(lines(ran.out)) >= bool(ran.code)
        return bool(ran.code)

    def say(status: str) -> None:
        entry = f'[[finding]]\nid = "{number}"\nstatus = "{status}"\n'
        write(tmp_path, {".codearch/debt.toml": entry})

    (finding,) = lines(codearch("check", "--format", "jsonl", cwd=tmp_path).out)
    number = finding["id"]
    assert fails()
    assert not fails(5)
    for status, expected in {
        "open": True,
        "inProgress": True,
        "wontFix": False,
        "falsePositive": False,
    }.items():
        say(status)
        assert fails() is expected, status
    say("open")
    assert fails()
    codearch("check", "--write-baseline", cwd=tmp_path)
    assert not fails()
    assert fails(4, "--no-baseline")
    write(tmp_path, {"b.py": "# TODO: two\n"})
    assert fails(), "it came after the baseline"
    write(tmp_path, {"b.py": "# codearch: ignore[todo] as agreed\n# TODO: two\n"})
    assert not fails()
    write(tmp_path, {"codearch.toml": "[rules.todo]\nseverity = 2\n"})
    assert not fails(4, "--no-baseline")
    assert fails(2, "--no-baseline")


def test_a_rule_that_failed_on_a_file_is_said(codearch: Callable, tmp_path: Path) -> None:
    (tmp_path / "fees.py").write_text("def fee(net):\n    return net\n")
    assert codearch("check", cwd=tmp_path).err == ""
    broken = json.dumps({"fees.py": {"unreachable-code": "KeyError(3)"}, "gone.py": {"todo": ""}})
    with contextlib.closing(sqlite3.connect(root_cache(tmp_path) / "index.db")) as store, store:
        store.execute("INSERT INTO meta VALUES ('rules-broken', ?)", (broken,))
    said = codearch("check", cwd=tmp_path)
    assert "The rule unreachable-code failed on fees.py" in said.err
    assert "gone.py" not in said.err

"""Settings: layers, their order, and what is said of what cannot be obeyed."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from codearch.errors import SettingsError
from codearch.settings import (
    KnownRules,
    LoadedSettings,
    load_settings,
    rules_at,
    settings_keys,
    settings_schema,
)

if TYPE_CHECKING:
    from pathlib import Path

RULES = KnownRules(
    {"long-function": ("limit",), "clone": ("lines",), "todo": (), "security-sql": ()}, {"clone"}
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a user without settings; return the path of the user's file."""
    folder = tmp_path / "config" / "codearch"
    folder.mkdir(parents=True)
    monkeypatch.setattr(
        "codearch.settings.layers.user_settings_file", lambda: folder / "codearch.toml"
    )
    return folder / "codearch.toml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def load(root: Path, toml: str = "", **options: Any) -> LoadedSettings:
    if toml:
        (root / "codearch.toml").write_text(toml, "utf-8")
    options.setdefault("environment", {})
    return load_settings(root, **options)


def messages(loaded: LoadedSettings) -> str:
    return "\n".join(f"{one.message} {one.mend}" for one in loaded.problems)


def test_without_any_file_the_defaults_hold_and_nothing_is_said(root: Path) -> None:
    loaded = load(root)
    assert loaded.problems == ()
    assert loaded.settings.index.max_file_kb == 1024
    assert loaded.settings.search.limit == 10


def test_the_stronger_layer_wins_key_by_key(root: Path, home: Path) -> None:
    home.write_text("[search]\nlimit = 1\n[index]\nmaxFileKb = 1\n[history]\nmaxCommits = 1\n")
    toml = "[search]\nlimit = 2\n[index]\nmaxFileKb = 2\n[hover]\nenabled = false\n"
    loaded = load(
        root,
        toml,
        environment={"CODEARCH_SEARCH_LIMIT": "3", "CODEARCH_HOVER_ENABLED": "true"},
        client={"search": {"limit": 4}},
    )
    settings = loaded.settings
    assert (settings.search.limit, settings.hover.enabled) == (4, True)
    assert (settings.index.max_file_kb, settings.history.max_commits) == (2, 1)
    assert loaded.problems == ()


def test_tables_of_globs_and_rules_merge(root: Path) -> None:
    loaded = load(
        root,
        '[files.exclude]\n"**/a" = true\n"**/b" = true\n[rules.long-function]\nlimit = 90\n',
        client={"files": {"exclude": {"**/b": False}}, "rules": {"long-function": {"severity": 4}}},
    )
    assert loaded.settings.files.exclude == {"**/a": True, "**/b": False}
    rule = loaded.settings.rules["long-function"]
    assert (rule.enabled, rule.severity, rule.limits) == (None, 4, {"limit": 90})


def test_pyproject_serves_where_there_is_no_file_of_our_own(root: Path) -> None:
    (root / "pyproject.toml").write_text("[tool.codearch.search]\nlimit = 7\n")
    assert load(root).settings.search.limit == 7


def test_of_two_workspace_files_the_own_one_wins_and_that_is_said(root: Path) -> None:
    (root / "pyproject.toml").write_text("[tool.codearch.search]\nlimit = 7\n")
    loaded = load(root, "[search]\nlimit = 8\n")
    assert loaded.settings.search.limit == 8
    assert "[tool.codearch] is ignored" in messages(loaded)


def test_a_pyproject_of_others_is_none_of_our_business(root: Path) -> None:
    (root / "pyproject.toml").write_text("[project\nname = broken")
    assert load(root).problems == ()


def test_an_unknown_key_is_named_with_its_file_and_the_nearest_right_one(root: Path) -> None:
    loaded = load(root, "[index]\nmax_file_kb = 5\n[search]\nlimit = 3\n")
    said = messages(loaded)
    assert str(root / "codearch.toml") in said
    assert "`index.max_file_kb`" in said
    assert '"index.maxFileKb"' in said
    assert loaded.settings.search.limit == 3, "the rest is obeyed"


@pytest.mark.parametrize(
    ("toml", "hint"),
    [
        ("[serch]\nlimit = 3", '"search"'),
        ("limit = 3", '"search.limit"'),
        ("[code-lens]\nenabled = true", '"codeLens"'),
        ("[index]\nexcludes = ['a']", '"index.exclude"'),
    ],
)
def test_hints(root: Path, toml: str, hint: str) -> None:
    assert hint in messages(load(root, toml))


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[index]\nmaxFileKb = "big"', 'a whole number from 1 to 65536, not "big"'),
        ("[index]\nmaxFileKb = 0", "a whole number from 1 to 65536, not 0"),
        ("[index]\nmaxFileKb = 1.5", "not 1.5"),
        ("[index]\nexclude = 'a'", "a list, each a text"),
        ("[index]\nexclude = ['a', 3]", "a list, each a text"),
        ("[diagnostics]\nmode = 'loud'", "one of auto, pull, push"),
        ("[hover]\nenabled = 1", "true or false, not 1"),
        ("[files.exclude]\n'**/x' = 'yes'", "`files.exclude.**/x` must be true or false"),
        ("[rules.todo]\nseverity = 6", "`rules.todo.severity` must be a whole number from 1 to 5"),
        ("[rules.todo]\nlimit = 'x'", "`rules.todo.limit` must be a number"),
        ("index = 5", "`index` must be an object"),
        ("[search]\nlimit = 2020-01-01", "`search.limit` must be a whole number"),
    ],
)
def test_a_wrong_value_is_explained_and_the_default_stays(root: Path, toml: str, said: str) -> None:
    loaded = load(root, toml)
    assert said in messages(loaded)
    assert loaded.settings == load_settings(root / "nowhere", environment={}).settings
    with pytest.raises(SettingsError, match=r"codearch\.toml"):
        loaded.obeyed()


@pytest.mark.parametrize(
    "content",
    [b"[index", b"\xff\xfe\x00", b"a = " + b"[" * 5000, b"#" * 1_000_001],
    ids=["broken", "not UTF-8", "nested", "too large"],
)
def test_a_file_that_cannot_be_read_is_said_and_costs_nothing_else(
    root: Path, content: bytes
) -> None:
    (root / "codearch.toml").write_bytes(content)
    loaded = load(root, client={"search": {"limit": 4}})
    assert "codearch.toml is ignored" in messages(loaded)
    assert loaded.settings.search.limit == 4
    with pytest.raises(SettingsError):
        loaded.obeyed()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name is POSIX")
def test_a_pipe_named_as_our_file_is_not_waited_for(root: Path) -> None:
    os.mkfifo(root / "codearch.toml")
    assert load(root).problems == ()


@pytest.mark.parametrize(
    "toml",
    [
        "[model]\nname = 'theirs'",
        "[model]\ndir = '/tmp/theirs'",
        "[model]\ndevice = 'cpu'",
        "[log]\nlevel = 'debug'",
        "[index]\nworkers = 64",
        "[indexer]\nidleSeconds = 86400",
        "[vectors]\nstore = 's3://theirs'",
        "[vectors]\nendpoint = 'https://example.com'",
        "[vectors]\nreadOnly = true",
    ],
)
def test_a_workspace_cannot_set_what_is_the_users_own(root: Path, toml: str) -> None:
    loaded = load(root, toml)
    assert loaded.settings == load_settings(root / "nowhere", environment={}).settings
    assert "a workspace may not set it" in messages(loaded)
    loaded.obeyed()  # ignored is not disobeyed


def test_the_user_the_environment_and_the_client_can(root: Path, home: Path) -> None:
    home.write_text("[model]\nname = 'mine'\n")
    environment = {"CODEARCH_MODEL_DIR": "/models", "CODEARCH_INDEX_WORKERS": "3"}
    loaded = load(root, environment=environment, client={"log": {"level": "debug"}})
    settings = loaded.settings
    assert (settings.model.name, settings.model.dir) == ("mine", "/models")
    assert (settings.index.workers, settings.log.level) == (3, "debug")
    assert loaded.problems == ()


def test_the_environment_takes_lists_and_objects(root: Path) -> None:
    environment = {
        "CODEARCH_INDEX_EXCLUDE": "build/, *.min.js",
        "CODEARCH_FILES_EXCLUDE": '{"**/gen": true}',
        "CODEARCH_RULES": '{"todo": {"enabled": false}}',
        "CODEARCH_SEARCH_VECTORS": "0",
        "CODEARCH_CACHE_DIR": "/somewhere",
        "CODEARCH_HOVER_ENABLED": "",
    }
    loaded = load(root, environment=environment)
    settings = loaded.settings
    assert settings.index.exclude == ("build/", "*.min.js")
    assert settings.files.exclude == {"**/gen": True}
    assert settings.rules["todo"].enabled is False
    assert settings.search.vectors is False
    assert loaded.problems == ()


def test_mistakes_in_the_environment_name_the_variable(root: Path) -> None:
    environment = {"CODEARCH_SERCH_LIMIT": "3", "CODEARCH_LOG_LEVEL": "loud"}
    said = messages(load(root, environment=environment))
    assert '"CODEARCH_SEARCH_LIMIT"' in said
    assert "`CODEARCH_LOG_LEVEL` must be one of" in said


def test_an_editor_that_sends_null_has_not_set_the_key(root: Path) -> None:
    loaded = load(root, "[search]\nlimit = 5\n", client={"search": {"limit": None}, "rules": {}})
    assert loaded.settings.search.limit == 5
    assert loaded.problems == ()


def test_rules_are_compared_with_those_that_exist(root: Path) -> None:
    toml = "[rules.long-functions]\nenabled = true\n[rules.long-function]\nlimits = 3\n"
    said = messages(load(root, toml, known_rules=RULES))
    assert '"long-function"' in said
    toml = "[rules.long-function]\nlimt = 3\n"
    assert '"limit"' in messages(load(root, toml, known_rules=RULES))


OVERRIDES = """
[rules.long-function]
limit = 80
severity = 3
[overrides."tests/**".rules.long-function]
limit = 200
[overrides."*_slow.py".rules.long-function]
limit = 300
enabled = false
[overrides."web/".rules."*"]
severity = 1
"""


def test_an_override_holds_for_the_files_of_its_glob_and_says_no_more_than_it_does(
    root: Path,
) -> None:
    loaded = load(root, OVERRIDES, known_rules=RULES)
    assert loaded.problems == ()
    assert rules_at(loaded.settings, "shop/bill.py") == loaded.settings.rules
    tests = rules_at(loaded.settings, "tests/a/test_bill.py")["long-function"]
    assert (tests.enabled, tests.severity, tests.limits) == (None, 3, {"limit": 200})
    slow = rules_at(loaded.settings, "tests/bill_slow.py")["long-function"]
    assert (slow.enabled, slow.severity, slow.limits) == (False, 3, {"limit": 300})
    web = rules_at(loaded.settings, "old/web/page.py")
    assert {rule: each.severity for rule, each in web.items()} == dict.fromkeys(RULES.limits, 1)


def test_an_override_of_a_stronger_layer_wins_whichever_its_glob(root: Path, home: Path) -> None:
    home.write_text(
        "[overrides.'*.py'.rules.todo]\nseverity = 1\n[overrides.'a/'.rules.todo]\nseverity = 2\n"
    )
    toml = "[overrides.'*.py'.rules.todo]\nseverity = 4\n"
    client = {"overrides": {"a/b.py": {"rules": {"todo": {"enabled": False}}}}}
    settings = load(root, toml, client=client, known_rules=RULES).settings
    assert rules_at(settings, "a/x.py")["todo"].severity == 4
    assert rules_at(settings, "a/b.py")["todo"].enabled is False


def test_a_pattern_of_rules_gives_way_to_a_rule_s_name_in_its_file_alone(
    root: Path, home: Path
) -> None:
    home.write_text("[rules.todo]\nseverity = 5\n")
    toml = "[rules]\ntodo.enabled = true\nsecurity-sql.severity = 4\n"
    toml += (
        "'*' = { enabled = false, severity = 1 }\n'security-*' = { severity = 2, enabled = true }"
    )
    loaded = load(root, toml, known_rules=RULES)
    rules = loaded.settings.rules
    assert loaded.problems == ()
    assert (rules["todo"].enabled, rules["todo"].severity) == (True, 1)
    assert (rules["security-sql"].enabled, rules["security-sql"].severity) == (True, 4)
    assert rules["clone"].enabled is False


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[overrides.'a['.rules.todo]\nseverity = 1", 'codearch.toml: `overrides."a["` is ignored'),
        ("[overrides.'/'.rules.todo]\nseverity = 1", "needs a folder, a file or a glob"),
        (
            "[overrides.'a/'.rules.tudo]\nseverity = 1",
            '`overrides."a/".rules.tudo.severity`. Did you mean "todo"?',
        ),
        (
            "[overrides.'a/'.rules.todo]\nseverity = 9",
            '`overrides."a/".rules.todo.severity` must be a whole number from 1 to 5',
        ),
        (
            "[overrides.'a/'.rules.long-function]\nlimt = 9",
            '`overrides."a/".rules.long-function.limt`. Did you mean "limit"?',
        ),
        (
            "[overrides.'a/'.rules.clone]\nlines = 9",
            "clone looks at all files at once. Set `rules.clone.lines` for all files.",
        ),
        ("[overrides.'a/'.rule.todo]\nseverity = 1", '`overrides."a/".rule`'),
        ("[overrides.'a/']\nrules = 3", '`overrides."a/".rules` must be'),
        ("[overrides]\nrules = 3", '`overrides."rules"` must be an object'),
        ("[rules.'secure-*']\nenabled = false", "unknown key `rules.secure-*"),
    ],
)
def test_what_is_wrong_with_an_override_is_said(root: Path, toml: str, said: str) -> None:
    loaded = load(root, toml, known_rules=RULES)
    assert said in messages(loaded)
    assert loaded.disobeyed
    assert rules_at(loaded.settings, "a/x.py").get("todo") is None


def test_every_key_is_described_and_has_a_scope() -> None:
    for key in settings_keys():
        assert key.description.endswith("."), key.path
        assert key.scope in ("workspace", "user"), key.path
        assert key.path.partition(".")[0] != "model" or key.scope == "user", key.path


def test_the_schema_accepts_the_defaults_and_what_the_loader_accepts() -> None:
    schema = settings_schema()
    json.dumps(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    good = {
        "index": {"exclude": ["a"], "workers": 2},
        "rules": {"todo": {"enabled": None, "severity": 2, "limit": 3}},
        "files": {"exclude": {"**/x": True}},
        "overrides": {"tests/**": {"rules": {"todo": {"enabled": False}}}},
    }
    jsonschema.validate(good, schema)
    for bad in ({"index": {"maxFileKB": 1}}, {"search": {"limit": 101}}, {"rules": {"todo": 1}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, schema)

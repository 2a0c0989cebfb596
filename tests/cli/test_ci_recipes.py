"""The recipes of docs/ci.md and the hooks fail on new findings alone: their shell lines are run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

yaml = pytest.importorskip("yaml")

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Workspace

REPOSITORY = Path(__file__).resolve().parents[2]
SCHEMA = REPOSITORY / "tests" / "cases" / "sarif-2.1.0-subset.schema.json"
RECIPES = (REPOSITORY / "docs" / "ci.md").read_text("utf-8")
OLD = "def draw(a, b, c, d, e, f, g, h):\n    return a\n"
GRAVE = "import pickle\n\n\ndef load(request):\n    return pickle.loads(request.data)\n"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", RECIPES, re.DOTALL)


def recipe(file: str) -> Any:
    (found,) = [each for each in blocks("yaml") if each.startswith(f"# {file}")]
    return yaml.safe_load(found)


def github() -> tuple[list[str], dict[str, str]]:
    steps = recipe(".github/workflows/codearch.yml")["jobs"]["debt"]["steps"]
    assert steps[0]["with"]["fetch-depth"] == 0
    assert steps[-1]["if"] == "always()"
    return [each["run"] for each in steps if "run" in each], {"GITHUB_BASE_REF": "main"}


def gitlab() -> tuple[list[str], dict[str, str]]:
    job = recipe(".gitlab-ci.yml")["codearch"]
    assert job["variables"] == {"GIT_DEPTH": "0"}
    assert job["artifacts"]["when"] == "always"
    return job["script"], {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "$(git merge-base HEAD origin/main)"}


def azure() -> tuple[list[str], dict[str, str]]:
    steps = recipe("azure-pipelines.yml")["steps"]
    assert steps[0]["fetchDepth"] == 0
    assert steps[-1]["condition"] == "always()"
    variables = {"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"}
    return [each["script"] for each in steps if "script" in each], variables


@pytest.fixture
def tools(tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put this `codearch` into the PATH, and a `pip` that installs nothing."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, does in (
        ("codearch", f'exec "{sys.executable}" -m codearch "$@"'),
        ("pip", "exit 0"),
    ):
        (folder / name).write_text(f"#!/bin/sh\n{does}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "1")
    return None


@pytest.fixture
def request_of(repository: Workspace, tmp_path: Path) -> Workspace:
    """Return the checkout that a host makes of a request: its merge into `main`, detached."""
    repository.write("codearch.toml", "")
    repository.write("old.py", OLD)
    repository.commit("Begin")
    repository.git("switch", "-q", "-c", "feature")
    repository.write("old.py", "# a comment\n" + OLD)
    repository.commit("Comment")
    repository.git("switch", "-q", "main")
    repository.write("other.py", OLD)
    repository.commit("Meanwhile")
    clone = type(repository)(tmp_path / "checkout")
    repository.git("clone", "-q", str(repository.root), str(clone.root))
    clone.git("switch", "-q", "--detach")
    identity = ("-c", "user.name=Host", "-c", "user.email=host@example.org")
    clone.git(*identity, "merge", "-q", "--no-ff", "-m", "Merge", "origin/feature")
    return clone


def run(checkout: Workspace, lines: list[str], variables: dict[str, str]) -> int:
    """Run the lines of a recipe as hosts do: each by a shell, until one fails."""
    for line in lines:
        given = "".join(f'export {name}="{value}"\n' for name, value in variables.items())
        script = f"set -e\n{given}{line}"
        done = subprocess.run(["bash", "-c", script], cwd=checkout.root, check=False)
        if done.returncode:
            return done.returncode
    return 0


@pytest.mark.parametrize("host", [github, gitlab, azure])
def test_a_recipe_fails_on_new_findings_alone(
    tools: None, request_of: Workspace, host: Any
) -> None:
    lines, variables = host()
    log = request_of.root / "codearch.sarif"
    assert run(request_of, lines, variables) == 0, "what is old fails nobody"
    assert json.loads(log.read_text())["runs"][0]["results"] == []
    request_of.write("new.py", GRAVE)
    request_of.commit("Load")
    assert run(request_of, lines, variables) == 1
    told = json.loads(log.read_text())
    jsonschema.validate(told, json.loads(SCHEMA.read_text("utf-8")))
    places = [each["locations"][0]["physicalLocation"] for each in told["runs"][0]["results"]]
    assert {each["artifactLocation"]["uri"] for each in places} == {"new.py"}


def hooks() -> list[str]:
    listed = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert [each["id"] for each in listed] == ["codearch", "codearch-system"]
    assert {each["language"] for each in listed} == {"python", "system"}
    assert not any(each["pass_filenames"] for each in listed)
    (script,) = blocks("sh")
    return sorted({*(f"#!/bin/sh\nexec {each['entry']}\n" for each in listed), script})


def test_a_hook_holds_up_a_commit_that_brings_a_finding(tools: None, repository: Workspace) -> None:
    (hook,) = hooks()
    repository.write("codearch.toml", "")
    repository.write("old.py", OLD)
    repository.commit("Begin")
    written = repository.write(".git/hooks/pre-commit", hook)
    written.chmod(0o755)
    repository.write("old.py", "# a comment\n" + OLD)
    repository.commit("Comment")
    repository.write("new.py", GRAVE)
    with pytest.raises(AssertionError, match="security-deserialisation"):
        repository.commit("Load")
    assert repository.git("log", "-1", "--format=%s").strip() == "Comment"

"""Documents say what the code does: generated ones are up to date, links and commands exist."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from codearch.cli import program
from codearch.settings import settings_keys

if TYPE_CHECKING:
    from types import ModuleType

REPOSITORY = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/*.md")])


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", REPOSITORY / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "path",
    ["docs/settings.md", "docs/protocol.md", "docs/cache.md", "THIRD-PARTY-NOTICES.md"],
)
def test_generated_documents_are_up_to_date(path: str) -> None:
    written = (REPOSITORY / path).read_text("utf-8")
    assert written == generator().DOCUMENTS[path](), "run `make docs`"


def test_every_setting_is_documented() -> None:
    text = (REPOSITORY / "docs" / "settings.md").read_text("utf-8")
    for key in settings_keys():
        assert f"`{key.path}`" in text


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", _prose(path)):
        if not re.match(r"[a-z]+:", target):
            file, _, anchor = target.partition("#")
            aim = (path.parent / file) if file else path
            assert aim.exists(), f"{path.name}: {target}"
            if anchor and aim.suffix == ".md":
                assert anchor in _anchors(aim), f"{path.name}: {target}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_that_documents_name_exist(path: Path) -> None:
    context = program.make_context("codearch", ["--help"], resilient_parsing=True)
    known = {*program.list_commands(context), "lsp"}
    for name in re.findall(r"`codearch ([a-z]+)\b", _prose(path)):
        assert name in known, f"{path.name}: codearch {name}"


def _prose(path: Path) -> str:
    """Return a document without its code blocks."""
    return re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)


def _anchors(path: Path) -> set[str]:
    """Return the anchors that a Markdown file's headings make."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}

"""Documents say what the code does: generated ones are up to date, links and commands exist."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from codearch.cli import program
from codearch.settings import settings_keys

if TYPE_CHECKING:
    from types import ModuleType

REPOSITORY = Path(__file__).resolve().parents[1]
GUIDE = REPOSITORY / "docs" / "guide"
DOCUMENTS = sorted(
    [
        *REPOSITORY.glob("*.md"),
        *REPOSITORY.glob("docs/**/*.md"),
        *REPOSITORY.glob("clients/*/README.md"),
    ]
)
PICTURE_BYTES = 200_000


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


def _name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", _prose(path)):
        if not re.match(r"[a-z]+:", target):
            file, _, anchor = target.partition("#")
            aim = (path.parent / file) if file else path
            assert aim.exists(), f"{path.name}: {target}"
            if anchor and aim.suffix == ".md":
                assert anchor in _anchors(aim), f"{path.name}: {target}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_commands_that_documents_name_exist(path: Path) -> None:
    prose = re.findall(r"`codearch ([a-z]+\b[^`]*)`", _prose(path))
    typed = re.findall(
        r"^(?:\$ |.*(?:: |exec |- |\| ))?codearch ([a-z]+\b.*)", _blocks(path), flags=re.MULTILINE
    )
    for line in [*prose, *typed]:
        words = line.split()
        options = _options_of(words)
        for option in re.findall(
            r"(?<=\s)--[a-z][a-z-]*", line.partition("#")[0].partition("|")[0]
        ):
            assert option in options, f"{_name(path)}: codearch {line}"


def test_words_that_the_guide_quotes_are_said_somewhere() -> None:
    said = _all_words(
        *REPOSITORY.glob("server/codearch/**/*.py"),
        *REPOSITORY.glob("clients/*/src/**/*.ts"),
        *REPOSITORY.glob("clients/neovim/lua/**/*.lua"),
    )
    text = " ".join(_prose(GUIDE / "troubleshooting.md").split())
    text = re.sub("`[^`]*`", lambda code: "" if '"' in code[0] else code[0], text)
    for quoted in re.findall(r'"([^"]+)"', text):
        parts = [part.strip(" ;.,:`") for part in re.split("…|[0-9]+|[.;] ", quoted)]
        for part in parts:
            assert _only_words(part) in said, f"{quoted!r}: nobody says {part!r}"


def test_pictures_are_small_and_shown() -> None:
    shown = "".join(each.read_text("utf-8") for each in DOCUMENTS)
    pictures = sorted((GUIDE / "pictures").glob("*.png"))
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size <= PICTURE_BYTES, picture.name
        assert f"pictures/{picture.name}" in shown, f"no document shows {picture.name}"


def _options_of(words: list[str]) -> set[str]:
    """Return the options of the command that words name, beginning with its first name."""
    command: click.Command = program
    while isinstance(command, click.Group):
        context = click.Context(command)
        found = command.get_command(context, words[0]) if words else None
        if found is None:
            assert command is not program, f"there is no codearch {words[0]}"
            break
        command, words = found, words[1:]
    return {"--help"} | {option for each in command.params for option in each.opts}


def _all_words(*paths: Path) -> str:
    return _only_words("".join(path.read_text("utf-8") for path in paths))


def _only_words(text: str) -> str:
    """Return letters and digits alone: strings are broken over lines, and have holes."""
    return re.sub(r"\\n|\W|\bf(?=\")", "", text)


def _blocks(path: Path) -> str:
    """Return a document's code blocks."""
    return "\n".join(re.findall(r"```[a-z]*\n(.*?)```", path.read_text("utf-8"), flags=re.DOTALL))


def _prose(path: Path) -> str:
    """Return a document without its code blocks."""
    return re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)


def _anchors(path: Path) -> set[str]:
    """Return the anchors that a Markdown file's headings make."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}

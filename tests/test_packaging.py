"""The package brings all that it needs, and works outside the clone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

from codearch import __version__
from codearch.detectors import all_rules
from codearch.languages import all_languages

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = REPOSITORY / "server" / "codearch"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as `pip install .` does, with the build tools that are installed."""
    folder = tmp_path_factory.mktemp("dist")
    command = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), REPOSITORY]
    built = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds nothing but the installed wheel."""
    folder = tmp_path_factory.mktemp("installed")
    command = ["-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", folder, wheel]
    subprocess.run([sys.executable, *command], check=True)
    return folder


def python(installed: Path, *arguments: str) -> str:
    """Run Python on the installed package, far from the clone."""
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=installed.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def test_every_module_and_the_model_are_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {path.relative_to(PACKAGE.parent).as_posix() for path in PACKAGE.rglob("*.py")}
    assert modules <= names
    assert "codearch/py.typed" in names
    model = {f"codearch/models/static/{path.name}" for path in _model_files()}
    assert model
    assert model <= names
    pages = {f"codearch/detectors/pages/{rule}.md" for rule in all_rules()}
    assert pages <= names
    assert not [name for name in names if name.startswith("tests/")]


def test_licence_and_notices_come_along(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for name in ("LICENSE", "THIRD-PARTY-NOTICES.md"):
        assert any(one.endswith(f"dist-info/licenses/{name}") for one in names), name


def test_the_metadata_names_command_and_grammars(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (folder,) = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}
    headers = HeaderParser().parsestr(archive.read(f"{folder}/METADATA").decode())
    assert headers["Name"] == "codearchaeologist"
    assert headers["Version"] == __version__
    assert "codearch = codearch.cli:main" in archive.read(f"{folder}/entry_points.txt").decode()
    needed = {re.split(r"[<>=~ ;]", one)[0] for one in headers.get_all("Requires-Dist") or []}
    grammars = {
        language.grammar.__module__.partition(".")[0].replace("_", "-")
        for language in all_languages().values()
        if language.grammar is not None
    }
    assert {one for one in grammars if one.startswith("tree-sitter")} <= needed


def test_the_installed_package_runs_outside_the_clone(installed: Path) -> None:
    assert python(installed, "-m", "codearch", "--version") == f"codearch {__version__}"
    place = "from codearch.embedding.shipped import shipped_folder; print(shipped_folder())"
    assert Path(python(installed, "-c", place)).is_relative_to(installed)
    encode = (
        "from codearch.embedding.shipped import shipped_encoder as load;"
        "print(load().encode_queries(['open a file']).shape[0])"
    )
    assert python(installed, "-c", encode) == "1"


def _model_files() -> list[Path]:
    return [path for path in (REPOSITORY / "models" / "static").iterdir() if path.is_file()]

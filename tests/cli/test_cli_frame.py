"""The command line's frame: exit codes, help, streams, and what it does not import."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from codearch import __version__
from codearch.cli import program, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAVY = ("lancedb", "pygls", "lsprotocol", "networkx", "numpy", "tree_sitter", "rich", "psutil")


def names() -> list[str]:
    return program.list_commands(
        program.make_context("codearch", ["--help"], resilient_parsing=True)
    )


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["schema", "--help"]])
def test_help_and_version_import_nothing_large(arguments: list[str]) -> None:
    ran = python(
        "import sys; from codearch.cli import run;"
        f"code = run({arguments!r});"
        f"print([name for name in {HEAVY!r} if name in sys.modules], code)"
    )
    assert ran.stdout.splitlines()[-1] == "[] 0"


def test_a_search_does_not_import_the_vector_store() -> None:
    ran = python(
        "import sys, codearch.cli.search;"
        "print([name for name in ('lancedb', 'pyarrow', 'pygls', 'networkx', 'onnxruntime')"
        " if name in sys.modules])"
    )
    assert ran.stdout.strip() == "[]"


def test_version(codearch: Callable) -> None:
    assert codearch("--version").out == f"codearch {__version__}\n"


def test_help_lists_every_command_with_a_sentence(codearch: Callable) -> None:
    text = codearch("--help").out
    for name in names():
        (line,) = [line for line in text.splitlines() if line.split()[:1] == [name]]
        assert len(line.split()) > 3, line


@pytest.mark.parametrize("name", names())
def test_every_command_has_help_with_examples_and_takes_a_root(
    codearch: Callable, name: str
) -> None:
    ran = codearch(name, "--help")
    assert ran.code == 0
    assert f"codearch {name}" in ran.out.partition("Usage:")[2].partition("\n")[2]
    assert "Examples:" in ran.out
    groups = ("cache", "models", "patterns")
    inner = codearch(name, "list", "--help").out if name in groups else ran.out
    assert "--root" in inner


@pytest.mark.parametrize("name", ["list", "clear", "budget"])
def test_commands_of_the_cache_have_examples_too(codearch: Callable, name: str) -> None:
    _, _, examples = codearch("cache", name, "--help").out.partition("Examples:")
    assert f"codearch cache {name}" in examples
    assert "..." not in codearch("cache", "--help").out.partition("Commands:")[2]


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["search"],
        ["search", "a", "--stdin"],
        ["search", "a", "--limit", "101"],
        ["search", "a", "--limit", "0"],
        ["search", "a", "--mode", "magic"],
        ["search", ""],
        ["search", "a", "--kind", "gadget"],
        ["search", "a", "--root", "/no/such/folder"],
        ["similar", "shop/taxes.py"],
        ["graph", "everything"],
        ["explain"],
        ["index", "--no-such-option"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_says_so_on_standard_error(
    codearch: Callable, arguments: list[str]
) -> None:
    ran = codearch(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.strip()


@pytest.mark.parametrize(
    "toml",
    [
        "[index\n",
        "[index]\nmaxFileKb = 'x'\n",
        "[serch]\nlimit = 1\n",
        "[rules.tood]\nenabled = true\n",
    ],
    ids=repr,
)
def test_a_settings_file_that_cannot_be_obeyed_ends_with_2(
    codearch: Callable, tmp_path: Path, toml: str
) -> None:
    (tmp_path / "codearch.toml").write_text(toml)
    ran = codearch("search", "a", cwd=tmp_path)
    assert ran.code == 2
    assert "codearch.toml" in ran.err


def test_what_a_workspace_may_not_set_ends_nothing(codearch: Callable, tmp_path: Path) -> None:
    (tmp_path / "codearch.toml").write_text("[model]\nname = 'theirs'\n")
    (tmp_path / "a.py").write_text("def f(): pass\n")
    assert codearch("search", "f", cwd=tmp_path).code == 0


def test_a_cache_that_cannot_be_written_ends_with_3(
    codearch: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "a.py").write_text("x = 1\n")
    monkeypatch.setenv("CODEARCH_CACHE_DIR", str(tmp_path / "file"))
    ran = codearch("search", "x", cwd=tmp_path)
    assert ran.code == 3
    assert ran.err.startswith("codearch: ")
    assert "Traceback" not in ran.err
    assert codearch("doctor", cwd=tmp_path).code == 3


def test_an_interrupt_ends_with_130(codearch: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("codearch.cli.search.session", interrupted)
    assert codearch("search", "a").code == 130


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe that closes early is POSIX")
def test_a_reader_that_goes_away_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "codearch", "schema"]
    with os.fdopen(write, "wb") as gone:
        ran = subprocess.run(command, stdout=gone, stderr=subprocess.PIPE, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(codearch: Callable, shell: str) -> None:
    assert "_CODEARCH_COMPLETE" in codearch("completion", shell).out


def test_completion_knows_commands_and_options(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {
        **os.environ,
        "_CODEARCH_COMPLETE": "bash_complete",
        "COMP_WORDS": "codearch sea",
        "COMP_CWORD": "1",
    }
    ran = subprocess.run(
        [sys.executable, "-c", "from codearch.cli import main; main()"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert "plain,search" in ran.stdout


def test_names_that_are_no_utf8_are_printed_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["search", "x", "--root", "/no/such/\udcff"]) == 2
    assert capsys.readouterr().err

"""What docs/adding.md shows is true: each example, in a folder of its own, is found and works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "adding.md"
BLOCK = re.compile(
    r"^( *)```python\n\1# (?P<path>[a-z_/]+\.py)\n(?P<code>.*?)^\1```", re.MULTILINE | re.DOTALL
)

# In a process of its own: an example must not stay behind in the packages of other tests.
PROLOGUE = """
import codearch.{package} as package
package.__path__.append({folder!r})
"""
CHECKS = {
    "languages/hosts.py": """
        from codearch import languages
        from codearch.parse import parse
        language = languages.by_path("office.hosts")
        facts = parse(b"[printers]\\n10.0.0.7\\n", language)
        print(language.name, [one.name for one in facts.symbols if one.kind == "section"])
    """,
    "detectors/star_import.py": """
        from codearch.detectors import FileView, all_rules, run_file
        from codearch.languages import by_name
        from codearch.parse import parse
        source = b"from shapes import *\\nfrom lines import Line\\n"
        view = FileView("a.py", parse(source, by_name("python")), source)
        found = run_file([all_rules()["star-import"]], view)
        print([(one.rule, one.span.line, one.message) for one in found])
    """,
    "commands/longest.py": """
        from pathlib import Path
        from codearch.commands._schema import all_commands, schemas
        from codearch.cli._session import session
        Path("short.py").write_text("x = 1\\n")
        Path("long.py").write_text("x = 1\\ny = 2\\n")
        Path("codearch.toml").touch()
        with session(None) as context:
            answer = all_commands()["codearch.longest"].answer(context, {"limit": 1})
        print(answer, "LongestQuery" in schemas()["$defs"])
    """,
    "cli/longest.py": """
        from pathlib import Path
        from codearch.cli import run
        Path("a.py").write_text("x = 1\\n")
        Path("codearch.toml").touch()
        print(run(["longest"]), run(["--help"]))
    """,
    "embedding/backends/house_bert.py": """
        from codearch.embedding.backends import backend
        model = backend("house-bert")
        print(model.repository, model.dimension, model.fallback)
    """,
    "features/folding_range.py": """
        from codearch.server.registering import all_features
        print(all_features()["textDocument/foldingRange"].method)
    """,
}
PRINTED = {
    "languages/hosts.py": "hosts ['printers']",
    "detectors/star_import.py": "('star-import', 0, 'everything of `shapes` is imported')",
    "commands/longest.py": "{'paths': ['long.py']} True",
    "cli/longest.py": "longest     The longest files.",
    "embedding/backends/house_bert.py": "example/house-bert 768 codebert",
    "features/folding_range.py": "textDocument/foldingRange",
}


def examples() -> dict[str, str]:
    text = GUIDE.read_text("utf-8")
    return {match["path"]: textwrap.dedent(match["code"]) for match in BLOCK.finditer(text)}


def test_every_kind_has_an_example() -> None:
    assert set(examples()) == set(CHECKS)


@pytest.mark.parametrize("path", sorted(CHECKS))
def test_one_file_is_all_it_takes(path: str, tmp_path: Path) -> None:
    folder, _, name = path.rpartition("/")
    package = folder.replace("/", ".")
    added, work = tmp_path / "added", tmp_path / "work"
    added.mkdir()
    work.mkdir()
    (added / name).write_text(examples()[path], "utf-8")
    script = PROLOGUE.format(package=package, folder=str(added)) + textwrap.dedent(CHECKS[path])
    environment = {
        **os.environ,
        "CODEARCH_CACHE_DIR": str(tmp_path / "cache"),
        "CODEARCH_INDEXER_IDLE_SECONDS": "1",
    }
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=work,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert PRINTED[path] in ran.stdout

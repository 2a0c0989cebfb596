"""Code like other code: what has something to say is compared, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from commands.asking import ask

if TYPE_CHECKING:
    from pathlib import Path

    from codearch.commands._command import Context

PRICE = "def {0}(net, rate):\n    return net * (1 + rate)\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two alike functions, and of files that say nothing."""
    monkeypatch.setenv("CODEARCH_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "1")
    folder = tmp_path / "w"
    folder.mkdir()
    (folder / "codearch.toml").touch()
    (folder / "price.py").write_text(PRICE.format("gross_price"))
    (folder / "cost.py").write_text(PRICE.format("gross_cost"))
    (folder / "said.py").write_text("# Nothing but a comment.\n")
    (folder / "brackets.py").write_text("()\n")
    return folder


def test_top_level_code_without_a_word_is_like_nothing(context: Context, root: Path) -> None:
    ask(context, "index.flush")

    def like(**what: object) -> list[tuple[str, str]]:
        found = ask(context, "similar", **what)["results"]
        return [(hit["uri"].rsplit("/")[-1], hit["kind"]) for hit in found]

    start = {"line": 0, "character": 0}
    assert like(uri=(root / "said.py").as_uri(), position=start) == []
    assert like(code="()", language="python", threshold=0) == []
    place = {"line": 0, "character": 6}
    near = like(uri=(root / "price.py").as_uri(), position=place, threshold=0)
    assert near == [("cost.py", "function")]

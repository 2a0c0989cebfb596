"""Lines that hold a secret keep their history: the commit's text is hidden as the index's is."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from drawing import Drawing

from codearch.history.blame import blame
from codearch.secrets import find, hidden

if TYPE_CHECKING:
    from pathlib import Path


def test_lines_with_secrets_are_blamed(tmp_path: Path) -> None:
    draw = Drawing(4)
    lines = ["import os", f'API_KEY = "{draw.text(32)}"', f'DSN = "{draw.tokens()["GitHub"]}"', ""]
    source = "\n".join(lines).encode()
    (tmp_path / "a.py").write_bytes(source)
    who = ["-c", "user.name=Mia", "-c", "user.email=mia@internal"]
    for command in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "Begin"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    indexed = hidden(source, find(source, "python"))
    assert indexed != source
    aligned = blame(tmp_path, "a.py").align(indexed)
    assert [commit.author if commit else None for commit in aligned[:3]] == ["Mia"] * 3

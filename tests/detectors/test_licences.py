"""Licences: expressions, what goes together, and what lies outside of the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from memory_project import MemoryProject

from codearch.detectors import project_detectors, run_project
from codearch.detectors._licences.compatibility import conflict
from codearch.detectors._licences.spdx import parse, written

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("MIT", "MIT"),
        ("GPL-2.0", "GPL-2.0-only"),
        ("GPL-2.0+", "GPL-2.0-or-later"),
        ("(MIT OR Apache-2.0)", "MIT OR Apache-2.0"),
        ("MIT AND (BSD-3-Clause OR ISC)", "MIT AND BSD-3-Clause OR MIT AND ISC"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("The MIT License", "MIT"),
        ("GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later"),
        ("see the file LICENSE", ""),
        ("(MIT OR", ""),
        ("", ""),
    ],
)
def test_what_an_expression_means(text: str, means: str) -> None:
    assert written(parse(text)) == means


@pytest.mark.parametrize(
    ("part", "whole", "against"),
    [
        ("MIT", "GPL-2.0-only", ""),
        ("Apache-2.0", "GPL-2.0-only", "Apache-2.0"),
        ("Apache-2.0", "GPL-2.0-or-later", ""),
        ("GPL-2.0-or-later", "GPL-3.0-only", ""),
        ("GPL-2.0-only", "GPL-3.0-only", "GPL-2.0-only"),
        ("GPL-3.0-only", "GPL-2.0-only", "GPL-3.0-only"),
        ("GPL-3.0-only", "AGPL-3.0-only", ""),
        ("AGPL-3.0-only", "GPL-3.0-only", ""),
        ("GPL-3.0-only", "MIT OR GPL-3.0-only", ""),
        ("MIT AND GPL-3.0-only", "MIT", "GPL-3.0-only"),
        ("LGPL-3.0-only", "MIT", ""),
        ("MPL-2.0", "Apache-2.0", ""),
        ("SSPL-1.0", "AGPL-3.0-only", "SSPL-1.0"),
        ("GPL-3.0-only", "proprietary", "GPL-3.0-only"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "MIT", ""),
    ],
)
def test_what_goes_together(part: str, whole: str, against: str) -> None:
    found = conflict(parse(part), parse(whole))
    assert (str(found) if found else "") == against


def test_a_dependency_in_a_virtual_environment(tmp_path: Path) -> None:
    packages = tmp_path / ".venv/lib/python3.12/site-packages"
    for name, field in (
        ("Left_Side-1.0", "License-Expression: GPL-3.0-only"),
        ("right-2.0", "Classifier: License :: OSI Approved :: MIT License"),
    ):
        folder = packages / f"{name}.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(f"Name: {name}\n{field}\n\nLicense-Expression: no\n")
    project = MemoryProject(
        {
            "pyproject.toml": (
                '[project]\nname = "shapes"\nlicense = "MIT"\n'
                'dependencies = ["right", "left.side>=1"]\n'
            )
        }
    )
    project.root = tmp_path  # type: ignore[attr-defined]
    detectors = [each for each in project_detectors() if each.id == "licence"]
    found = run_project(detectors, project)
    assert [(each.span.line, each.message[:36]) for each in found] == [
        (3, "`left.side` stands under GPL-3.0-only"[:36])
    ]

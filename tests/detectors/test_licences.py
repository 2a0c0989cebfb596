"""Licences: expressions, what goes together, and what lies outside of the index."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from memory_project import MemoryProject

from codearch.detectors import project_detectors, run_project
from codearch.detectors._licences.compatibility import conflict
from codearch.detectors._licences.spdx import parse, written


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
    project.root = tmp_path
    detectors = [each for each in project_detectors() if each.id == "licence"]
    found = run_project(detectors, project)
    assert [(each.span.line, each.message[:36]) for each in found] == [
        (3, "`left.side` stands under GPL-3.0-only"[:36])
    ]


@pytest.mark.parametrize("name", ["../../secret", "/secret", "a/../../../secret", "..", "a\\b"])
def test_names_lead_nowhere_else(tmp_path: Path, name: str) -> None:
    """A manifest of a repository that somebody cloned names no files of this computer."""
    said = '{"license": "GPL-3.0-only"}'
    workspace = tmp_path / "home" / "workspace"
    for folder in (tmp_path / "secret", tmp_path / "home/secret", workspace / "secret"):
        folder.mkdir(parents=True)
        (folder / "package.json").write_text(said)
    manifest = {"license": "MIT", "dependencies": {name: "1"}}
    project = MemoryProject({"package.json": json.dumps(manifest)})
    project.root = workspace
    assert (
        run_project([each for each in project_detectors() if each.id == "licence"], project) == []
    )


@pytest.mark.parametrize(
    "version", ["//elsewhere/share", "/tmp", "../../1.0", "\\\\elsewhere\\share"]
)
def test_versions_lead_nowhere_else(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def read(path: object) -> None:
        asked.append(str(path))

    monkeypatch.setattr("codearch.detectors._licences.files.read_regular", read)
    for path, manifest in (
        ("pom.xml", _POM.format(version=version)),
        ("a.csproj", f'<PackageReference Include="lib" Version="{version}" />'),
    ):
        project = MemoryProject({path: manifest, "LICENSE": "GNU General Public License version 3"})
        project.root = Path("/nowhere")
        run_project([each for each in project_detectors() if each.id == "licence"], project)
    assert asked == []


_POM = (
    "<project><dependencies><dependency><groupId>g</groupId><artifactId>lib</artifactId>"
    "<version>{version}</version></dependency></dependencies></project>"
)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pom.xml", "<dependency>" * 50_000),
        ("pom.xml", "<license>" * 50_000),
        ("pom.xml", "<build>" * 50_000 + "</profiles>"),
        ("pom.xml", "<!--" * 100_000),
        ("pom.xml", f"<license><name>{' ' * 100_000}"),
        ("a.csproj", "<PackageReference " * 50_000),
        ("a.csproj", f"<PackageLicenseExpression>{' ' * 100_000}"),
        ("go.mod", "example.com/x v1.0.0\n" * 20_000),
        ("package.json", '{"license": "' + "(" * 50_000 + "MIT" + ")" * 50_000 + '"}'),
        ("package.json", "[" * 100_000),
        ("pyproject.toml", "a = " + "[" * 100_000),
    ],
    ids=lambda each: each[:24],
)
def test_no_manifest_takes_long(path: str, text: str) -> None:
    """What would be read in days, or too deep, is read at once, and says nothing."""
    project = MemoryProject({path: text, "LICENSE": "MIT License\n\nPermission is hereby granted"})
    assert (
        run_project([each for each in project_detectors() if each.id == "licence"], project) == []
    )

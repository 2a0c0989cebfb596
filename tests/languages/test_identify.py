"""Which language a file is in: by its name, else by its first bytes."""

from __future__ import annotations

import pytest

from codearch.languages import all_languages, by_name, by_path, is_binary, names


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/app.py", "python"),
        ("stubs/app.pyi", "python"),
        ("app.JS", "javascript"),
        ("a/b.mjs", "javascript"),
        ("a/b.cjs", "javascript"),
        ("ui/Button.jsx", "javascript"),
        ("ui/Button.tsx", "typescript"),
        ("index.d.ts", "typescript"),
        ("a.mts", "typescript"),
        ("a.cts", "typescript"),
        ("Makefile", "makefile"),
        ("Dockerfile", "dockerfile"),
        ("Dockerfile.dev", "dockerfile"),
        (".github/workflows/ci.yml", "yaml"),
        (".bashrc", "shell"),
        (".gitignore", "text"),
        ("LICENSE", "text"),
        ("README", "text"),
        ("notes.unknown", "text"),
        ("page.blade.php", "html"),
        ("docs/guide.md", "markdown"),
        ("Gemfile", "ruby"),
        ("CMakeLists.txt", "cmake"),
        ("requirements.txt", "text"),
        ("build.gradle.kts", "kotlin"),
        ("pyproject.toml", "toml"),
        ("no/dot/python", "text"),
        ("no/dot/a", "text"),
        ("no/dot/zip", "text"),
    ],
)
def test_by_name_of_the_file(path: str, expected: str) -> None:
    found = by_path(path)
    assert found is not None
    assert found.name == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"#!/usr/bin/env python3\nprint()\n", "python"),
        (b"#!/usr/bin/python3.11 -u\n", "python"),
        (b"#!/usr/bin/env -S node --harmony\n", "javascript"),
        (b"#!/usr/bin/env LANG=C ruby -w\r\n", "ruby"),
        (b"#! /bin/sh -e\n", "shell"),
        (b"#!/opt/unknown/thing\n", "text"),
        (b"#!\n", "text"),
        (b"# -*- mode: ruby -*-\n", "ruby"),
        (b"#!/bin/odd\n# -*- coding: utf-8; mode: python -*-\n", "text"),
        (b"just words\n", "text"),
        (b"", "text"),
    ],
)
def test_by_first_bytes_where_the_name_says_nothing(head: bytes, expected: str) -> None:
    found = by_path("bin/tool", head)
    assert found is not None
    assert found.name == expected


@pytest.mark.parametrize(
    ("path", "head"),
    [
        ("logo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("logo.png", b""),
        ("tool", b"\x7fELF\x02\x01\x01" + bytes(40)),
        ("app.py", bytes(range(256)) * 8),
        ("data.bin", b"abc"),
        ("core", b"text and then\0 nul"),
    ],
)
def test_what_is_no_text(path: str, head: bytes) -> None:
    assert by_path(path, head) is None


@pytest.mark.parametrize(
    "head",
    [
        b"x = 1\0\n",
        "x = 'é'\n".encode("latin-1"),
        b"\xff\xfe" + "x = 1\n".encode("utf-16-le"),
        b"\x1b[31mred\x1b[0m\x0c\n",
    ],
)
def test_odd_sources_are_text_all_the_same(head: bytes) -> None:
    assert not is_binary(head)
    found = by_path("app.py", head)
    assert found is not None
    assert found.name == "python"


def test_names_and_aliases() -> None:
    assert by_name("TS").name == "typescript"
    assert by_name("c++" if "cpp" in names() else "js").name in {"cpp", "javascript"}
    assert names() == sorted(names())
    with pytest.raises(KeyError):
        by_name("klingon")


def test_no_two_languages_claim_a_file_without_saying_how_they_differ() -> None:
    for field in ("extensions", "filenames", "interpreters", "aliases"):
        owners: dict[str, list[str]] = {}
        for language in all_languages().values():
            if language.contents is None:
                for key in getattr(language, field):
                    owners.setdefault(key, []).append(language.name)
        assert {key: found for key, found in owners.items() if len(found) > 1} == {}

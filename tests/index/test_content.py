"""What content tells against a file, and reading that nothing can trap."""

from __future__ import annotations

import codecs
import os
import random
import sys
from pathlib import Path

import pytest

from codearch.index.content import (
    Source,
    entry_of,
    read,
    refusal,
    refused_by_content,
    refused_by_name,
)

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX file system")
WORDS = random.Random(1)


def minified(length):
    names = "abcdefghij"
    part = "".join(f"function {WORDS.choice(names)}(t){{return t.e[{i}]}}" for i in range(length))
    return part.encode()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("a.py", None),
        ("yarn.lock", "lock file"),
        ("sub/go.sum", "lock file"),
        ("go.mod", None),
        ("flock.c", None),
        ("jquery-3.7.1.min.js", "minified"),
        ("style.min.css", "minified"),
        ("minute.js", None),
        ("admin.js", None),
        ("main.4f3a.chunk.js", "bundle"),
        ("app.js.map", "bundle"),
        ("world.map", None),
        ("photo.JPG", "binary"),
        ("icon.svg", None),
        ("Makefile", None),
        ("png", None),
    ],
)
def test_names(path, reason):
    assert refused_by_name(path) == reason


@pytest.mark.parametrize(
    ("path", "data", "reason"),
    [
        ("a.py", b"", None),
        ("a.py", b"x = 1\n", None),
        ("latin.py", "# übergroß\n".encode("latin-1"), None),
        ("crlf.py", b"a = 1\r\nb = 2\r\n", None),
        ("utf16.py", codecs.BOM_UTF16_LE + "x = 'ä'\n".encode("utf-16-le"), None),
        ("utf16.cs", codecs.BOM_UTF16_BE + "class A {}\n".encode("utf-16-be"), None),
        ("utf8bom.cs", codecs.BOM_UTF8 + b"class A {}\n", None),
        ("sjis.c", "/* 日本語のコメント */\n".encode("shift-jis"), None),
        ("escape.sh", b"printf '\x1b[31mred\x1b[0m'\n\x0c\n", None),
        ("nul.c", b"int a;\0int b;\n", "binary"),
        ("late-nul.c", b"int a;\n" * 2000 + b"\0", None),
        ("program", b"\x7fELF\x02\x01\x01\0\0", "binary"),
        ("paper", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "binary"),
        ("random", bytes(WORDS.choices(range(1, 256), k=4000)), "binary"),
        ("lib.js", minified(300), "minified"),
        ("lib.js", b"/*!\n * Library 1.2\n * MIT\n */\n" + minified(300) + b"\n", "minified"),
        ("short.js", b"export default{a:1}", None),
        ("table.js", b"const a = 1;\n" * 80 + b"const t = '" + b"QUJD" * 9000 + b"';\n", None),
        ("site.css", b"a{color:red}" * 500, "minified"),
        ("data.json", b'{"a":[' + b"1,2,3," * 9000 + b"4]}", "minified"),
        ("Table.java", b'class Table {\n  String T = "' + b"abc;" * 9000 + b'";\n}\n', None),
        ("small.json", b'{"a":[' + b"1,2,3," * 500 + b"4]}", None),
        ("essay.md", b"A paragraph in one line. " * 60 + b"\n\n", None),
        ("rows.csv", b"1,2,3,4,5,6,7,8,9\n" * 3000, None),
        (
            "main.js",
            b"/******/ (() => { // webpackBootstrap\n/******/ \tvar modules = ({\n"
            + b"a();\n" * 99,
            "bundle",
        ),
        (
            "app.js",
            b'(window["webpackJsonp"] = window["webpackJsonp"] || []).push([["app"],{\n' + b"a;\n",
            "bundle",
        ),
        (
            "out.js",
            b'"use strict";\n(() => {\n  var __defProp = Object.defineProperty;\n',
            "bundle",
        ),
        ("plugin.js", b"// Replaces __webpack_require__ in the template.\nlet a = 1;\n", None),
    ],
)
def test_content(path, data, reason):
    assert refused_by_content(path, data) == reason


def test_refusal_looks_at_name_state_and_content(tmp_path):
    file = tmp_path / "a.py"
    file.write_bytes(b"x = 1\n" * 300)
    assert refusal("a.py", file.stat(), b"x = 1\n") is None
    assert refusal("a.py", file.stat(), b"x = 1\n", max_bytes=1000) == "too large"
    assert refusal("a.py", tmp_path.stat(), b"") == "not a file"
    assert refusal("a.py", file.stat(), b"\0") == "binary"


def test_read_gives_the_content_and_its_state(tmp_path):
    (tmp_path / "sub").mkdir()
    file = tmp_path / "sub" / "a.py"
    file.write_bytes(b"x = 1\r\n")
    status = file.stat()
    source = read(tmp_path, "sub/a.py")
    assert isinstance(source, Source)
    assert source.data == b"x = 1\r\n"
    assert source.entry == entry_of("sub/a.py", status)


@POSIX
def test_read_refuses_what_is_no_file_without_waiting(tmp_path):
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "large.py").write_bytes(b"x" * 2000)
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.py").write_text("secret")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link.py").symlink_to(tmp_path / "out" / "a.py")
    (root / "linked").symlink_to(tmp_path / "out")
    (root / "loop.py").symlink_to("loop.py")
    assert read(tmp_path, "folder.py") == "not a file"
    assert read(tmp_path, "pipe.py") == "not a file"
    assert read(tmp_path, "large.py", max_bytes=1999) == "too large"
    assert read(tmp_path, "missing.py") == "gone"
    assert read(tmp_path, "large.py/inner.py") == "gone"
    assert read(root, "link.py") == "link"
    assert read(root, "loop.py") == "link"
    assert read(root, "linked/a.py") == "gone"
    assert read(root, "../out/a.py") == "gone"
    assert read(root, "/etc/passwd") == "gone"
    assert read(root, "a\0b") == "gone"
    assert read(root, "x" * 300) == "gone"


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_file_that_fails_while_it_is_read():
    """A regular file whose reading fails: a process's memory, at an address that is not mapped."""
    assert read(Path("/proc/self"), "mem") == "unreadable"

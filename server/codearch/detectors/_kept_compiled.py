"""Reasons to leave an import alone in C#, Go and Rust, whose compilers know more than one file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codearch.detectors._detector import FileView
    from codearch.detectors._imported import Imported

# Modules of Rust's library, with what they have that is no trait: a trait is used by its methods.
_TYPES = {
    "collections": r"\w+",
    "rc": r"\w+",
    "sync": r"\w+",
    "cell": r"\w+",
    "path": r"\w+",
    "time": r"\w+",
    "ffi": r"\w+",
    "fs": r"\w+",
    "num": r"\w+",
    "thread": r"\w+",
    "marker": r"Phantom\w+",
    "net": r"(?!ToSocketAddrs)\w+",
    "process": r"(?!Termination)\w+",
    "ops": r"Range(?!Bounds)\w*|Bound|ControlFlow",
    "io": r"Buf(?:Reader|Writer)|LineWriter|Cursor|Std\w+|Error(?:Kind)?|Result|SeekFrom",
    "fmt": r"Arguments|Formatter|Error|Result|Alignment",
}
_OF_LIBRARY = re.compile(r"(?:std|core|alloc)::(?P<module>\w+)(?:::\w+)*")
_ALLOWED = re.compile(rb"#!\[(?:allow|expect)\([^)]*\bunused(?:_imports)?\b")
_CHILD = re.compile(rb"^[ \t]*(?:pub(?:\([^)]*\))?[ \t]+)?mod[ \t]+\w+[ \t]*;", re.MULTILINE)


def kept_in_go(file: FileView, imported: Imported) -> bool:
    """Say whether a Go import may bind another name: its package is not the standard library's.

    With a name of its own the import binds that, whatever its package is called.
    """
    if imported.statement.module == "C":
        return True
    given = not _written(file, imported).startswith((b'"', b"`"))
    return not given and "." in imported.statement.module.partition("/")[0]


def kept_in_rust(file: FileView, imported: Imported) -> bool:
    """Say whether a Rust import may be a trait, or is for others, or is kept by an attribute."""
    name, statement = imported.name, imported.statement
    if statement.reexport or _ALLOWED.search(file.source) or _CHILD.search(file.source):
        return True  # modules in files of their own see it by `use super::*`
    line = statement.span.line
    before = file.line_text(line)[: statement.span.column] if line else ""
    if "#[" in before or (line and file.line_text(line - 1).lstrip().startswith("#[")):
        return True
    if name.name[:1].isupper() and not _is_type(statement.module, name.name):
        return True
    return _in_doc(file, imported.definition.name, "//")


def kept_in_csharp(file: FileView, imported: Imported) -> bool:
    """Say whether a C# alias is global, or named by XML docs."""
    written = file.line_text(imported.statement.span.line)
    return "global using" in written or _in_doc(file, imported.definition.name, "///")


def _is_type(module: str, name: str) -> bool:
    found = _OF_LIBRARY.fullmatch(module)
    known = _TYPES.get(found.group("module"), r"(?!)") if found is not None else r"(?!)"
    return re.fullmatch(known, name) is not None


def _in_doc(file: FileView, name: str, begin: str) -> bool:
    word = re.compile(rf"\b{re.escape(name)}\b")
    return any(
        word.search(comment.text)
        for comment in file.facts.comments
        if comment.text.startswith((begin, "/**"))
    )


def _written(file: FileView, imported: Imported) -> bytes:
    span = imported.name.span
    return file.source[span.start_byte : span.end_byte]

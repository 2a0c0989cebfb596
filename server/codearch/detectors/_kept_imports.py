"""Reasons to leave an import alone although its own file never reads the name, by language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._imported import unread
from codearch.detectors._kept_compiled import kept_in_csharp, kept_in_go, kept_in_rust
from codearch.detectors._kept_python import kept_in_python

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from codearch.detectors._detector import FileView
    from codearch.detectors._imported import Imported
    from codearch.facts import Import


def read_as_text(file: FileView, name: str) -> bool:
    """Say whether the name stands anywhere, even in a string, but in imports and comments."""
    spans = [each.span for each in file.facts.imports]
    spans += [each.span for each in file.facts.comments]
    for match in re.finditer(rb"(?<![\w$.])%b(?![\w$])" % re.escape(name.encode()), file.source):
        if not any(span.start_byte <= match.start() < span.end_byte for span in spans):
            return True
    return False


_DOC_NAME = re.compile(
    r"\{@?\w*[^}]*\}|@(?:see|throws|exception|link|type|param|returns?)\b[^\n]*|\[\[?[\w.#]+\]?\]"
)


def named_in_docs(file: FileView, name: str) -> bool:
    """Say whether a doc comment links to the name, or gives it as a type."""
    word = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")
    return any(
        word.search(link.group())
        for comment in file.facts.comments
        if comment.text.startswith("/**") and name in comment.text
        for link in _DOC_NAME.finditer(comment.text)
    )


# --- JavaScript and TypeScript ------------------------------------------------------------------

SCRIPT_SIDE_EFFECTS = frozenset({"should", "colors", "coffee-script", "coffeescript"})
_JSX = re.compile(rb"</[A-Za-z]?[\w.:-]*\s*>|<[A-Za-z][^<>]*/>")
_JSX_NAMES = frozenset({"React", "h", "jsx", "Fragment", "createElement", "m", "Inferno", "Nerv"})
_AUGMENTS = re.compile(rb"^[ \t]*declare\s+(?:module|global)\b", re.MULTILINE)
_PRAGMA = re.compile(r"@jsx(?:Frag)?\s+([\w$]+)")


def kept_in_script(file: FileView, imported: Imported) -> bool:
    """Say whether a JavaScript or TypeScript import has a use that no identifier shows."""
    name, statement = imported.definition.name, imported.statement
    if statement.reexport or statement.module in SCRIPT_SIDE_EFFECTS or name in file.facts.exports:
        return True
    if statement.guarded or (len(name) > 1 and name.startswith("_")):
        return True  # asks whether the module is there; by convention meant to be unused
    alone = len(file.facts.imports) == 1 and _is_whole(file, statement)
    if alone and _AUGMENTS.search(file.source):
        return True  # makes the file a module, without which it would not add to another
    if name in _JSX_NAMES and _JSX.search(file.source):
        return True
    pragmas = [found for each in file.facts.comments for found in _PRAGMA.findall(each.text)]
    return name in pragmas or named_in_docs(file, name)


def _is_whole(file: FileView, statement: Import) -> bool:
    """Say whether nothing of an import is used, so that all of it would go."""
    return sum(1 for each in unread(file.facts) if each.statement is statement) == len(
        statement.names
    )


# --- Java ---------------------------------------------------------------------------------------


def kept_in_java(file: FileView, imported: Imported) -> bool:
    """Say whether a Java import is called or set (static imports), or named by Javadoc."""
    name = imported.definition.name
    called = any(call.name == name and not call.receiver for call in file.facts.calls)
    is_set = any(use.name == name and use.kind == "write" for use in file.facts.uses)
    return called or is_set or named_in_docs(file, name)


KEPT: Mapping[str, Callable[[FileView, Imported], bool]] = {
    "python": kept_in_python,
    "javascript": kept_in_script,
    "typescript": kept_in_script,
    "java": kept_in_java,
    "csharp": kept_in_csharp,
    "go": kept_in_go,
    "rust": kept_in_rust,
}

"""TypeScript, TSX and declaration files."""

from __future__ import annotations

import dataclasses
import re

import tree_sitter_typescript

from codearch.languages._language import Dialect, kinds
from codearch.languages.javascript import DEFINE, READERS
from codearch.languages.javascript import LANGUAGE as JAVASCRIPT

LANGUAGE = dataclasses.replace(
    JAVASCRIPT,
    name="typescript",
    title="TypeScript",
    extensions=(".ts", ".mts", ".cts", ".tsx"),
    filenames=(),
    interpreters=("ts-node", "tsx"),
    aliases=("ts", "tsx"),
    grammar=tree_sitter_typescript.language_typescript,
    dialects=(Dialect(tree_sitter_typescript.language_tsx, re.compile(rb"</|/>")),),
    define=DEFINE,
    readers=READERS,
    inert_uses=frozenset({"type", "annotation"}),
    comments=kinds("comment"),
    overloads=kinds("function_signature"),
    blocks=kinds("statement_block class_body interface_body"),
)

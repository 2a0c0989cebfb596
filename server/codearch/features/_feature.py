"""What a feature is: a plain function from context and LSP parameters to an LSP result.

How to add one: write `features/<name>.py` that ends in `FEATURE = Feature(...)`; nothing else.
`options` sees the client's capabilities and returns the registration options, or None where this
client should not be offered the feature. `run` is called on a thread, with a context whose
snapshots are open for reading; UsageError becomes InvalidParams.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp

from codearch.commands._places import Places, Position, Range, path_of_uri

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.commands._command import Context, Workspace
    from codearch.facts import Span, Symbol


@dataclass(frozen=True)
class Feature:
    """One request of the protocol."""

    method: str
    options: Callable[[lsp.ClientCapabilities], Any]
    run: Callable[[Context, Any], Any]


def home_of(context: Context, uri: str) -> tuple[Workspace, str] | None:
    """Return the workspace of a document and its path below the root; None for one of no folder."""
    if not uri.startswith("file:"):
        return None
    path = path_of_uri(uri)
    homes = [each for each in context.workspaces if path.is_relative_to(each.root)]
    if not homes:
        return None
    home = max(homes, key=lambda each: len(each.root.parts))
    return home, path.relative_to(home.root).as_posix()


def lsp_range(found: Range) -> lsp.Range:
    """Return a range as the protocol's own type."""
    return lsp.Range(
        lsp.Position(found.start.line, found.start.character),
        lsp.Position(found.end.line, found.end.character),
    )


def range_of(places: Places, path: str, span: Span) -> lsp.Range:
    """Return the range of a span in the encoding that was agreed on."""
    return lsp_range(places.range(path, span))


def column_of(places: Places, path: str, position: lsp.Position) -> int:
    """Return the UTF-16 column of a position."""
    return places.column(path, Position(position.line, position.character))


def link(places: Places, symbol: Symbol) -> str:
    """Return a Markdown link to a symbol that VS Code, JetBrains and Neovim open alike."""
    name = _escaped(symbol.qualified_name or symbol.path)
    line = symbol.name_span.line or symbol.span.line
    return f"[{name}]({places.uri(symbol.path)}#L{line + 1})"


_SPECIAL = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]<>()#+!|~"})


def _escaped(text: str) -> str:
    return text.translate(_SPECIAL)


def plain(text: str) -> str:
    """Return text of the workspace or of its history so that Markdown shows it as it is."""
    return _escaped(" ".join(text.split()))


_KINDS: dict[str, lsp.SymbolKind] = {
    "function": lsp.SymbolKind.Function,
    "method": lsp.SymbolKind.Method,
    "class": lsp.SymbolKind.Class,
    "interface": lsp.SymbolKind.Interface,
    "struct": lsp.SymbolKind.Struct,
    "trait": lsp.SymbolKind.Interface,
    "enum": lsp.SymbolKind.Enum,
    "record": lsp.SymbolKind.Class,
    "union": lsp.SymbolKind.Struct,
    "namespace": lsp.SymbolKind.Namespace,
    "impl": lsp.SymbolKind.Object,
    "macro": lsp.SymbolKind.Function,
    "type": lsp.SymbolKind.Class,
    "module": lsp.SymbolKind.Module,
    "section": lsp.SymbolKind.String,
}


def lsp_kind(symbol: Symbol) -> lsp.SymbolKind:
    """Return the protocol's kind of a symbol."""
    return _KINDS[symbol.kind]

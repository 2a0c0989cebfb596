"""Which languages the usual editors document and outline by servers of their own."""

from __future__ import annotations

SERVED = frozenset({
    "c", "cpp", "csharp", "css", "dart", "elixir", "go", "haskell", "html", "java", "javascript",
    "json", "jsonc", "kotlin", "less", "lua", "markdown", "php", "python", "ruby", "rust",
    "scala", "scss", "shell", "swift", "toml", "typescript", "yaml", "zig",
})  # fmt: skip


def served_elsewhere(language: str) -> bool:
    """Say whether another server tells signature, doc and outline of this language."""
    return language in SERVED

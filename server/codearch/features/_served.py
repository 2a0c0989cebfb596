"""Which languages the usual editors document and outline by servers of their own."""

from __future__ import annotations

SERVED = frozenset(
    ["python", "javascript", "typescript", "java", "go", "rust", "c", "cpp", "csharp", "json", "jsonc", "css", "scss", "less", "html", "markdown", "yaml", "toml", "ruby", "php", "kotlin", "swift", "lua", "scala", "haskell", "elixir", "zig", "dart", "shell"]
)


def served_elsewhere(language: str) -> bool:
    """Say whether another server tells signature, doc and outline of this language."""
    return language in SERVED

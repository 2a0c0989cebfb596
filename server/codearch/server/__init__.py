"""The language server: pygls around features and commands."""

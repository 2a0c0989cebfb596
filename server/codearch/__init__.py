"""CodeArchaeologist: a language server that makes inherited code understandable."""

__version__ = "0.1.1"

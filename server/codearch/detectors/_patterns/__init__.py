"""Patterns of bugs: code with holes, in files that people keep with their sources."""

from __future__ import annotations

from codearch.detectors._patterns.applying import failures, indexed, places, written_instead
from codearch.detectors._patterns.forms import (
    FOLDER,
    Fault,
    Pattern,
    PatternFile,
    Taught,
    read_patterns,
)
from codearch.detectors._patterns.searching import Indexed
from codearch.detectors._patterns.templates import TemplateError, template

__all__ = [
    "FOLDER",
    "Fault",
    "Indexed",
    "Pattern",
    "PatternFile",
    "Taught",
    "TemplateError",
    "failures",
    "indexed",
    "places",
    "read_patterns",
    "template",
    "written_instead",
]

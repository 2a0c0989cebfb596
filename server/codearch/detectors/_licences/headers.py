"""The comments with which files begin, as far as they speak of licences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._licences import texts
from codearch.detectors._licences.files import kept

if TYPE_CHECKING:
    from codearch.detectors._detector import Project
    from codearch.detectors._licences.spdx import Expression
    from codearch.facts import File

_HEAD_BYTES = 6000
_HEADER = re.compile(
    r"(?:[ \t\r\n\ufeff]*(?:/\*.*?\*/|//[^\n]*|#(?!\s*(?:include|define|ifn?def|if|pragma|import"
    r"|region|undef|error)\b)[^\n]*|package [\w.]+;|<!--.*?-->))+",
    re.DOTALL,
)
_SPEAKS = re.compile(
    r"copyright|\(c\)|©|licen[cs]e|SPDX-|all rights reserved|public domain", re.IGNORECASE
)
_LEAST_BYTES = 200  # of a file that has something to protect


class Header(NamedTuple):
    """What a file begins with: which licences are granted, and where in the file it is said."""

    speaks: bool  # of a licence, or of who has the rights
    licence: Expression
    start: int  # characters
    end: int
    short: bool  # the file has next to nothing in it


def header_of(project: Project, file: File) -> Header:
    """Return what a file begins with."""

    def make() -> Header:
        text = project.source(file.path)[:_HEAD_BYTES].decode("utf-8", "replace")
        match = _HEADER.match(text)
        header = match.group() if match else ""
        said = _SPEAKS.search(header)
        line = header.rfind("\n", 0, said.start()) + 1 if said else 0
        end = header.find("\n", line)
        return Header(
            said is not None,
            texts.of_header(header) if said else (),
            line,
            len(header) if end < 0 else end,
            file.size - len(header.encode()) < _LEAST_BYTES,
        )

    return kept(file.digest, make, "header")

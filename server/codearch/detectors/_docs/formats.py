"""Which formats of docs a language has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._docs import (
    doxygen,
    godoc,
    google,
    javadoc,
    jsdoc,
    numpy,
    rustdoc,
    sphinx,
    xmldoc,
)

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from codearch.detectors._docs.entry import Parser


class Format(NamedTuple):
    """A parser, and what a doc must hold for it to be asked."""

    sign: re.Pattern[str]
    entries: Parser


_JSDOC = (Format(jsdoc.SIGN, jsdoc.entries),)
_DOXYGEN = (Format(doxygen.SIGN, doxygen.entries),)
FORMATS: Mapping[str, tuple[Format, ...]] = {
    "python": (
        Format(sphinx.SIGN, sphinx.entries),
        Format(google.SIGN, google.entries),
        Format(numpy.SIGN, numpy.entries),
    ),
    "javascript": _JSDOC,
    "typescript": _JSDOC,
    "java": (Format(javadoc.SIGN, javadoc.entries),),
    "c": _DOXYGEN,
    "cpp": _DOXYGEN,
    "csharp": (Format(xmldoc.SIGN, xmldoc.entries),),
    "rust": (Format(rustdoc.SIGN, rustdoc.entries),),
    "go": (Format(godoc.SIGN, godoc.entries),),
}

"""Dart: types, extensions, functions and methods, tests."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="dart",
    title="Dart",
    extensions=(".dart",),
    sections=Sections(
        heads=heads(
            r"\s*(?:(?:abstract|base|final|sealed|interface|mixin)\s+)*"
            r"(?:class|mixin|enum|extension type|extension|typedef)\s+NAME",
            r"\s*(?:test|testWidgets|group|blocTest(?:<[^>]*>)?)\(\s*r?['\"](?P<name>[^'\"]+)",
            r"(?: {2})?(?:(?:static|external|override|factory|const|late|final|covariant)\s+)*"
            r"(?:[\w<>?,.\[\] ]+\s)?(?:get\s+|set\s+|operator\s*)?"
            r"(?P<name>\w[\w.]*|[=<>+*/%~&|^\[\]-]+)"
            r"(?:<[^>(]*>)?\s*(?:\([^;]*|(?:\([^)]*\)\s*)?(?:async\*?\s*)?=>.*)$",
        ),
        comment=re.compile(r"//"),
        blocks=(block(r"/\*", r"\*/"),),
        attribute=re.compile(r"@\w+(?:\(.*\))?\s*$"),
        test=re.compile(r"^\s*(?:test|testWidgets|group|blocTest\b.*)\("),
    ),
)

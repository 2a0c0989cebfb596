"""JSON: a section a key that holds several lines, of the first level, or of the second."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="json",
    title="JSON",
    extensions=(
        ".json",
        ".json5",
        ".jsonc",
        ".geojson",
        ".webmanifest",
        ".ipynb",
        ".code-workspace",
        ".jsonl",
        ".ndjson",
    ),
    filenames=(".babelrc", ".eslintrc", ".prettierrc", ".swcrc", "composer.lock"),
    sections=Sections(
        mode="keys",
        heads=heads(r"\s*\"(?P<name>(?:[^\"\\]|\\.)+)\"\s*:", r"\s*(?P<name>\w+)\s*:"),
        comment=re.compile(r"//"),
        blocks=(block(r"/\*", r"\*/"),),
    ),
)

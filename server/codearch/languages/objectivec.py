"""Objective-C: interfaces, protocols, implementations, methods."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="objectivec",
    title="Objective-C",
    extensions=(".m", ".mm"),
    aliases=("objc", "objective-c"),
    sections=Sections(
        nested=False,
        heads=heads(
            r"@(?:interface|protocol|implementation)\s+NAME",
            r"[-+]\s*\([^)]*\)\s*NAME",
            r"(?:static\s+|inline\s+)*[\w *]+?[\s*]NAME\s*\([^;]*$",
            r"typedef\s+(?:NS_\w+\(\w+,\s*)?(?:struct|enum)?\s*NAME",
            r"#pragma\s+mark\s+-?\s*(?P<name>\w.*)",
        ),
        comment=re.compile(r"//"),
        blocks=(block(r"/\*", r"\*/"),),
        test=re.compile(r"^-\s*\(void\)\s*test"),
    ),
)

"""Swift: types, extensions, functions, initialisers, properties at the top of a type or file."""

import re

from codearch.languages._language import Language, Sections, block, heads

_MODIFIERS = (
    r"\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|private|fileprivate|internal|open|package|final|static"
    r"|class|override|mutating|nonmutating|convenience|required|indirect|lazy|weak|unowned|dynamic"
    r"|optional|prefix|postfix|infix|isolated|nonisolated|async|distributed)(?:\(\w+\))?\s+)*"
)

LANGUAGE = Language(
    name="swift",
    title="Swift",
    extensions=(".swift",),
    interpreters=("swift",),
    sections=Sections(
        heads=heads(
            _MODIFIERS + r"(?:class|struct|enum|protocol|extension|actor|macro)\s+NAME",
            _MODIFIERS + r"func\s+(?P<name>\w+|`\w+`|[^\s(<\w]+)\s*[(<]",
            _MODIFIERS + r"(?P<name>init|deinit|subscript)[?!]?\s*[(<{]",
            _MODIFIERS + r"(?:typealias|associatedtype)\s+NAME",
            _MODIFIERS + r"var\s+NAME\s*:[^={]*\{",
            r"//\s*MARK:\s*-?\s*(?P<name>\w.*)",
        ),
        comment=re.compile(r"//(?!\s*MARK:)"),
        blocks=(block(r"/\*", r"\*/"),),
        attribute=re.compile(r"@\w+(?:\(.*\))?\s*$|#if\b.*$"),
        test=re.compile(r"func test[A-Z_]|^\s*@(?:Test|Suite)\b|:\s*XCTestCase\b"),
    ),
)

"""CMake: functions, macros, targets."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="cmake",
    title="CMake",
    extensions=(".cmake",),
    filenames=("CMakeLists.txt",),
    sections=Sections(
        heads=heads(
            r"(?i)\s*(?:function|macro|add_library|add_executable|add_test|add_custom_target|project|option"
            r"|find_package|target_link_libraries|install)\s*\(\s*(?P<name>[^\s)]+)",
        ),
        comment=re.compile(r"#(?!\[)"),
        blocks=(block(r"#\[=*\[", r"\]=*\]"),),
    ),
)

"""R: functions and S4, R5 and R6 classes."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="r",
    title="R",
    extensions=(".r",),
    filenames=(".Rprofile",),
    interpreters=("Rscript",),
    sections=Sections(
        heads=heads(
            r"\s*(?P<name>[\w.`%<-]+?)\s*(?:<-|=|<<-)\s*function\s*\(",
            r"(?P<name>[\w.]+)\s*(?:<-|=)\s*(?:R6Class|setRefClass|R6::R6Class|ggproto)\(",
            r"set(?:Class|Generic|Method|Validity)\(\s*['\"](?P<name>[^'\"]+)",
            r"\s*(?:test_that|describe|it)\(\s*['\"](?P<name>[^'\"]+)",
        ),
        comment=re.compile(r"#"),
        test=re.compile(r"^\s*(?:test_that|describe|it)\("),
    ),
)

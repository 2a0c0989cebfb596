"""Perl and Raku: packages and subroutines."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="perl",
    title="Perl",
    extensions=(".pl", ".pm", ".t", ".pod", ".psgi", ".raku", ".rakumod", ".pl6", ".pm6"),
    interpreters=("perl", "raku"),
    sections=Sections(
        heads=heads(
            r"\s*(?:package|class|role)\s+(?P<name>[\w:]+)",
            r"\s*(?:my\s+)?(?:sub|method|fun|multi|proto|has)\s+(?P<name>[\w:'-]+)",
            r"\s*subtest\s+['\"](?P<name>[^'\"]+)",
            r"=head\d\s+(?P<name>\S.*)",
        ),
        comment=re.compile(r"#"),
        blocks=(block(r"=(?:pod|begin|over|for)\b", r"^=cut"),),
        test=re.compile(r"^\s*subtest\b"),
    ),
)

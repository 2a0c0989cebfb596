"""Vim script: functions, commands, groups of automatic commands."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="vim",
    title="Vim script",
    extensions=(".vim", ".vimrc"),
    filenames=(".vimrc", "_vimrc", ".gvimrc"),
    aliases=("vimscript",),
    sections=Sections(
        heads=heads(
            r"\s*(?:export\s+)?(?:fu(?:n(?:c(?:tion?)?)?)?|def)!?\s+(?P<name>[\w:.#<>]+)\s*\(",
            r"\s*com(?:mand)?!?\s+(?:-\S+\s+)*(?P<name>[A-Z]\w*)",
            r"\s*augroup\s+(?!END)(?P<name>\S+)",
        ),
        comment=re.compile(r"\""),
    ),
)

"""PowerShell: functions, filters, classes."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="powershell",
    title="PowerShell",
    extensions=(".ps1", ".psm1", ".psd1"),
    interpreters=("pwsh",),
    aliases=("ps1",),
    sections=Sections(
        heads=heads(
            r"(?i)\s*(?:function|filter|workflow|configuration)\s+(?P<name>[\w:-]+)",
            r"(?i)\s*(?:class|enum)\s+NAME",
            r"(?i)\s*(?:Describe|Context|It)\s+['\"](?P<name>[^'\"]+)",
        ),
        comment=re.compile(r"#(?!>)"),
        blocks=(block("<#", "#>"),),
        attribute=re.compile(r"\[\w+\(.*\)\]\s*$"),
        test=re.compile(r"(?i)^\s*(?:Describe|Context|It)\s"),
    ),
)

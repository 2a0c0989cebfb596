"""Shell scripts (sh, bash, zsh, ksh) and Bats tests: a section a function."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="shell",
    title="Shell",
    extensions=(".sh", ".bash", ".zsh", ".ksh", ".bats", ".zsh-theme", ".ebuild"),
    filenames=(
        ".bashrc",
        ".bash_profile",
        ".profile",
        ".zshrc",
        ".zprofile",
        "PKGBUILD",
        "APKBUILD",
        "configure.ac",
    ),
    interpreters=("sh", "bash", "zsh", "ksh", "dash", "ash", "bats"),
    aliases=("bash", "sh", "zsh"),
    sections=Sections(
        heads=heads(
            r"\s*(?:function\s+)(?P<name>[\w:.@+-]+)",
            r"\s*(?P<name>[\w:.@+-]+)\s*\(\s*\)\s*(?:[{(]|$)",
            r"\s*@test\s+(?:\"(?P<name>[^\"]+)\"|.*)",
            r"(?P<name>[a-zA-Z|*-]+)\)\s*$",
            r"alias\s+(?P<name>[\w.-]+)=",
        ),
        comment=re.compile(r"#"),
        test=re.compile(r"^\s*@test\b"),
    ),
)

"""Bazel, Buck, Starlark, Meson, Tcl-like builds: targets by name, functions."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="bazel",
    title="Starlark",
    extensions=(".bzl", ".bazel", ".star", ".build"),
    filenames=("BUILD", "WORKSPACE", "BUCK", "Tiltfile", "meson.build", "meson_options.txt"),
    aliases=("starlark", "meson"),
    sections=Sections(
        heads=heads(
            r"def\s+NAME",
            r"(?P<name>\w+)\($",
            r"(?:executable|library|shared_library|static_library|test|option)\(\s*'(?P<name>[^']+)'",
        ),
        comment=re.compile(r"#"),
    ),
)

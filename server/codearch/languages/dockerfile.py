"""Dockerfiles: a section a stage."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="dockerfile",
    title="Dockerfile",
    extensions=(".dockerfile", ".containerfile"),
    filenames=("Dockerfile", "Containerfile"),
    aliases=("docker",),
    sections=Sections(
        nested=False,
        heads=heads(
            r"(?i)FROM\s+(?:--\S+\s+)*\S+\s+AS\s+(?P<name>\S+)",
            r"(?i)FROM\s+(?:--\S+\s+)*(?P<name>\S+)",
        ),
        comment=re.compile(r"#"),
    ),
)

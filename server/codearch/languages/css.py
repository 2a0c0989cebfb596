"""CSS, SCSS, Sass and Less: a section a rule, a media query, a mixin."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="css",
    title="CSS",
    extensions=(".css", ".scss", ".sass", ".less", ".styl", ".pcss"),
    aliases=("scss", "less", "sass"),
    sections=Sections(
        heads=heads(
            r"\s*@(?:mixin|function|include|keyframes|media|supports|layer|container)\s+(?P<name>[^{]+)",
            r"(?P<name>[.#&:*\[\w][^{};]*?)\s*\{",
        ),
        comment=re.compile(r"//"),
        blocks=(block(r"/\*", r"\*/"),),
    ),
)

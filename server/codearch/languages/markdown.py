"""Markdown: a section a heading, inside each other by level."""

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="markdown",
    title="Markdown",
    extensions=(".md", ".markdown", ".mdx", ".mkd", ".qmd", ".rmd"),
    aliases=("md",),
    sections=Sections(
        mode="headings",
        heads=heads(r" {0,3}(?P<level>#{1,6})\s+(?P<name>.*?)\s*#*\s*$"),
        blocks=(block("<!--", "-->"),),
    ),
)

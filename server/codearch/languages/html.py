"""HTML and templates made of it: headings, and elements with an id; scripts and styles."""

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="html",
    title="HTML",
    extensions=(
        ".html",
        ".htm",
        ".xhtml",
        ".vue",
        ".svelte",
        ".astro",
        ".ejs",
        ".erb",
        ".hbs",
        ".mustache",
        ".j2",
        ".jinja",
        ".jinja2",
        ".njk",
        ".twig",
        ".blade.php",
        ".cshtml",
        ".razor",
        ".jsp",
        ".heex",
        ".eex",
        ".leex",
        ".slim",
        ".haml",
        ".pug",
    ),
    sections=Sections(
        heads=heads(
            r"\s*<h[1-6][^>]*>(?P<name>[^<]+)",
            r"\s*<[\w.-]+\b[^>]*?\sid=[\"'](?P<name>[^\"']+)[\"']",
            r"(?P<name><(?:script|style|template|head|body)\b[^>]*>)",
            r"\s*\{%-?\s*(?:block|macro)\s+NAME",
            r"\s*@(?:section|component)\(['\"](?P<name>[^'\"]+)",
        ),
        blocks=(block("<!--", "-->"), block(r"\{#", r"#\}")),
    ),
)

"""SQL of all dialects: what is created or altered, and dbt's and Jinja's macros."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="sql",
    title="SQL",
    extensions=(".sql", ".ddl", ".psql", ".pgsql", ".plsql", ".pks", ".pkb", ".tsql", ".mysql"),
    sections=Sections(
        nested=False,
        heads=heads(
            r"(?i)\s*(?:create|alter)\s+(?:or\s+(?:replace|alter)\s+)?(?:(?:temp|temporary|global|local|unique"
            r"|unlogged|materialized|recursive|external|virtual|clustered|nonclustered|editionable|public"
            r"|definer=\S+|foreign|constraint|aggregate)\s+)*(?:table|view|index|function|procedure|proc"
            r"|trigger|type|schema|database|sequence|domain|extension|role|user|policy|package(?:\s+body)?"
            r"|event|rule|server|publication|subscription|operator|cast)\s+(?:concurrently\s+)?"
            r"(?:if\s+(?:not\s+)?exists\s+)?(?P<name>[\w.\"`\[\]$]+)",
            r"(?i)\s*insert\s+into\s+(?P<name>[\w.\"`\[\]]+)",
            r"\s*--\s*name:\s*(?P<name>\S+)",
            r"\s*\{%-?\s*(?:macro|snapshot|test)\s+NAME",
        ),
        comment=re.compile(r"--(?!\s*name:)"),
        blocks=(block(r"/\*", r"\*/"),),
    ),
)

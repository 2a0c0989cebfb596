"""GraphQL: types, inputs, queries, fragments."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="graphql",
    title="GraphQL",
    extensions=(".graphql", ".graphqls", ".gql", ".prisma"),
    sections=Sections(
        heads=heads(
            r"(?:extend\s+)?(?:type|input|interface|enum|union|scalar|fragment|query|mutation|subscription"
            r"|model|datasource|generator|directive)\s+@?NAME",
        ),
        comment=re.compile(r"#|//"),
        blocks=(block('"""', '"""'),),
    ),
)

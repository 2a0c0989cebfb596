"""`codearch models`: embedding models: what is here, fetching, exporting, training, measuring."""

from codearch.cli._commands import CommandsByFile
from codearch.cli._options import examples

CLI = CommandsByFile(
    "models",
    package=__name__,
    help="""Show embedding models, fetch their weights, make them fit for this machine. `use`
    says which one answers.

    Fetching sends nothing but the names of the model's files.
    """,
    epilog=examples(
        "codearch models list",
        "codearch models pull graphcodebert",
        "codearch models pull unixcoder --from ~/Downloads/unixcoder-base",
        "codearch models export graphcodebert",
        "codearch models use graphcodebert",
        "codearch models train --name ours",
        "codearch models eval",
    ),
)

"""`codearch patterns`: patterns of bugs: learning them from fixes, running their own tests."""

from codearch.cli._commands import CommandsByFile
from codearch.cli._options import examples

CLI = CommandsByFile(
    "patterns",
    package=__name__,
    help="""Learn patterns of bugs from the repository's own fixes, and run the tests of those in
    .codearch/patterns/*.toml, which the rule bug-pattern looks for.
    """,
    epilog=examples(
        "codearch patterns list",
        "codearch patterns learn",
        "codearch patterns learn --write",
        "codearch patterns learn --commit 1a2b3c4 --write",
        "codearch patterns test",
    ),
)

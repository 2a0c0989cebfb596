"""`codearch cache`: the indexes on this machine: what they take, removing them, a budget."""

from codearch.cli._commands import CommandsByFile
from codearch.cli._options import examples

CLI = CommandsByFile(
    "cache",
    package=__name__,
    help="""Show and remove indexes. They are always safe to remove: they cost time and nothing
    else. One that is in use is never removed.
    """,
    epilog=examples(
        "codearch cache list",
        "codearch cache clear               # the index of this folder's root",
        "codearch cache clear --gone        # those whose folders are no longer there",
        "codearch cache clear --all",
        "codearch cache budget 5GB          # beyond, those unused for longest are removed",
    ),
)

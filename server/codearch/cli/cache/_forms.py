"""What the commands on the cache print as JSON, and how they say a size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from codearch.commands._command import Form
from codearch.store.recognising import Kind

if TYPE_CHECKING:
    from codearch.indexer.kept import Contents, Kept

KB, MB, GB = 1_000, 1_000_000, 1_000_000_000


class IndexForm(Form):
    """One index on this machine."""

    root: Annotated[str, Meta(description="The folder that it indexes.")]
    path: Annotated[str, Meta(description="Where it lies.")]
    bytes: Annotated[int, Meta(description="Its size, logs included.")]
    last_used: Annotated[
        int, Meta(description="Seconds since 1970 when a client or its indexer was last there.")
    ]
    root_exists: Annotated[
        bool, Meta(description="Whether the root is there; a disk taken out counts as gone.")
    ]
    in_use: Annotated[bool, Meta(description="Whether an indexer works on it now.")]
    store: Annotated[
        Kind,
        Meta(
            description=(
                "readable by this version; older or newer, so made anew when next used; foreign:"
                " no index of ours; unreadable; none yet."
            )
        ),
    ]


class ListForm(Form):
    """What `codearch cache list --json` prints."""

    path: Annotated[str, Meta(description="The cache folder.")]
    caches: Annotated[list[IndexForm], Meta(description="The indexes, the last used first.")]
    bytes: Annotated[int, Meta(description="The size of these indexes.")]
    budget: Annotated[int | None, Meta(description="Bytes they may take; null without a budget.")]
    leftovers: Annotated[
        list[str], Meta(description="What is yet to be deleted: the next indexer sees to it.")
    ]
    unknown: Annotated[list[str], Meta(description="What else lies there, and is left alone.")]


class ClearForm(Form):
    """What `codearch cache clear --json` prints."""

    removed: Annotated[list[IndexForm], Meta(description="The indexes that were removed.")]
    in_use: Annotated[list[IndexForm], Meta(description="Those that stay, being in use.")]


class BudgetForm(Form):
    """What `codearch cache budget --json` prints."""

    budget: Annotated[int | None, Meta(description="Bytes that indexes may take; null: no limit.")]
    bytes: Annotated[int, Meta(description="What they take now.")]
    removed: Annotated[list[IndexForm], Meta(description="The indexes that were removed for it.")]
    settings: Annotated[str, Meta(description="The file in which a budget is set.")]


FORMS: tuple[type[Form], ...] = (ListForm, ClearForm, BudgetForm, IndexForm)


def index_form(kept: Kept) -> IndexForm:
    """Return an index as it is printed."""
    return IndexForm(
        root=kept.root,
        path=str(kept.folder),
        bytes=kept.bytes,
        last_used=int(kept.last_used),
        root_exists=kept.root_exists,
        in_use=kept.in_use,
        store=kept.store,
    )


def list_form(found: Contents, budget: int | None) -> ListForm:
    """Return what lies in the cache folder as it is printed."""
    return ListForm(
        path=str(found.home),
        caches=[index_form(one) for one in found.indexes],
        bytes=found.bytes,
        budget=budget,
        leftovers=[str(one) for one in found.leftovers],
        unknown=[str(one) for one in found.unknown],
    )


def plain(form: Form) -> Any:
    """Return a form as JSON has it."""
    return msgspec.to_builtins(form)


def size(count: int) -> str:
    """Return bytes as people read them: megabytes, or gigabytes where they are many."""
    return f"{count / GB:,.1f} GB" if count >= 10 * GB else f"{count / MB:,.1f} MB"

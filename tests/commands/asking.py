"""Commands, asked as an editor asks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codearch.commands._schema import all_commands

if TYPE_CHECKING:
    from codearch.commands._command import Context


def ask(context: Context, name: str, **argument: Any) -> Any:
    """Answer one command."""
    return all_commands()[f"codearch.{name}"].answer(context, argument)

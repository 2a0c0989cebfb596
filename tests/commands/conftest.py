"""What commands are asked in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codearch.cli._session import session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codearch.commands._command import Context


@pytest.fixture
def context(root: Path) -> Iterator[Context]:
    """The command line's own session on a test's folder."""
    with session(root) as context:
        yield context

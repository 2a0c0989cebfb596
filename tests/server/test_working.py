"""The progress bar of a request that takes long, and what cancelling it does."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from lsprotocol import types as lsp

from codearch.server.working import Working


class Editor:
    """An editor that takes tokens, and writes down what it is shown."""

    def __init__(self, *, shows: bool = True) -> None:
        self.tokens: list[str] = []
        self.shown: list[tuple[str, str | None, int | None]] = []
        window = lsp.WindowClientCapabilities(work_done_progress=shows)
        protocol = SimpleNamespace(notify=self._notify)
        progress = SimpleNamespace(create_async=self._create)
        self.server = SimpleNamespace(
            client_capabilities=lsp.ClientCapabilities(window=window),
            protocol=protocol,
            work_done_progress=progress,
        )
        self.telling = SimpleNamespace(soon=lambda work: work())

    async def _create(self, token: str) -> None:
        self.tokens.append(token)

    def _notify(self, method: str, params: lsp.ProgressParams) -> None:
        assert method == lsp.PROGRESS
        assert params.token in self.tokens, "the editor has not been asked for it"
        value: Any = params.value
        self.shown.append(
            (value.kind, getattr(value, "message", None), getattr(value, "percentage", None))
        )


async def _rest() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.mark.asyncio
async def test_a_bar_comes_once_it_takes_long_and_goes_with_the_answer() -> None:
    times = [0.0]
    editor = Editor()
    work = Working(editor, "codearch.debt.trends", clock=lambda: times[-1])  # type: ignore[arg-type]
    work.told("reading revisions", 0, 8)
    await _rest()
    assert editor.tokens == []
    for now, done in ((0.6, 2), (0.7, 3), (1.0, 4)):  # the second is too soon to be read
        times.append(now)
        work.told("reading revisions", done, 8)
        await _rest()
    work.end()
    assert editor.shown == [
        ("begin", "reading revisions 2 of 8", 25),
        ("report", "reading revisions 4 of 8", 50),
        ("end", None, None),
    ]


@pytest.mark.asyncio
async def test_an_answer_that_comes_first_shows_no_bar() -> None:
    now = 1.0
    editor = Editor()
    work = Working(editor, "codearch.debt.trends", clock=lambda: now)  # type: ignore[arg-type]
    now = 2.0
    work.told("reading revisions", 1, 2)
    work.end()
    await _rest()
    assert editor.shown == []


@pytest.mark.asyncio
async def test_an_editor_without_bars_is_told_nothing() -> None:
    now = 0.0
    editor = Editor(shows=False)
    work = Working(editor, "codearch.debt.trends", clock=lambda: now)  # type: ignore[arg-type]
    now = 2.0
    work.told("reading revisions", 1, 2)
    await _rest()
    work.end()
    assert (editor.tokens, editor.shown) == ([], [])


def test_cancelling_is_noticed() -> None:
    work = Working(Editor(), "codearch.debt.trends")  # type: ignore[arg-type]
    assert not work.cancelled
    work.cancel()
    assert work.cancelled

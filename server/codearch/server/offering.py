"""What a click on a code lens does in an editor that has no view of ours: it offers where to go."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codearch.server.serving import Server

log = logging.getLogger(__name__)

MOST_ASKED = 3  # more buttons cannot be read
MOST_TOLD = 6


class _Place(NamedTuple):
    title: str
    uri: str
    range: Mapping[str, Any]


async def offer(server: Server, explained: Mapping[str, Any]) -> None:
    """Ask the user to which caller or test of an explained symbol to go, and go there.

    An editor that cannot be sent to a place is told of them.
    """
    places = list({place.title: place for place in _places(explained)}.values())
    message = _counted(explained)
    window = server.client_capabilities.window
    if window is None or window.show_document is None or not window.show_document.support:
        listed = ", ".join(place.title for place in places[:MOST_TOLD])
        told = f"{message}: {listed}" if listed else message
        server.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Info, told))
        return
    actions = [lsp.MessageActionItem(place.title) for place in places[:MOST_ASKED]]
    question = lsp.ShowMessageRequestParams(lsp.MessageType.Info, message, actions)
    try:
        chosen = await server.window_show_message_request_async(question)
        for place in places:
            if chosen is not None and place.title == chosen.title:
                await server.window_show_document_async(_shown(place))
    except JsonRpcException as error:
        log.info("the editor offers nothing to choose from: %s", error)


def _places(explained: Mapping[str, Any]) -> Iterator[_Place]:
    tests = {test["id"] for test in explained["tests"]}
    for caller in explained["callers"]:
        if caller["symbol"]["id"] not in tests:
            yield _place(caller["symbol"], caller["uri"], caller["at"])
    for test in explained["tests"]:
        yield _place(test, test["uri"], test["selectionRange"])


def _place(symbol: Mapping[str, Any], uri: str, where: Mapping[str, Any]) -> _Place:
    file = unquote(uri.rpartition("/")[2])
    name = ".".join(filter(None, (symbol["container"], symbol["name"]))) or "top level"
    return _Place(f"{name} ({file}:{where['start']['line'] + 1})", uri, where)


def _counted(explained: Mapping[str, Any]) -> str:
    counts = [
        f"{len(found)} {noun}" if len(found) == 1 else f"{len(found)} {noun}s"
        for noun, found in (
            ("caller", explained["callers"]),
            ("test", explained["tests"]),
            ("finding", explained["debt"]),
        )
        if found
    ]
    said = [f"{each['rule']}: {each['message']}" for each in explained["debt"][:MOST_ASKED]]
    first = f"{explained['symbol']['name']}: {' · '.join(counts) or 'no caller found'}"
    return "; ".join([first, *said])


def _shown(place: _Place) -> lsp.ShowDocumentParams:
    start, end = (lsp.Position(**place.range[side]) for side in ("start", "end"))
    return lsp.ShowDocumentParams(place.uri, take_focus=True, selection=lsp.Range(start, end))

"""pygls' protocol, where one session is not the whole process and every request is answered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import cattrs
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInternalError, JsonRpcInvalidParams
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.protocol.json_rpc import JsonRPCNotification

if TYPE_CHECKING:
    from collections.abc import Generator

    from codearch.server.serving import Server

_ANSWERED = JsonRPCNotification("$/codearch/answered", "2.0", None)  # nothing left to do
_PLACE = re.compile(r"(?P<what>.*) @ \$\.params\.?(?P<field>.*)", re.DOTALL)


class Protocol(LanguageServerProtocol):
    """What pygls does otherwise.

    It ends the whole process at `exit`, leaves a malformed request without an answer, goes on with
    a command that was cancelled, to report an error when it ends, and complains on standard error,
    which editors show as errors, of a request taken back that has just been answered.
    """

    _server: Server

    @property
    def exit_code(self) -> int:
        """Return 0 if the client asked to shut down before it left, else 1."""
        return 0 if self._shutdown else 1

    @lsp_method(lsp.EXIT)
    def lsp_exit(self, *_: Any) -> Generator[Any, Any, None]:
        """End the session."""
        self._server.asked_to_exit = True
        self._server.ended.set()
        yield from ()

    @lsp_method(lsp.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override] # not as a generator
        self, params: lsp.ExecuteCommandParams
    ) -> Any:
        """Execute a command, and stop it when the request is cancelled."""
        command = self.fm.commands.get(params.command)
        if command is None:
            message = f"`command`: there is no command {params.command!r}."
            raise JsonRpcInvalidParams(message, data={"field": "command"})
        return await command(*(params.arguments or ()))

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Return a message as a typed one; a request that is none is answered at once."""
        try:
            return super().structure_message(data)
        except (JsonRpcInvalidParams, JsonRpcInternalError) as error:
            if "method" not in data or "id" not in data:
                raise
            field, message = _explained(error.__cause__)
            refusal = JsonRpcInvalidParams(message, data={"field": field} if field else None)
            self._send_response(data["id"], error=refusal.to_response_error())
            return _ANSWERED

    def _handle_response(
        self, msg_id: Any, result: Any | None = None, error: Any | None = None
    ) -> None:
        """Take the client's answer to a question of ours, unless it comes too late."""
        asked = self._request_futures.get(msg_id)
        if asked is not None and asked.cancelled():
            del self._request_futures[msg_id]
        else:
            super()._handle_response(msg_id, result, error)

    def _handle_cancel_notification(self, msg_id: Any) -> None:
        """Take a request back; one that has been answered meanwhile is nothing to speak of."""
        if msg_id in self._request_futures:
            super()._handle_cancel_notification(msg_id)

    def handle_message(self, message: Any) -> None:
        """Hand a message on to its handler."""
        if message is not _ANSWERED:
            super().handle_message(message)


def _explained(error: BaseException | None) -> tuple[str, str]:
    """Return the field at fault and a sentence, from what cattrs says of a message."""
    said = cattrs.transform_error(error) if isinstance(error, Exception) else []
    for each in said:
        match = _PLACE.match(each)
        if match:
            field = re.sub(r"_(\w)", lambda found: found[1].upper(), match["field"])
            return field, f"`{field or 'params'}`: {match['what']}."
    return "", "`params` do not fit this method."

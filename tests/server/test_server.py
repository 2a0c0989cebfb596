"""What an editor sees of the server."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pytest_lsp import client_capabilities, make_test_lsp_client

from codearch.indexer import launch
from codearch.settings import claimed_cache
from server.conftest import PRICES, started
from server.editing import Editor, until

if TYPE_CHECKING:
    from conftest import Workspace

pytestmark = pytest.mark.asyncio


async def test_search_by_meaning(editor: Editor) -> None:
    answer = await editor.command("search", query="price including tax", limit=3)
    first = answer["results"][0]
    assert first["symbol"] == "gross_price"
    assert first["uri"].endswith("/prices.py")
    assert first["range"]["start"] == {"line": 3, "character": 0}
    assert "def gross_price(net, rate):" in first["snippet"]
    assert {reason["signal"] for reason in first["why"]}
    assert answer["complete"]


@pytest.mark.parametrize(
    ("argument", "field"),
    [
        ({"query": 5}, "query"),
        ({}, "query"),
        ({"query": "tax", "limit": 1000}, "limit"),
        ({"query": "tax", "mode": "magic"}, "mode"),
        ({"query": "tax", "langauge": "go"}, "langauge"),
        ({"query": "tax", "folder": "/no/uri"}, "folder"),
    ],
)
async def test_bad_argument_is_named(
    editor: Editor, argument: dict[str, object], field: str
) -> None:
    with pytest.raises(JsonRpcException, match=f"`{field}`") as caught:
        await editor.command("search", **argument)
    assert caught.value.code == -32602


async def test_hover_knows_callers_tests_people_and_reasons(
    shop: Workspace, editor: Editor
) -> None:
    uri = editor.open(shop.root / "prices.py")

    async def written() -> bool:
        return "**Written**" in await editor.hover(uri, 3, 6)

    await until(written)
    text = await editor.hover(uri, 3, 6)
    assert "**Called** by 3 functions: [discounted]" in text
    assert "[Bill.total]" in text
    assert f"{(shop.root / 'prices.py').as_uri()}#L" in text
    assert "**Tested** by [test" in text
    assert "**Written** by Ada 100%" in text
    assert "Compute prices with tax" in text
    assert len(text.splitlines()) <= 12
    assert "net, rate" not in text


async def test_hover_on_a_call_tells_of_what_is_called(shop: Workspace, editor: Editor) -> None:
    uri = editor.open(shop.root / "bill.py")
    assert "**Called** by 3 functions" in await editor.hover(uri, 9, 22)


async def test_hover_is_never_empty_on_a_name(shop: Workspace, editor: Editor) -> None:
    uri = editor.open(shop.root / "prices.py")
    assert "No caller found" in await editor.hover(uri, 8, 6)
    assert await editor.hover(uri, 1, 0) == ""


async def test_unsaved_text_is_found_and_forgotten(shop: Workspace, editor: Editor) -> None:
    uri = editor.open(shop.root / "prices.py")
    editor.type_at_end(uri, "\n\ndef zebra_fee(net):\n    return net / 7\n", 10)
    await editor.command("index.flush")
    assert (await editor.found("zebra_fee"))[0] == "zebra_fee"
    editor.close(uri)
    await editor.command("index.flush")

    async def forgotten() -> bool:
        return "zebra_fee" not in await editor.found("zebra_fee")

    await until(forgotten)


async def test_saved_text_is_found(shop: Workspace, editor: Editor) -> None:
    uri = editor.open(shop.root / "prices.py")
    shop.write("prices.py", PRICES + "\n\ndef yak_fee(net):\n    return net / 8\n")
    editor.save(uri)
    await editor.command("index.flush")
    assert (await editor.found("yak_fee"))[0] == "yak_fee"


async def test_findings_are_pushed_to_editors_that_do_not_pull(
    shop: Workspace, neovim: Editor
) -> None:
    shop.write("a.py", "import b\n")
    shop.write("b.py", "import a\n")
    await neovim.command("index.flush")
    uri = neovim.open(shop.root / "a.py")
    if not neovim.client.capabilities.text_document.diagnostic:

        async def pushed() -> bool:
            return bool(neovim.client.diagnostics.get(uri))

        await until(pushed)
        found = neovim.client.diagnostics[uri]
    else:
        params = lsp.DocumentDiagnosticParams(lsp.TextDocumentIdentifier(uri))
        report = await neovim.client.text_document_diagnostic_async(params)
        assert isinstance(report, lsp.RelatedFullDocumentDiagnosticReport)
        found = report.items
    assert [(each.source, each.code) for each in found] == [("codearch", "import-cycle")]


async def test_debt_is_listed(editor: Editor) -> None:
    answer = await editor.command("debt.list")
    assert [item["rule"] for item in answer["items"]] == ["unused-import"]
    assert answer["total"] == 1
    assert answer["items"][0]["fix"]["safe"]


async def test_workspace_symbols_are_fuzzy(editor: Editor) -> None:
    found = await editor.client.workspace_symbol_async(lsp.WorkspaceSymbolParams("grpr"))
    assert found is not None
    assert found[0].name == "gross_price"


async def test_call_hierarchy_both_ways(shop: Workspace, editor: Editor) -> None:
    uri = editor.open(shop.root / "prices.py")
    where = lsp.CallHierarchyPrepareParams(lsp.TextDocumentIdentifier(uri), lsp.Position(3, 6))
    (item,) = await editor.client.text_document_prepare_call_hierarchy_async(where) or []
    incoming = await editor.client.call_hierarchy_incoming_calls_async(
        lsp.CallHierarchyIncomingCallsParams(item)
    )
    assert {call.from_.name for call in incoming or []} == {
        "discounted",
        "total",
        "test_gross_price",
    }
    caller = next(call.from_ for call in incoming or [] if call.from_.name == "discounted")
    outgoing = await editor.client.call_hierarchy_outgoing_calls_async(
        lsp.CallHierarchyOutgoingCallsParams(caller)
    )
    assert [call.to.name for call in outgoing or []] == ["gross_price"]


async def test_code_lens_counts_callers_and_tests(shop: Workspace, editor: Editor) -> None:
    uri = editor.open(shop.root / "prices.py")
    params = lsp.CodeLensParams(lsp.TextDocumentIdentifier(uri))
    lenses = await editor.client.text_document_code_lens_async(params) or []
    titles = {lens.range.start.line: lens.command.title for lens in lenses if lens.command}
    assert titles == {3: "3 callers · 1 test"}


async def test_click_on_a_code_lens_leads_to_a_caller(shop: Workspace, editor: Editor) -> None:
    uri = editor.open(shop.root / "prices.py")
    params = lsp.CodeLensParams(lsp.TextDocumentIdentifier(uri))
    (lens,) = await editor.client.text_document_code_lens_async(params) or []
    assert lens.command is not None
    asked = asyncio.get_running_loop().create_future()

    @editor.client.feature(lsp.WINDOW_SHOW_MESSAGE_REQUEST)
    def choose(question: lsp.ShowMessageRequestParams) -> lsp.MessageActionItem:
        asked.set_result(question)
        return next(each for each in question.actions or [] if each.title.startswith("Bill"))

    click = lsp.ExecuteCommandParams(lens.command.command, lens.command.arguments)
    await editor.client.workspace_execute_command_async(click)

    async def shown() -> bool:
        return bool(editor.client.shown_documents)

    await until(shown)
    assert asked.result().message == "gross_price: 3 callers · 1 test"
    document = editor.client.shown_documents[0]
    assert document.uri == (shop.root / "bill.py").as_uri()
    assert document.selection == lsp.Range(lsp.Position(9, 19), lsp.Position(9, 30))


async def test_outline_is_left_to_the_languages_own_server(shop: Workspace, editor: Editor) -> None:
    uri = editor.open(shop.root / "prices.py")
    params = lsp.DocumentSymbolParams(lsp.TextDocumentIdentifier(uri))
    assert await editor.client.text_document_document_symbol_async(params) is None


async def test_killed_indexer_is_back_without_a_restart(shop: Workspace, editor: Editor) -> None:
    endpoint = launch.read_endpoint(claimed_cache(shop.root))
    assert endpoint is not None
    os.kill(endpoint.pid, signal.SIGKILL)

    async def back() -> bool:
        status = await editor.command("status")
        return bool(status["state"] == "ready" and status["health"] == "ok")

    await until(back)
    assert (await editor.found("gross_price"))[0] == "gross_price"


async def test_pause_is_said_and_flush_refused(editor: Editor) -> None:
    assert (await editor.command("index.pause"))["state"] == "paused"
    with pytest.raises(JsonRpcException, match="paused"):
        await editor.command("index.flush")
    assert (await editor.command("index.resume"))["state"] != "paused"
    await editor.command("index.flush")


async def test_folders_come_and_go(shop: Workspace, editor: Editor, tmp_path: object) -> None:
    other = shop.root.parent / "other"
    other.mkdir()
    (other / "far.py").write_text("def far_away():\n    return 'in another folder'\n")
    folder = lsp.WorkspaceFolder(uri=other.as_uri(), name="other")
    event = lsp.WorkspaceFoldersChangeEvent(added=[folder], removed=[])
    editor.client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(event))
    await editor.command("index.flush")
    assert (await editor.found("far_away"))[0] == "far_away"
    assert "far_away" not in await editor.found("far_away", folder=shop.root.as_uri())
    event = lsp.WorkspaceFoldersChangeEvent(added=[], removed=[folder])
    editor.client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(event))
    await editor.command("index.flush")
    assert "far_away" not in await editor.found("far_away")


async def test_settings_of_the_editor_are_obeyed(shop: Workspace) -> None:
    client = await started()
    editor = Editor(client, shop.root)
    options = {"codearch": {"index": {"exclude": ["bill.py"]}, "codeLens": {"enabled": False}}}
    await editor.start(client_capabilities("neovim@0.11"), initialization_options=options)
    client.set_configuration({"codearch": options["codearch"]})
    await editor.command("index.flush")
    assert "Bill" not in await editor.found("bill of a customer")
    uri = editor.open(shop.root / "prices.py")
    params = lsp.CodeLensParams(lsp.TextDocumentIdentifier(uri))
    assert not await client.text_document_code_lens_async(params)
    await client.shutdown_session()


async def test_no_folder_at_all(shop: Workspace) -> None:
    client = await started()
    editor = Editor(client)
    await editor.start(client_capabilities("visual-studio-code"))
    assert (await editor.command("status"))["state"] == "ready"
    assert (await editor.command("search", query="anything"))["results"] == []
    editor.open(shop.root / "prices.py")  # the repository around a single file serves it

    async def served() -> bool:
        return "gross_price" in await editor.found("gross_price")

    await until(served)
    await client.shutdown_session()


async def test_after_three_deaths_words_alone_answer(shop: Workspace, editor: Editor) -> None:
    for _ in range(3):

        async def there() -> bool:
            return launch.read_endpoint(claimed_cache(shop.root)) is not None

        await until(there)
        await editor.command("status")
        endpoint = launch.read_endpoint(claimed_cache(shop.root))
        assert endpoint is not None
        os.kill(endpoint.pid, signal.SIGKILL)

        async def gone(pid: int = endpoint.pid) -> bool:
            status = await editor.command("status")
            now = launch.read_endpoint(claimed_cache(shop.root))
            return status["health"] == "error" or (now is not None and now.pid != pid)

        await until(gone)
    answer = await editor.command("search", query="gross price")
    assert answer["results"][0]["symbol"] == "gross_price"
    assert not answer["complete"]
    status = await editor.command("status")
    assert "within a minute" in status["problems"][0]["message"]


async def test_tcp_serves_each_client_a_session_of_its_own(shop: Workspace) -> None:
    command = [sys.executable, "-m", "codearch", "lsp", "--tcp", "127.0.0.1:0"]
    server = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    assert server.stderr is not None
    where = (await server.stderr.readline()).decode()
    port = int(where.strip().rpartition(":")[2])
    try:
        editors = []
        for _ in range(2):
            client = make_test_lsp_client()
            await client.start_tcp("127.0.0.1", port)
            editor = Editor(client, shop.root)
            await editor.start(client_capabilities("visual-studio-code"))
            await editor.command("index.flush")
            editors.append(editor)
        one, two = editors
        uri = one.open(shop.root / "prices.py")
        one.type_at_end(uri, "\n\ndef zebra_fee(net):\n    return net / 7\n", 10)
        await one.command("index.flush")
        assert "zebra_fee" in await one.found("zebra_fee")
        assert "zebra_fee" not in await two.found("zebra_fee")
        await one.client.shutdown_async(None)
        one.client.exit(None)
        assert "gross_price" in await two.found("gross_price")
    finally:
        server.terminate()
        await server.wait()


async def test_server_ends_with_its_client(shop: Workspace) -> None:
    owner = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=-1)
    client = await started()
    editor = Editor(client, shop.root)
    await editor.start(client_capabilities("neovim@0.11"), process_id=owner.pid)
    owner.kill()
    await owner.wait()
    async with asyncio.timeout(20):
        await client._server.wait()


async def test_edited_settings_file_is_obeyed_without_a_restart(
    shop: Workspace, editor: Editor
) -> None:
    uri = editor.open(shop.root / "prices.py")
    params = lsp.CodeLensParams(lsp.TextDocumentIdentifier(uri))
    assert await editor.client.text_document_code_lens_async(params)
    shop.write("codearch.toml", "[codeLens]\nenabled = false\n")

    async def obeyed() -> bool:
        return not await editor.client.text_document_code_lens_async(params)

    await until(obeyed)

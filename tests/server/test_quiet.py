"""Editors show findings on new code, few a file, none in copies: what else there is, they are told."""

from __future__ import annotations

import os
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types as lsp
from pytest_lsp import client_capabilities

from server.conftest import started
from server.editing import Editor, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from conftest import Workspace

pytestmark = pytest.mark.asyncio

OLD = "# TODO: old\nx = 1\n"


@asynccontextmanager
async def editing(
    shop: Workspace, name: str = "neovim@0.11", **settings: Any
) -> AsyncIterator[Editor]:
    """Open the shop, whose `old.py` is committed, with these settings of `diagnostics`."""
    editor = Editor(await started(), shop.root)
    options = {"codearch": {"diagnostics": settings}}
    editor.client.set_configuration(options)
    await editor.start(client_capabilities(name), initialization_options=options)
    await editor.command("index.flush")
    yield editor
    await editor.client.shutdown_session()


@pytest.fixture(autouse=True)
def notes_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have editors show notes, the shortest of findings; by themselves they do not."""
    monkeypatch.setenv("CODEARCH_RULES", '{"todo": {"enabled": true}}')


@pytest.fixture
def shop(shop: Workspace) -> Workspace:
    shop.write("old.py", OLD)
    shop.commit("Begin")
    return shop


async def pulled(editor: Editor, uri: str) -> list[lsp.Diagnostic]:
    params = lsp.DocumentDiagnosticParams(lsp.TextDocumentIdentifier(uri))
    report = await editor.client.text_document_diagnostic_async(params)
    assert isinstance(report, lsp.RelatedFullDocumentDiagnosticReport)
    return report.items


async def lines(editor: Editor, uri: str) -> list[int]:
    await editor.command("index.flush")
    return [each.range.start.line for each in await pulled(editor, uri)]


async def test_old_code_is_left_in_peace_and_new_code_is_not(shop: Workspace) -> None:
    async with editing(shop) as editor:
        uri = editor.open(shop.root / "old.py")
        assert await lines(editor, uri) == []
        editor.type_at_end(uri, "# TODO: typed\n", 1)
        assert await lines(editor, uri) == [1]
        assert len((await editor.command("debt.list", rule="todo"))["items"]) == 2
        new = editor.open(shop.write("new.py", OLD))
        assert await lines(editor, new) == [0]


async def test_a_commit_and_a_switch_of_branches_are_noticed(shop: Workspace) -> None:
    shop.git("switch", "-q", "-c", "feature")
    async with editing(shop) as editor:
        shop.write("old.py", OLD + "# TODO: mine\n")
        shop.commit("Mine")
        uri = editor.open(shop.root / "old.py")
        assert await lines(editor, uri) == [2], "committed on a branch"
        shop.git("branch", "-f", "main", "feature")
        assert await lines(editor, uri) == [], "merged"
        shop.git("switch", "-q", "-c", "older", "main~1")
        shop.write("old.py", OLD + "# TODO: mine\n")
        shop.git("branch", "-f", "main", "older")
        assert await lines(editor, uri) == [2]


@pytest.mark.parametrize(("since", "found"), [("all", [0]), ("HEAD~1", [0]), ("HEAD", [])])
async def test_since_when_code_is_new_is_a_setting(
    shop: Workspace, since: str, found: list[int]
) -> None:
    async with editing(shop, since=since) as editor:
        assert await lines(editor, editor.open(shop.root / "old.py")) == found


async def test_a_setting_takes_effect_in_what_is_open(shop: Workspace) -> None:
    async with editing(shop, mode="push") as editor:
        uri = editor.open(shop.write("new.py", OLD))

        async def shown() -> bool:
            return bool(editor.client.diagnostics.get(uri))

        async def gone() -> bool:
            return not editor.client.diagnostics.get(uri)

        await until(shown)
        for enabled, holds in ((False, gone), (True, shown)):
            options = {"codearch": {"diagnostics": {"mode": "push", "enabled": enabled}}}
            editor.client.set_configuration(options)
            params = lsp.DidChangeConfigurationParams(options)
            editor.client.workspace_did_change_configuration(params)
            await until(holds)


async def test_without_git_all_is_new(workspace: Workspace, own_cache: object) -> None:
    workspace.write("codearch.toml", "[diagnostics]\nmaxPerFile = 1\n")
    workspace.write("old.py", "# TODO: one\n# TODO: two\n")
    async with editing(workspace) as editor:
        uri = editor.open(workspace.root / "old.py")
        await editor.command("index.flush")
        more, _ = await pulled(editor, uri)
        assert "1 more finding in this file" in more.message
        assert "since there is no git repository here" in more.message


async def test_the_most_pressing_are_shown_and_the_others_counted(shop: Workspace) -> None:
    grave = "import pickle\n\n\ndef load(request):\n    return pickle.loads(request.data)\n"
    shop.write("my new.py", "".join(f"# TODO: {number}\n" for number in range(8)) + grave)
    async with editing(shop) as editor:
        uri = editor.open(shop.root / "my new.py")
        await editor.command("index.flush")
        more, *shown = await pulled(editor, uri)
        assert len(shown) == 5
        assert "security-deserialisation" in [each.code for each in shown]
        starts = [each.range.start.line for each in shown]
        assert starts == sorted(starts)
        assert more.code == "left-out"
        assert more.range.start.line == 0
        assert more.message.startswith(
            "4 more findings on new code of this file, of lower priority"
        )
        assert "`codearch check 'my new.py'` lists all" in more.message


async def test_copies_and_what_programs_wrote_are_left_out(shop: Workspace) -> None:
    shop.write("vendor/copied.py", OLD)
    shop.write("written.py", "# Code generated by a program. DO NOT EDIT.\n" + OLD)
    async with editing(shop) as editor:
        for path in ("vendor/copied.py", "written.py"):
            assert await lines(editor, editor.open(shop.root / path)) == []


async def test_tests_weigh_less(shop: Workspace) -> None:
    grave = "import pickle\n\n\ndef load(request):\n    return pickle.loads(request.data)\n"
    shop.write("load.py", grave)
    shop.write("codearch.toml", "[rules.todo]\nseverity = 4\n")
    shop.write("new.py", OLD)
    shop.write("test_new.py", OLD)
    async with editing(shop) as editor:
        for path, severity in (("new.py", 2), ("test_new.py", 3)):
            (found,) = await pulled(editor, editor.open(shop.root / path))
            assert found.severity == severity


async def test_settings_of_a_folder_hold_as_soon_as_they_are_written(shop: Workspace) -> None:
    shop.write("web/new.py", "# TODO: typed\n")
    async with editing(shop) as editor:
        uri = editor.open(shop.root / "web/new.py")
        assert await lines(editor, uri) == [0]
        graver = "[overrides.'web/'.rules.todo]\nseverity = 4\n"
        shop.write("codearch.toml", graver)
        await editor.command("index.flush")
        (item,) = await pulled(editor, uri)
        assert item.severity == lsp.DiagnosticSeverity.Warning
        shop.write("codearch.toml", graver + "[overrides.'*.py'.rules.'to*']\nenabled = false\n")
        assert await lines(editor, uri) == []


WIDE = "def ship(a, b, c, d, e, f, g, h, i):\n"
DEEP = WIDE + "".join(f"{'    ' * (depth + 1)}if {name}:\n" for depth, name in enumerate("abcdef"))
TANGLED = DEEP + f"{'    ' * 7}return 1\n" + "    a += b\n" * 120
FOR_LISTS = ("deep-nesting", "long-function", "many-parameters", "todo")


@pytest.mark.parametrize("settings", ["", "[diagnostics]\nsince = 'all'\n"])
async def test_what_nobody_changes_a_commit_for_is_for_lists(
    shop: Workspace, settings: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CODEARCH_RULES")
    shop.write("codearch.toml", settings)
    shop.write("new.py", TANGLED + OLD)
    async with editing(shop) as editor:
        uri = editor.open(shop.root / "new.py")
        await editor.command("index.flush")
        shown = [each.code for each in await pulled(editor, uri)]
        assert bool(shown) is bool(settings)
        listed = (await editor.command("debt.list", path="new.py"))["items"]
        assert {each["rule"] for each in listed} >= set(FOR_LISTS)


BLOCK = "    if a:\n        for b in a:\n            b()\n"


@pytest.mark.parametrize(("times", "shown"), [(8, []), (16, [0])])
async def test_complexity_is_told_from_twice_its_limit_on(
    shop: Workspace, times: int, shown: list[int]
) -> None:
    shop.write("new.py", "def ring(a):\n" + BLOCK * times)
    async with editing(shop) as editor:
        uri = editor.open(shop.root / "new.py")
        assert await lines(editor, uri) == shown
        listed = (await editor.command("debt.list", rule="high-complexity"))["items"]
        assert len(listed) == 1


GUARDS = "".join(f"    if a == {number}:\n        return {number}\n" for number in range(40))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("def ring(a):\n" + GUARDS, "high-complexity"),
        (
            "class Ring:\n" + "".join(f"    def a{n}(self):\n        b()\n\n" for n in range(40)),
            "large-class",
        ),
        (
            f"# Copied from https://forge.example/x/blob/a/bell.py\n\ndef ring(a):\n{BLOCK * 16}",
            "high-complexity",
        ),
        (
            f"import a\n\n\n# Taken from bell.py,\n# with other names.\ndef ring(a):\n{BLOCK * 16}",
            "high-complexity",
        ),
    ],
    ids=("guards", "class", "copied file", "copied function"),
)
async def test_what_is_long_or_somebody_elses_is_for_lists(
    shop: Workspace, text: str, rule: str
) -> None:
    shop.write("new.py", text)
    async with editing(shop) as editor:
        uri = editor.open(shop.root / "new.py")
        assert await lines(editor, uri) == []
        listed = (await editor.command("debt.list", rule=rule))["items"]
        assert len(listed) == 1


async def test_who_says_where_a_limit_lies_is_told_of_all_beyond_it(shop: Workspace) -> None:
    shop.write("codearch.toml", "[rules.many-parameters]\nparameters = 3\n")
    shop.write("new.py", "def ship(a, b, c, d):\n    return a\n")
    async with editing(shop) as editor:
        assert await lines(editor, editor.open(shop.root / "new.py")) == [0]


async def test_a_definition_has_one_measure_that_names_the_others(shop: Workspace) -> None:
    shop.write("codearch.toml", "".join(f"[rules.{rule}]\nenabled = true\n" for rule in FOR_LISTS))
    shop.write("new.py", TANGLED + "\n\n" + WIDE.replace("ship", "pack") + "    return a\n")
    async with editing(shop) as editor:
        uri = editor.open(shop.root / "new.py")
        await editor.command("index.flush")
        ship, pack = await pulled(editor, uri)
        codes = {"deep-nesting", "long-function", "many-parameters"}
        others = codes - {ship.code}
        assert ship.code in codes
        assert all(f"`{each}`" in ship.message for each in others)
        assert pack.code == "many-parameters"
        assert "also" not in pack.message
        kept = [each["rule"] for each in (await editor.command("debt.list"))["items"]]
        assert others <= set(kept)


@pytest.mark.parametrize("wanted", [False, True])
async def test_tests_are_not_measured_unless_somebody_wants_it(
    shop: Workspace, wanted: bool
) -> None:
    if wanted:
        shop.write("codearch.toml", "[rules.deep-nesting]\nenabled = true\n")
    shop.write("test_new.py", TANGLED + OLD)
    async with editing(shop) as editor:
        uri = editor.open(shop.root / "test_new.py")
        await editor.command("index.flush")
        codes = [each.code for each in await pulled(editor, uri)]
        assert codes == ["deep-nesting"] * wanted + ["todo"]


async def test_what_was_accepted_or_judged_a_moment_ago_is_gone(shop: Workspace) -> None:
    shop.write("new.py", "# TODO: one\n# TODO: two\n")
    async with editing(shop) as editor:
        uri = editor.open(shop.root / "new.py")
        assert await lines(editor, uri) == [0, 1]
        one, two = await pulled(editor, uri)
        await editor.command("debt.resolve", id=one.data["id"], status="wontFix")
        assert await lines(editor, uri) == [1]
        entry = f'{{"path": "new.py", "rule": "todo", "id": "{two.data["id"]}"}}'
        shop.write(".codearch/baseline.json", f'{{"version": 1, "findings": [{entry}]}}')
        assert await lines(editor, uri) == []
        shop.write(".codearch/baseline.json", '{"version": 1, "findings": []}')
        assert await lines(editor, uri) == [1]


async def test_an_editor_that_is_pushed_to_is_told_of_a_commit(shop: Workspace) -> None:
    async with editing(shop, mode="push") as editor:
        path = shop.write("new.py", OLD)
        uri = editor.open(path)

        async def shown() -> bool:
            return [each.code for each in editor.client.diagnostics.get(uri, ())] == ["todo"]

        await until(shown)
        shop.commit("Take it in")

        async def gone() -> bool:
            return not editor.client.diagnostics[uri]

        await until(gone)


LONG = "def draw(x):\n" + "    x += 1\n" * 85 + "    return x\n"


async def test_who_edits_a_long_function_is_not_told_that_it_was_long(shop: Workspace) -> None:
    shop.write("codearch.toml", "[rules.long-function]\nenabled = true\n")
    shop.write("long.py", LONG)
    shop.write("short.py", LONG.replace("    x += 1\n", "", 10))
    shop.commit("Draw")
    async with editing(shop) as editor:
        long = editor.open(shop.root / "long.py")
        editor.type_at_end(long, "    x -= 1  # TODO: why\n", 3)
        assert await lines(editor, long) == [3]
        short = editor.open(shop.root / "short.py")
        editor.type_at_end(short, "    x -= 1\n" * 60, 3)
        assert await lines(editor, short) == [0]


KEY = f"-----BEGIN EC PRIVATE KEY-----\n{'MHcCAQEEIIDa9dk3' * 8}\n-----END EC PRIVATE KEY-----\n"


@pytest.mark.parametrize("settings", ["", "[diagnostics]\nsince = 'all'\n"])
async def test_a_key_of_a_test_is_for_lists(shop: Workspace, settings: str) -> None:
    shop.write("codearch.toml", settings)
    shop.write("tests/key.pem", KEY)
    async with editing(shop) as editor:
        uri = editor.open(shop.root / "tests/key.pem")
        await editor.command("index.flush")
        shown = [each.code for each in await pulled(editor, uri)]
        assert shown == (["secret"] if settings else [])
        listed = (await editor.command("debt.list", path="tests/key.pem"))["items"]
        assert [each["rule"] for each in listed] == ["secret"]


SHARED = """def {name}(orders, rates, {extra}):
    total = 0
    for order in orders:
        if order.cancelled or order.returned:
            continue
        price = order.price * order.count
        if order.gift:
            price += rates.wrapping
        price -= price * rates.discount(order.customer)
        price += price * rates.tax(order.country)
        if price < rates.least:
            price = rates.least
        if order.late:
            price -= rates.delay * order.days
        total += round(price, 2)
    return total
"""


async def test_copies_are_told_to_who_makes_one(shop: Workspace) -> None:
    shop.write("sums.py", SHARED.format(name="total", extra="day"))
    shop.write("bills.py", SHARED.format(name="billed", extra="month"))
    shop.commit("Sum up")
    async with editing(shop) as editor:
        sums = editor.open(shop.root / "sums.py")
        editor.type_at_end(sums, "    total += 1\n", 15)
        assert await lines(editor, sums) == []
        assert (await editor.command("debt.list", rule="clone"))["total"] == 1
        shop.write("alike.py", SHARED.format(name="worth", extra="year"))
        alike = editor.open(shop.root / "alike.py")
        assert len(await lines(editor, alike)) == 1


async def test_a_lens_counts_findings_of_old_code_too(shop: Workspace) -> None:
    shop.write("long.py", LONG)
    shop.commit("Draw")
    async with editing(shop) as editor:
        uri = editor.open(shop.root / "long.py")
        await editor.command("index.flush")
        params = lsp.CodeLensParams(lsp.TextDocumentIdentifier(uri))
        (lens,) = await editor.client.text_document_code_lens_async(params) or []
        assert lens.command is not None
        assert lens.command.title == "1 finding"
        (argument,) = lens.command.arguments or []
        shown = await editor.command("explain", **argument)
        assert [each["rule"] for each in shown["debt"]] == ["long-function"]


async def test_a_lens_counts_findings_of_its_own_overload(shop: Workspace) -> None:
    wide = "int a, int b, int c, int d, int e, int f, int g, int h"
    body = "{ return 1; }\n"
    shop.write(
        "Pool.java",
        f"class Pool {{\n  int take(int a) {body}  int take({wide}) {body}"
        "  int use() { return take(1) + take(1, 2, 3, 4, 5, 6, 7, 8); }\n}\n",
    )
    async with editing(shop) as editor:
        uri = editor.open(shop.root / "Pool.java")
        await editor.command("index.flush")
        params = lsp.CodeLensParams(lsp.TextDocumentIdentifier(uri))
        lenses = await editor.client.text_document_code_lens_async(params) or []
        titles = {each.range.start.line: each.command.title for each in lenses if each.command}
        assert titles == {1: "1 caller", 2: "1 caller · 1 finding"}


async def test_a_message_once_a_day_where_it_is_wanted(shop: Workspace, own_cache: Path) -> None:
    shop.write("codearch.toml", "[rules.todo]\nseverity = 4\n")
    path = shop.write("new.py", OLD)

    async def told(alert: int | None = None, messages: int = 0) -> list[str]:
        options = {} if alert is None else {"alert": alert}
        async with editing(shop, mode="push", **options) as editor:
            uri = editor.open(path)
            await editor.command("index.flush")

            async def pushed() -> bool:
                shown = bool(editor.client.diagnostics.get(uri))
                return shown and len(editor.client.messages) >= messages

            await until(pushed)
            await editor.command("status")  # what was to be told before has been
            return [each.message for each in editor.client.messages]

    assert await told() == []
    assert await told(alert=5) == []
    (message,) = await told(alert=4, messages=1)
    assert message.startswith(
        "1 finding of severity 4 or higher on new code of workspace: new.py:1"
    )
    assert await told(alert=4) == []
    (note,) = own_cache.glob("*/alerted.txt")
    yesterday = time.time() - 25 * 3600
    os.utime(note, (yesterday, yesterday))
    assert len(await told(alert=4, messages=1)) == 1

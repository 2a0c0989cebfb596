"""What `folder` means: every answer narrowed to it, also where it lies inside a root."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from codearch.cli._session import session
from codearch.commands._schema import all_commands
from codearch.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codearch.commands._command import Context

BILLING = '''"""Billing."""
from shop.tax import gross_price


def invoice_total(items):
    # TODO: discounts
    return sum(gross_price(item) for item in items)


def receipt_total(items):
    return invoice_total(items)
'''
TAX = '''"""Taxes."""


def gross_price(net):
    # TODO: other countries
    return net * 1.2


def invoice_tax(items):
    return sum(gross_price(item) - item for item in items)
'''


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """A session on a root that holds the folders `billing` and `shop`."""
    root = tmp_path_factory.mktemp("root")
    for path, text in (("billing/total.py", BILLING), ("shop/tax.py", TAX)):
        (root / path).parent.mkdir()
        (root / path).write_text(text)
    (root / "shopping.py").write_text("def invoice_list():\n    return []\n")
    (root / "codearch.toml").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CODEARCH_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "1")
        with session(root) as context:
            yield context


def ask(context: Context, name: str, **argument: Any) -> Any:
    return all_commands()[f"codearch.{name}"].answer(context, argument)


def below(context: Context, folder: str) -> str:
    return (context.workspaces[0].root / folder).as_uri()


def folders(answer: Any) -> set[str]:
    return {hit["uri"].rsplit("/", 2)[-2] for hit in answer["results"]}


def test_search_gives_what_lies_in_the_folder(shop: Context, tmp_path: Path) -> None:
    everywhere = ask(shop, "search", query="invoice")
    assert {hit["symbol"] for hit in everywhere["results"]} >= {"invoice_list", "invoice_tax"}
    for mode in ("hybrid", "lexical", "semantic"):
        inside = ask(shop, "search", query="invoice", folder=below(shop, "shop"), mode=mode)
        assert folders(inside) == {"shop"}, "shopping.py only begins alike"


def test_path_filters_narrow_the_folder_further(shop: Context) -> None:
    folder = below(shop, "shop")
    assert not ask(shop, "search", query="total path:billing", folder=folder)["results"]
    assert ask(shop, "search", query="price path:shop/tax.py", folder=folder)["results"]


def test_similar_code_lies_in_the_folder(shop: Context) -> None:
    code = {"code": TAX, "language": "python", "threshold": 0.0}
    assert "billing" in folders(ask(shop, "similar", **code))
    assert folders(ask(shop, "similar", **code, folder=below(shop, "shop"))) == {"shop"}


def test_findings_lie_in_the_folder(shop: Context) -> None:
    assert ask(shop, "debt.list", rule="todo")["total"] == 2
    inside = ask(shop, "debt.list", rule="todo", folder=below(shop, "billing"))
    assert [item["uri"].rsplit("/", 1)[1] for item in inside["items"]] == ["total.py"]


def test_graph_stays_in_the_folder(shop: Context) -> None:
    whole = ask(shop, "graph", kind="calls")
    assert {node["label"] for node in whole["nodes"]} >= {"invoice_total", "gross_price"}
    inside = ask(shop, "graph", kind="calls", folder=below(shop, "billing"))
    assert {node["label"] for node in inside["nodes"]} == {"invoice_total", "receipt_total"}


def test_explanation_is_of_a_symbol_in_the_folder(shop: Context) -> None:
    found = ask(shop, "explain", symbol="gross_price", folder=below(shop, "shop"))
    assert found["callers"], "callers are told wherever they are"
    with pytest.raises(UsageError, match="`symbol`"):
        ask(shop, "explain", symbol="gross_price", folder=below(shop, "billing"))


def test_status_counts_the_folder(shop: Context) -> None:
    status = ask(shop, "status", folder=below(shop, "shop"))
    assert status["files"] == 1
    assert status["symbols"] == status["embedded"] == 3
    assert ask(shop, "status", folder=below(shop, ""))["files"] == 4


@pytest.mark.parametrize("folder", ["no/such/folder", "shop/tax.py"])
def test_what_is_no_folder_is_refused(shop: Context, folder: str) -> None:
    with pytest.raises(UsageError, match="`folder`"):
        ask(shop, "search", query="price", folder=below(shop, folder))


@pytest.mark.parametrize("scope", ["nowhere", "src/**", "*.rs", "file:///elsewhere/a.py"])
def test_scope_that_means_nothing_is_refused(shop: Context, scope: str) -> None:
    with pytest.raises(UsageError) as caught:
        ask(shop, "graph", kind="dependencies", scope=scope)
    assert caught.value.field == "scope"


def test_scope_without_edges_is_a_scope(shop: Context) -> None:
    assert ask(shop, "graph", kind="dependencies", scope="codearch.toml")["nodes"] == []
    with pytest.raises(UsageError, match="`scope`"):
        ask(shop, "graph", kind="calls", scope="billing", folder=below(shop, "shop"))

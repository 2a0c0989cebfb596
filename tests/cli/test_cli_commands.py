"""What the commands print, on a small project with a real index."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from shop_files import FILES

from codearch.indexer.launch import read_endpoint
from codearch.settings import root_cache

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_index_counts_what_it_did_and_nothing_the_second_time(codearch: Callable) -> None:
    first = codearch("index", "--full", "--json")
    assert first.code == 0
    counters = first.json
    assert set(counters) == {
        *("files", "parsed", "unchanged", "removed", "symbols", "embedded", "reused"),
        *("hitRate", "pending", "errors", "tookMs", "generation"),
    }
    assert counters["files"] == counters["parsed"] == len(FILES)
    assert counters["pending"] == counters["errors"] == 0
    again = codearch("index", "--json").json
    assert (again["parsed"], again["embedded"], again["unchanged"]) == (0, 0, len(FILES))
    assert f"{len(FILES)} files" in codearch("index").out


def test_search_prints_the_contract_s_object(codearch: Callable) -> None:
    ran = codearch("search", "tax rate of a country", "--json", "--limit", 3)
    assert ran.code == 0
    answer = ran.json
    assert set(answer) == {"query", "results", "tookMs", "complete", "generation"}
    assert answer["query"] == "tax rate of a country"
    assert answer["complete"] is True
    best = answer["results"][0]
    assert set(best) == {
        *("path", "line", "endLine", "symbol", "container", "kind", "language"),
        *("score", "snippet", "snippetLine", "highlights", "why"),
    }
    assert (best["path"], best["symbol"]) == ("shop/taxes.py", "rate")
    assert (best["line"], best["endLine"]) == (8, 10)
    for mark in best["highlights"]:
        assert set(mark) == {"line", "column", "endColumn"}
    assert all(set(one) == {"signal", "detail"} for one in best["why"])
    assert len(answer["results"]) <= 3


def test_search_filters_by_option_and_in_the_query(codearch: Callable) -> None:
    by_option = codearch("search", "total", "--language", "typescript", "--json").json
    in_query = codearch("search", "total lang:typescript", "--json").json
    for answer in (by_option, in_query):
        assert {hit["path"] for hit in answer["results"]} == {"web/basket.ts"}
    kinds = codearch("search", "total", "--kind", "method", "--json").json
    assert {hit["kind"] for hit in kinds["results"]} == {"method"}
    below = codearch("search", "total", "--path", "tests", "--json").json
    assert {hit["path"] for hit in below["results"]} == {"tests/test_orders.py"}


def test_a_query_may_begin_with_an_exclusion(codearch: Callable) -> None:
    ran = codearch("search", "-lang:python total", "--json")
    languages = {one["language"] for one in ran.json["results"]}
    assert languages
    assert "python" not in languages


def test_a_setting_that_is_ignored_is_said(
    codearch: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEARCH_LOG_LEVEL", "loud")
    ran = codearch("search", "total")
    assert ran.code == 0
    assert "CODEARCH_LOG_LEVEL" in ran.err


def test_search_for_people(codearch: Callable) -> None:
    ran = codearch("search", "cheapest")
    assert "shop/orders.py:20" in ran.out
    assert "cheapest (function)" in ran.out
    assert "\x1b" not in ran.out, "no colours outside a terminal"
    assert "Nothing was found." in codearch("search", '"no such phrase anywhere"').out


def test_search_reads_one_query_a_line(codearch: Callable) -> None:
    ran = codearch(
        "search", "--stdin", "--json", "--limit", 1, stdin="price of an item\n\nrefund\n"
    )
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [one["query"] for one in answers] == ["price of an item", "", "refund"]
    assert [len(one["results"]) for one in answers] == [1, 0, 1]
    assert answers[2]["results"][0]["path"] == "README.md"


def test_a_query_that_is_no_utf8_is_answered_like_any_other(codearch: Callable) -> None:
    codearch("index")
    sent = io.TextIOWrapper(io.BytesIO(b"caf\xe9 \xff\nrefund\n"), "utf-8", "surrogateescape")
    ran = codearch("search", "--stdin", "--json", stdin=sent)
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [one["query"] for one in answers] == ["caf\ufffd \ufffd", "refund"]
    assert codearch("search", "caf\udce9").code == 2


def test_a_file_saved_before_a_command_is_found_by_it(codearch: Callable, tmp_path: Path) -> None:
    (tmp_path / "codearch.toml").touch()
    (tmp_path / "a.py").write_text("def water_the_plants():\n    pass\n")
    query = ["search", "water the plants", "--json", "--limit", 1]
    assert codearch(*query, cwd=tmp_path).json["results"][0]["path"] == "a.py"
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert codearch(*query, cwd=tmp_path).json["results"][0]["path"] == "b.py"


def test_explain_a_place_and_a_name(codearch: Callable, shop: Path) -> None:
    by_line = codearch("explain", "shop/taxes.py:9", "--json").json
    by_name = codearch("explain", "rate", "--json").json
    assert by_line["symbol"] == by_name["symbol"]
    assert by_line["symbol"]["path"] == "shop/taxes.py"
    assert [one["symbol"]["name"] for one in by_line["callers"]] == ["price_of"]
    assert by_line["churn"]["lastSubject"] == "Sell things"
    assert by_line["owners"][0]["name"] == "Ada"
    assert by_line["complexity"]["cyclomatic"] == 1
    inside = codearch("explain", "taxes.py:9", "--json", cwd=shop / "shop")
    assert inside.json["symbol"] == by_line["symbol"], "paths are below the current folder"
    method = codearch("explain", "Order.total", "--json").json
    assert [one["name"] for one in method["tests"]] == ["test_total_adds_tax"]
    text = codearch("explain", "Order.total").out
    assert "Called by" in text
    assert "test_total_adds_tax" in text


def test_explain_counts_lines_that_are_not_committed(
    codearch: Callable, shop: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(shop, tmp_path / "shop")
    taxes = copy / "shop" / "taxes.py"
    assert "Uncommitted" not in codearch("explain", "rate", cwd=copy).out
    taxes.write_text(taxes.read_text("utf-8").replace("return ", "return 2 * "), "utf-8")
    assert "Uncommitted 1 of its lines" in codearch("explain", "rate", cwd=copy).out


def test_explain_a_file_as_a_whole(codearch: Callable, shop: Path) -> None:
    for ran in (
        codearch("explain", "shop/taxes.py", "--json"),
        codearch("explain", "taxes.py", "--json", "--root", shop, cwd=shop / "shop"),
    ):
        symbol = ran.json["symbol"]
        assert (symbol["kind"], symbol["path"]) == ("module", "shop/taxes.py")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("shop/nowhere.py:3", "no file shop/nowhere.py"),
        ("shop/taxes.py:900", "no line 900"),
        ("shop/taxes.py:0", "no line 0"),
        ("no_such_name", "nothing here is called"),
    ],
)
def test_explain_says_what_is_wrong(codearch: Callable, what: str, said: str) -> None:
    ran = codearch("explain", what)
    assert ran.code == 2
    assert said in ran.err
    assert ran.out == ""


def test_similar_finds_the_same_idea_in_another_language(codearch: Callable) -> None:
    ran = codearch("similar", "web/basket.ts:3", "--cross-language", "--threshold", 0, "--json")
    assert ran.code == 0
    hits = ran.json["results"]
    assert hits
    assert all(0 <= hit["similarity"] <= 1 for hit in hits)
    assert "basketTotal" not in {hit["symbol"] for hit in hits}, "not the code itself"
    same = codearch("similar", "web/basket.ts:3", "--threshold", 0, "--json").json["results"]
    assert {hit["language"] for hit in same} <= {"typescript"}
    assert codearch("similar", "web/basket.ts").code == 2


def test_graph_of_imports_calls_and_cycles(codearch: Callable) -> None:
    imports = codearch("graph", "dependencies").json
    pairs = {(edge["source"], edge["target"]) for edge in imports["edges"]}
    assert ("shop/orders.py", "shop/prices.py") in pairs
    node = next(one for one in imports["nodes"] if one["id"] == "shop/prices.py")
    assert (node["path"], node["line"], node["lines"]) == ("shop/prices.py", 1, 8)
    calls = codearch("graph", "calls", "--scope", "shop/prices.py").json
    labels = {one["id"]: one["label"] for one in calls["nodes"]}
    called = {(labels[one["source"]], labels[one["target"]]) for one in calls["edges"]}
    assert {("price_of", "rate"), ("Order.total", "price_of")} <= called
    cycles = codearch("graph", "cycles").json
    assert [set(one["files"]) for one in cycles["cycles"]] == [{"shop/prices.py", "shop/taxes.py"}]
    assert {one["id"] for one in cycles["nodes"]} == {"shop/prices.py", "shop/taxes.py"}
    assert "shop/prices.py -> shop/taxes.py -> shop/prices.py" in (
        codearch("graph", "cycles", "--format", "text").out
    )


def test_graph_is_drawn_as_mermaid_and_dot(codearch: Callable) -> None:
    assert codearch("graph", "dependencies", "--format", "mermaid").out.startswith("flowchart")
    assert codearch("graph", "dependencies", "--format", "dot").out.startswith("digraph")
    folders = codearch("graph", "dependencies", "--level", "folder").json
    assert {one["id"] for one in folders["nodes"]} == {"shop", "tests"}
    wrong = codearch("graph", "dependencies", "--level", "symbol")
    assert (wrong.code, "only calls" in wrong.err) == (2, True)
    assert codearch("graph", "dependencies", "--scope", "nowhere").code == 2


def test_status_counts_and_complains(codearch: Callable, tmp_path: Path) -> None:
    codearch("index")
    status = codearch("status", "--json").json
    assert {
        *("version", "state", "health", "files", "symbols", "embedded", "pending", "generation"),
        *("model", "store", "latency", "cache", "problems", "folders"),
    } <= set(status)
    assert status["symbols"] == status["embedded"] + status["pending"]
    assert (status["files"], status["health"]) == (len(FILES), "ok")
    (tmp_path / "codearch.toml").write_text("[serch]\nlimit = 3\n")
    broken = codearch("status", "--json", cwd=tmp_path).json
    assert broken["health"] == "warning"
    assert '"search"' in broken["problems"][0]["message"]
    assert "warning" in codearch("status", cwd=tmp_path).out


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be held there")
def test_status_does_not_wait_for_an_indexer_that_is_busy_starting(
    codearch: Callable, tmp_path: Path
) -> None:
    (tmp_path / "fees.py").write_text("def fee(net):\n    return net\n")
    (tmp_path / "fees.bin").write_bytes(b"\0\1\2")
    assert codearch("index", cwd=tmp_path).code == 0
    endpoint = read_endpoint(root_cache(tmp_path))
    assert endpoint is not None
    os.kill(endpoint.pid, signal.SIGSTOP)
    try:
        status = codearch("status", "--json", cwd=tmp_path).json
    finally:
        os.kill(endpoint.pid, signal.SIGCONT)
    assert (status["state"], status["files"], status["health"]) == ("starting", 1, "warning")
    assert f"(process {endpoint.pid}) has not answered" in status["problems"][0]["message"]
    assert status["symbols"] == status["embedded"] == 2
    assert status["store"]["bytes"] > 0
    assert status["folders"][0]["skipped"] == {"binary": 1}
    assert status["generation"] > 0


def test_status_of_what_was_never_indexed_is_starting(codearch: Callable, tmp_path: Path) -> None:
    status = codearch("status", "--json", cwd=tmp_path).json
    assert (status["files"], status["symbols"], status["pending"]) == (0, 0, 0)


def test_a_model_that_does_not_exist_is_said_and_words_answer(
    codearch: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fees.py").write_text("def fee(net):\n    return net\n")
    monkeypatch.setenv("CODEARCH_MODEL_NAME", "codebird")
    found = codearch("search", "fee", "--json", cwd=tmp_path).json
    assert (found["results"][0]["path"], found["complete"]) == ("fees.py", False)
    status = codearch("status", "--json", cwd=tmp_path).json
    (problem,) = [one for one in status["problems"] if "codebird" in one["message"]]
    assert (status["health"], status["pending"], problem["severity"]) == ("warning", 0, 4)
    assert "static" in problem["mend"]
    doctor = codearch("doctor", "--json", cwd=tmp_path).json
    (check,) = [one for one in doctor["checks"] if one["name"] == "model"]
    assert (check["state"], "static" in check["mend"]) == ("problem", True)
    assert not doctor["healthy"]


def test_doctor_looks_at_everything(codearch: Callable, tmp_path: Path) -> None:
    ran = codearch("doctor", "--json")
    assert ran.code == 0
    found = {check["name"]: check for check in ran.json["checks"]}
    assert {"python", "sqlite", "git", "grammars", "vectors", "model", "cache", "settings"} <= set(
        found
    )
    assert ran.json["leavesTheMachine"] == []
    assert all(one["state"] in ("ok", "note") or one["mend"] for one in found.values())
    (tmp_path / "codearch.toml").write_text("[index]\nexcludes = []\n")
    broken = codearch("doctor", cwd=tmp_path)
    assert broken.code == 0
    assert '"index.exclude"' in broken.out


def test_doctor_says_what_leaves_the_machine_and_whereto(
    codearch: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def network() -> tuple[dict[str, str], list[str]]:
        found = codearch("doctor", "--json").json
        (check,) = [one for one in found["checks"] if one["name"] == "network"]
        return check, found["leavesTheMachine"]

    shared = tmp_path / "shared"
    shared.mkdir()
    monkeypatch.setenv("CODEARCH_VECTORS_STORE", str(shared))
    check, leaving = network()
    assert (check["state"], leaving) == ("note", [f"vectors are put into {shared}"])
    assert leaving[0] in check["found"]
    monkeypatch.setenv("CODEARCH_VECTORS_READ_ONLY", "true")
    assert network()[1] == []
    monkeypatch.setenv("CODEARCH_VECTORS_STORE", "s3://ours/vectors")
    monkeypatch.setenv("CODEARCH_VECTORS_ENDPOINT", "http://vectors.example.com")
    check, _ = network()
    assert (check["state"], "not encrypted" in check["found"]) == ("problem", True)
    assert "https://" in check["mend"]


def test_schema_describes_settings_and_every_command(codearch: Callable) -> None:
    schema = codearch("schema").json
    assert {"codearch.search", "codearch.graph", "codearch.status"} <= set(schema["commands"])
    argument = schema["commands"]["codearch.search"]["argument"]["$ref"].rpartition("/")[2]
    assert "query" in schema["$defs"][argument]["required"]
    assert schema["settings"]["properties"]["index"]

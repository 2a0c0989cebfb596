"""What people said of findings of many rules, while others edit, rename, move and mend the code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from commands.asking import ask

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codearch.commands._command import Context

FILES = {
    "shop/freight.py": """import hashlib
import json


def freight(weight, height, width, depth, country, insured, fragile, express):
    # TODO: ask the carrier
    return weight * height * width * depth * country * insured * fragile * express


def customs(parcel):
    for part in parcel.parts:
        if part.liquid:
            for tax in part.taxes:
                if tax.due:
                    while tax.open:
                        if tax.paid:
                            tax.close()
                            return tax
    return None
    parcel.done = True


def seal(password):
    return hashlib.md5(password).hexdigest()
""",
    "shop/orders.py": "from shop import prices\n\n\ndef order(parcel):\n    return prices.price(parcel)\n",
    "shop/prices.py": "from shop import orders\n\n\ndef price(parcel):\n    return orders.order(parcel)\n",
    "shop/__init__.py": "",
}
RULES = {
    "deep-nesting",
    "import-cycle",
    "many-parameters",
    "security-weak-hash",
    "todo",
    "unreachable-code",
    "unused-import",
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CODEARCH_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "3")
    monkeypatch.setenv("CODEARCH_SEARCH_VECTORS", "false")
    root = tmp_path / "work"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    (root / "codearch.toml").touch()
    return root


def listed(context: Context, **query: Any) -> list[dict[str, Any]]:
    context.workspaces[0].indexer.call("flush")
    items: list[dict[str, Any]] = ask(context, "debt.list", **query)["items"]
    return items


def rules_of(items: list[dict[str, Any]]) -> set[str]:
    return {each["rule"] for each in items}


def edit(root: Path, path: str, change: Callable[[str], str]) -> None:
    file = root / path
    file.write_text(change(file.read_text()))


def _lines_above(root: Path) -> None:
    for path in ("shop/freight.py", "shop/orders.py", "shop/prices.py"):
        edit(root, path, lambda text: '"""What it costs."""\n\nimport sys\n\nprint(sys)\n' + text)


def _renamed_definitions(root: Path) -> None:
    for old, new in (("freight(", "carriage("), ("customs(", "duties("), ("seal(", "stamp(")):
        edit(root, "shop/freight.py", lambda text, old=old, new=new: text.replace(old, new))


def _moved_files(root: Path) -> None:
    (root / "shop" / "costs").mkdir()
    (root / "shop" / "freight.py").rename(root / "shop" / "costs" / "parcels.py")


def _moved_and_renamed(root: Path) -> None:
    _renamed_definitions(root)
    _moved_files(root)


def _wrapped_in_a_class(root: Path) -> None:
    def wrapped(text: str) -> str:
        head, body = text.split("\n\n\n", 1)
        inside = "".join(f"    {line}" if line.strip() else line for line in body.splitlines(True))
        return f"{head}\n\n\nclass Costs:\n{inside}"

    edit(root, "shop/freight.py", wrapped)


@pytest.mark.parametrize("status", ["wontFix", "falsePositive"])
@pytest.mark.parametrize(
    "change",
    [
        _lines_above,
        _renamed_definitions,
        _moved_files,
        _moved_and_renamed,
        _wrapped_in_a_class,
    ],
    ids=lambda change: change.__name__.strip("_"),
)
def test_what_was_put_aside_stays_aside(
    context: Context, root: Path, status: str, change: Callable[[Path], None]
) -> None:
    found = listed(context)
    assert rules_of(found) == RULES
    for each in found:
        ask(context, "debt.resolve", id=each["id"], status=status, note="seen")
    assert listed(context) == []
    change(root)
    assert [each["message"] for each in listed(context)] == []
    again = listed(context, status=status)
    assert sorted(each["rule"] for each in again) == sorted(each["rule"] for each in found)
    assert {each["note"] for each in again} == {"seen"}


def test_work_in_progress_is_resolved_when_gone_and_goes_on_when_back(
    context: Context, root: Path
) -> None:
    (todo,) = listed(context, rule="todo")
    ask(context, "debt.resolve", id=todo["id"], status="inProgress", note="Ada is at it")
    edit(root, "shop/freight.py", lambda text: text.replace("    # TODO: ask the carrier\n", ""))
    assert listed(context, rule="todo") == []
    (gone,) = listed(context, rule="todo", status="resolved")
    assert (gone["status"], gone["note"]) == ("resolved", "Ada is at it")
    (root / "shop" / "freight.py").write_text(FILES["shop/freight.py"])
    (back,) = listed(context, rule="todo")
    assert (back["status"], back["note"], back["id"]) == ("inProgress", "Ada is at it", todo["id"])


def test_another_finding_of_the_rule_is_open(context: Context, root: Path) -> None:
    (todo,) = listed(context, rule="todo")
    ask(context, "debt.resolve", id=todo["id"], status="falsePositive")
    edit(root, "shop/freight.py", lambda text: text + "\n\n# TODO: weigh it\n")
    (new,) = listed(context, rule="todo")
    assert (new["message"], new["status"]) == ("TODO: weigh it", "open")

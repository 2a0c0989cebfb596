"""Statements behind real jumps, and comments with and without work left in them."""

from __future__ import annotations

import random
from functools import partial
from typing import TYPE_CHECKING

from hosts import Change, Host, within
from recipe import Recipe, for_all

if TYPE_CHECKING:
    from tree_sitter import Node

LEAVING = ('"', "'", "return", "break", "continue", "f(")
SPECIAL = ("yield", "await", "super(", "panic!", "use strict", "?", "assert", "exit")
KINDS = {"return": 0, "continue": 1, "break": 2}


def _last_in_block(host: Host, jump: Node) -> bool:
    block = jump.parent
    if host.language == "rust":
        if block is None or block.type != "expression_statement" or not block.text.endswith(b";"):  # type: ignore[union-attr]
            return False
        jump, block = block, block.parent
    if block is None or block.type not in host.grammar.blocks:
        return False
    named = [each for each in block.named_children if "comment" not in each.type]
    alone = host.lines[jump.start_point[0]][: jump.start_point[1]].strip() == ""
    rest = host.lines[jump.end_point[0]].encode()[jump.end_point[1] :].strip()
    return bool(named) and named[-1].id == jump.id and alone and rest in (b"", b";")


def _plain(host: Host, function: Node, before: int) -> list[str]:
    """Return one-line statements of a function that stand before a row."""
    found = []
    waiting = [function]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.named_children)
        if node.type not in host.grammar.statements or node.start_point[0] >= before:
            continue
        text = (node.text or b"").decode()
        line = host.lines[node.start_point[0]].strip()
        whole = "\n" not in text and len(text) > 6 and line == text
        if whole and not text.startswith(LEAVING) and not any(each in text for each in SPECIAL):
            found.append(text)
    return found


def after_jump(host: Host, draw: random.Random, kinds: tuple[str, ...]) -> Change | None:
    """A statement of the function again, behind a jump that ends its block."""
    jumps = [each for each in host.nodes if each.type in kinds and _last_in_block(host, each)]
    draw.shuffle(jumps)
    for jump in jumps:
        function = within(jump, host.grammar.functions)
        if function is None:
            continue
        statements = _plain(host, function, jump.start_point[0])
        if not statements:
            continue
        row = jump.end_point[0] + 1
        line = host.indentation(jump.start_point[0]) + draw.choice(statements)
        if host.lines[jump.end_point[0]].rstrip().endswith("}") and host.language != "python":
            continue
        return host.inserted(row, [line], [0], note=line.strip()[:60])
    return None


TODOS = {
    "todo": "TODO: handle {0} without {1}",
    "fixme": "FIXME: {0} is wrong when {1} is empty",
    "xxx": "XXX {0} must not be shared",
    "hack": "HACK: works around {0}",
    "named": "TODO(marta): drop {0} once {1} is gone",
    "lower-case-rest": "TODO {0}",
}


def _spot(host: Host, draw: random.Random) -> tuple[int, str] | None:
    """Return a row inside of a function before which a line may stand, and its indentation."""
    for function in draw.sample(host.functions, len(host.functions)):
        body = function.child_by_field_name("body")
        if body is None:
            continue
        inner = [
            part
            for each in body.named_children
            for part in ([each] if each.type != "statement_list" else each.named_children)
        ]
        for each in draw.sample(inner, len(inner)):
            row = each.start_point[0]
            if (
                each.type in host.grammar.statements
                and host.lines[row][: each.start_point[1]].strip() == ""
                and host.indentation(row)
            ):
                if each.type == "expression_statement" and (each.text or b"").startswith(
                    (b'"', b"'")
                ):
                    continue
                return row, host.indentation(row)
    return None


def _filled(host: Host, draw: random.Random, text: str) -> str:
    names = host.identifiers[:40] or ["entry", "state"]
    return text.format(draw.choice(names), draw.choice(names))


def todo(host: Host, draw: random.Random, text: str, form: str) -> Change | None:
    """A comment of work left, on its own line, behind code, or of several lines."""
    spot = _spot(host, draw)
    if spot is None:
        return None
    row, space = spot
    told = _filled(host, draw, text)
    sign = host.grammar.comment
    if form == "line":
        return host.inserted(row, [f"{space}{sign} {told}"], [0], told)
    if form == "trailing":
        line = host.lines[row]
        if (
            sign in line
            or '"' in line
            or "'" in line
            or "`" in line
            or line.rstrip().endswith(("\\", "(", "{", "[", ","))
        ):
            return None
        rows = [*host.lines[:row], f"{line}  {sign} {told}", *host.lines[row + 1 :]]
        return Change("\n".join(rows), row + 1, row + 1, ((row + 1, row + 1),), told)
    if host.language == "python":
        block, at = [f"{space}# The order matters here.", f"{space}# {told}"], 1
    else:
        block, at = (
            [
                f"{space}/*",
                f"{space} * The order matters here.",
                f"{space} * {told}",
                f"{space} */",
            ],
            2,
        )
    change = host.inserted(row, block, [at], told)
    first = change.first
    return Change(change.text, first, change.last, ((first, change.last),), told)


def word_in_string(host: Host, draw: random.Random) -> Change | None:
    """The words in a string and in a name."""
    spot = _spot(host, draw)
    if spot is None:
        return None
    row, space = spot
    line = {
        "python": 'todo_marks = ["TODO: open", "# FIXME later", "HACK"]',
        "javascript": 'const todoMarks = ["TODO: open", "// FIXME later", `/* HACK */`];',
        "typescript": 'const todoMarks = ["TODO: open", "// FIXME later", `/* HACK */`];',
        "java": 'String todoMarks = "TODO: open // FIXME later /* HACK */";',
        "csharp": 'var todoMarks = @"TODO: open // FIXME later /* HACK */";',
        "go": 'todoMarks := "TODO: open // FIXME later /* HACK */"',
        "rust": 'let todo_marks = r"TODO: open // FIXME later /* HACK */";',
        "c": 'const char *todo_marks = "TODO: open // FIXME later /* HACK */";',
        "cpp": 'const char *todo_marks = "TODO: open // FIXME later /* HACK */";',
    }[host.language]
    return host.inserted(row, [space + line], [], "string")


def part_of_word(host: Host, draw: random.Random) -> Change | None:
    """Comments in which the letters stand within other words and patterns."""
    spot = _spot(host, draw)
    if spot is None:
        return None
    row, space = spot
    told = draw.choice(
        (
            "the name is like /tmp/run-XXXXXX, as mkstemp wants it",
            "todoList and hackney keep their own order",
            "prefixme and mastodonTODOS are plain names",
            "sizes go up to XXXL",
        )
    )
    return host.inserted(row, [f"{space}{host.grammar.comment} {told}"], [], told)


def recipes() -> list[Recipe]:
    """Return what this module plants."""
    found: list[Recipe] = []
    for kind, at in KINDS.items():
        found += for_all("unreachable-code", f"after-{kind}", partial(_after, at=at))
    throwing = ("python", "javascript", "typescript", "java", "csharp", "cpp")
    found += for_all("unreachable-code", "after-throw", _after_raise, languages=throwing)
    for name, text in TODOS.items():
        form = {"xxx": "trailing", "fixme": "block"}.get(name, "line")
        found += for_all("todo", name, partial(todo, text=text, form=form))
    found += for_all("todo", "in-string", word_in_string, alike=True)
    found += for_all("todo", "part-of-word", part_of_word, alike=True)
    return found


def _after(host: Host, draw: random.Random, at: int) -> Change | None:
    return after_jump(host, draw, (host.grammar.jumps[at],))


def _after_raise(host: Host, draw: random.Random) -> Change | None:
    return after_jump(host, draw, host.grammar.raises)

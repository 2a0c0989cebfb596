"""Real documentation comments made to tell of what the signature does not have."""

from __future__ import annotations

import random
import re
from functools import partial
from typing import TYPE_CHECKING

from hosts import Change, Host, walk
from recipe import Recipe, for_all

if TYPE_CHECKING:
    from tree_sitter import Node

# How each style writes a parameter; the name is the group.
STYLES = {
    "sphinx": ("python", re.compile(r"^(\s*:param (?:[\w.]+ )?)(?P<name>\w+)(:.*)$")),
    "numpy": ("python", re.compile(r"^(\s+)(?P<name>\w+)( : .*)$")),
    "google": ("python", re.compile(r"^(\s+)(?P<name>\w+)((?: \(.*\))?: .*)$")),
    "jsdoc": ("javascript", re.compile(r"^(\s*\* @param \{[^}]*\} )(?P<name>\w+)((?: .*)?)$")),
    "tsdoc": ("typescript", re.compile(r"^(\s*\* @param (?:\{[^}]*\} )?)(?P<name>\w+)((?: .*)?)$")),
    "javadoc": ("java", re.compile(r"^(\s*\* @param +)(?P<name>\w+)( .*)$")),
    "xml": ("csharp", re.compile(r'^(\s*/// <param name=")(?P<name>\w+)(".*)$')),
    "doxygen": (
        "cpp",
        re.compile(r"^(\s*(?:\*|///|//!) ?[@\\]param(?:\[\w+\])? )(?P<name>\w+)((?: .*)?)$"),
    ),
    "doxygen-c": (
        "c",
        re.compile(r"^(\s*(?:\*|///|//!) ?[@\\]param(?:\[\w+\])? )(?P<name>\w+)((?: .*)?)$"),
    ),
    "rustdoc": ("rust", re.compile(r"^(\s*/// [*-] `)(?P<name>\w+)(`.*)$")),
}
HEADED = {"numpy": r"\s+Parameters\s*$", "google": r"\s+Args:\s*$"}
ABOVE = re.compile(r"\s*(\*|/\*|//|@\w|\[\w|#\[)")


def doc_rows(host: Host, function: Node) -> list[int]:
    """Return the rows of a function's documentation."""
    if host.language == "python":
        body = function.child_by_field_name("body")
        first = body.named_children[0] if body is not None and body.named_children else None
        if first is None or not (first.text or b"").lstrip(b"rRuU").startswith((b'"""', b"'''")):
            return []
        return list(range(first.start_point[0], first.end_point[0] + 1))
    row = function.start_point[0] - 1
    rows = []
    while row >= 0 and ABOVE.match(host.lines[row]):
        rows.append(row)
        row -= 1
    return rows[::-1]


def parameters(function: Node) -> set[str]:
    """Return every name that stands in a function's head."""
    body = function.child_by_field_name("body")
    end = body.start_byte if body is not None else function.end_byte
    return {
        (each.text or b"").decode()
        for each in walk(function)
        if each.type.endswith("identifier") and each.start_byte < end
    }


def documented(host: Host, style: str) -> list[tuple[Node, int, re.Match[str]]]:
    """Return the parameters that docs of this style tell of, and that are there."""
    pattern = STYLES[style][1]
    found = []
    for function in host.functions:
        names = parameters(function)
        head = HEADED.get(style)
        inside = head is None
        space = ""
        for row in doc_rows(host, function):
            line = host.lines[row]
            if head and re.match(head, line):
                inside, space = True, re.match(r"\s*", line).group()  # type: ignore[union-attr]
            elif (
                head
                and inside
                and (re.match(r"\s+(Returns|Raises|Yields|See Also|Notes|Examples):?\s*$", line))
            ):
                inside = False
            match = pattern.match(line)
            if not inside or match is None or match["name"] not in names:
                continue
            if style == "numpy" and re.match(r"\s*", line).group() != space:  # type: ignore[union-attr]
                continue
            found.append((function, row, match))
    return found


def _stale(host: Host, draw: random.Random, taken: set[str]) -> str:
    pool = [n for n in host.identifiers[:60] if n not in taken and n.islower()]
    stem = draw.choice(pool or ["entry"])
    name = draw.choice((f"old_{stem}", f"{stem}_count", f"max_{stem}"))
    if host.language in ("python", "c", "cpp", "rust"):
        return name
    first, *rest = name.split("_")
    return first + "".join(each.capitalize() for each in rest)


def renamed(host: Host, draw: random.Random, style: str) -> Change | None:
    """The doc keeps a name that the signature lost."""
    found = documented(host, style)
    if not found:
        return None
    function, row, match = draw.choice(found)
    name = _stale(host, draw, parameters(function))
    line = f"{match[1]}{name}{match[3]}"
    return _replaced(host, function, row, [line], f"{name} for {match['name']}", hit=True)


def added(host: Host, draw: random.Random, style: str) -> Change | None:
    """The doc tells of one parameter more."""
    found = documented(host, style)
    if not found:
        return None
    function, row, match = draw.choice(found)
    name = _stale(host, draw, parameters(function))
    line = f"{match[1]}{name}{match[3]}"
    if (
        host.lines[row + 1].strip()
        and style != "numpy"
        and not STYLES[style][1].match(host.lines[row + 1])
    ):
        line = f"{match[1]}{name}{match[3]}"
        return _replaced(host, function, row, [line, host.lines[row]], f"{name} is new", hit=True)
    follow = [host.lines[row]]
    if style == "numpy":
        return _replaced(
            host, function, row, [line, f"{match[1]}    How many of them.", *follow], name, hit=True
        )
    return _replaced(host, function, row, [*follow, line], f"{name} is new", hit=True)


def left_out(host: Host, draw: random.Random, style: str) -> Change | None:
    """The doc says nothing of one parameter (a line taken out that nothing continues)."""
    found = [
        (function, row, match)
        for function, row, match in documented(host, style)
        if STYLES[style][1].match(host.lines[row + 1]) or style == "xml"
        if not (style == "xml" and "</param>" not in host.lines[row])
    ]
    if not found:
        return None
    function, row, match = draw.choice(found)
    return _replaced(host, function, row, [], f"nothing of {match['name']}", hit=False)


def _replaced(
    host: Host, function: Node, row: int, lines: list[str], note: str, *, hit: bool
) -> Change:
    rows = [*host.lines[:row], *lines, *host.lines[row + 1 :]]
    docs = doc_rows(host, function)
    grown = len(lines) - 1
    first = min(docs[0], function.start_point[0]) + 1
    body = function.child_by_field_name("body")
    assert body is not None
    last = (
        max(
            docs[-1] + grown,
            body.start_point[0] + (grown if docs[-1] < function.start_point[0] else 0),
        )
        + 1
    )
    return Change("\n".join(rows), first, last, ((first, last),) if hit else (), note)


def no_result(host: Host, draw: random.Random) -> Change | None:
    """A documented return of a function that gives nothing back."""
    for function in draw.sample(host.functions, len(host.functions)):
        docs = doc_rows(host, function)
        text = (function.text or b"").decode()
        head = host.lines[function.start_point[0]]
        if (
            len(docs) < 4
            or "yield" in text
            or re.search(r"\breturn\b[^\n;]*[^\s;]", text.split("{", 1)[-1])
            or "=>" in head
        ):
            continue
        last = docs[-1]
        if (
            host.language == "java"
            and re.search(r"\bvoid \w+\(", head)
            and host.lines[last].strip() == "*/"
        ):
            row, line = last, f"{host.indentation(last)}* @return the number of entries"
        elif host.language == "csharp" and re.search(r"\bvoid \w+\(", head):
            row = (
                max(at for at in docs if "///" in host.lines[at]) + 1
                if any("///" in host.lines[at] for at in docs)
                else -1
            )
            line = f"{host.indentation(row - 1)}/// <returns>The number of entries.</returns>"
        elif (
            host.language == "javascript"
            and host.lines[last].strip() == "*/"
            and "async" not in head
        ):
            if host.lines[docs[0]].strip() != "/**" or any(
                "@return" in host.lines[at]
                or ("{" in host.lines[at] and "@param" not in host.lines[at])
                for at in docs
            ):
                continue
            row, line = (
                last,
                f"{host.indentation(last)}* @returns {{number}} The number of entries.",
            )
        else:
            continue
        if row < 0 or any(
            re.search(r"inherit|@return|<returns", host.lines[at], re.IGNORECASE) for at in docs
        ):
            continue
        rows = [*host.lines[:row], line, *host.lines[row:]]
        first, end = docs[0] + 1, function.start_point[0] + 2
        return Change("\n".join(rows), first, end, ((first, end),), "return of nothing")
    return None


def checked(host: Host, draw: random.Random) -> Change | None:
    """A checked exception that the head no longer declares."""
    for function in draw.sample(host.functions, len(host.functions)):
        docs = doc_rows(host, function)
        text = (function.text or b"").decode()
        body = function.child_by_field_name("body")
        assert body is not None
        head = host.text.encode()[function.start_byte : body.start_byte].decode()
        if len(docs) < 4 or "throw" in head or "IOException" in text or "@Override" in head:
            continue
        inner = [at for at in docs if host.lines[at].strip() == "*/"]
        if not inner or any("inherit" in host.lines[at] for at in docs):
            continue
        row = inner[-1]
        rows = [
            *host.lines[:row],
            f"{host.indentation(row)}* @throws java.io.IOException if the file is gone",
            *host.lines[row:],
        ]
        first, last = docs[0] + 1, body.start_point[0] + 2
        return Change("\n".join(rows), first, last, ((first, last),), "IOException")
    return None


def go_name(host: Host, draw: random.Random) -> Change | None:
    """A doc that begins with another function's name."""
    for function in draw.sample(host.functions, len(host.functions)):
        name = function.child_by_field_name("name")
        row = function.start_point[0] - 1
        while row > 0 and host.lines[row - 1].startswith("//"):
            row -= 1
        text = (name.text or b"").decode() if name is not None else ""
        if text and row >= 0 and host.lines[row].startswith(f"// {text} ") and len(text) > 5:
            stale = f"{text[0]}{'etch' if text[0].islower() else 'ormer'}{text[1:]}"
            line = host.lines[row].replace(text, stale, 1)
            return _replaced(host, function, row, [line], f"{stale} for {text}", hit=True)
    return None


def recipes() -> list[Recipe]:
    """Return what this module plants."""
    found: list[Recipe] = []
    for style, (language, _) in STYLES.items():
        for variant, make, alike in (
            ("renamed", renamed, False),
            ("one-more", added, False),
            ("left-out", left_out, True),
        ):
            name = f"{style}-{variant}"
            found += for_all(
                "stale-doc", name, partial(make, style=style), alike=alike, languages=(language,)
            )
    found += for_all(
        "stale-doc", "return-of-nothing", no_result, languages=("java", "csharp", "javascript")
    )
    found += for_all("stale-doc", "checked-exception", checked, languages=("java",))
    found += for_all("stale-doc", "go-name", go_name, languages=("go",))
    return found

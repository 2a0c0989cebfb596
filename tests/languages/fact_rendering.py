"""Facts as lines of text, one category at a time: what the case files compare."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from codearch.facts import FileFacts, SymbolFact


def name_of(facts: FileFacts, index: int) -> str:
    symbol = facts.symbols[index] if 0 <= index < len(facts.symbols) else None
    if symbol is None:
        return "-"
    if symbol.kind == "module":
        return "(file)"
    return f"{symbol.container}.{symbol.name}" if symbol.container else symbol.name


def _symbols(facts: FileFacts) -> Iterator[str]:
    """kind, qualified name, lines (1-based), flags."""
    for index, symbol in enumerate(facts.symbols):
        flags = " exported" * symbol.exported + " test" * symbol.test
        lines = f"{symbol.span.line + 1}-{symbol.span.end_line + 1}"
        yield f"{symbol.kind} {name_of(facts, index)} {lines}{flags}"


def _each(detail: Callable[[SymbolFact], str]) -> Callable[[FileFacts], Iterator[str]]:
    def lines(facts: FileFacts) -> Iterator[str]:
        for index, symbol in enumerate(facts.symbols):
            text = detail(symbol)
            if text:
                yield f"{name_of(facts, index)}: {text}"

    return lines


def _parameters(symbol: SymbolFact) -> str:
    shown = [
        "..." * each.variadic
        + each.name
        + (f": {each.type}" if each.type else "")
        + (f" = {each.default}" if each.default else "")
        for each in symbol.parameters
    ]
    return "; ".join(shown) + (f" -> {symbol.returns}" if symbol.returns else "")


def _metrics(symbol: SymbolFact) -> str:
    found = symbol.metrics
    if found is None:
        return ""
    return (
        f"cyclomatic {found.cyclomatic}, cognitive {found.cognitive},"
        f" nesting {found.nesting}, lines {found.code_lines}"
    )


def _spans(facts: FileFacts) -> Iterator[str]:
    """Where symbols begin and end: line:column in UTF-16, the name's place, bytes."""
    for index, symbol in enumerate(facts.symbols):
        span, at = symbol.span, symbol.name_span
        yield (
            f"{name_of(facts, index)}: {span.line + 1}:{span.column}-{span.end_line + 1}:"
            f"{span.end_column}, name {at.line + 1}:{at.column}-{at.end_column},"
            f" bytes {symbol.lead_byte}/{span.start_byte}/{symbol.body_byte}/{span.end_byte}"
        )


def _imports(facts: FileFacts) -> Iterator[str]:
    for each in facts.imports:
        names = ", ".join(
            (name.name or "(module)")
            + (f" as {name.alias}" if name.alias not in {"", name.name} else "")
            for name in each.names
        )
        flags = ("type_only", "deferred", "guarded", "reexport", "system")
        shown = " ".join(flag for flag in flags if getattr(each, flag))
        head = f"{each.span.line + 1} {each.kind} {'.' * each.level}{each.module}"
        yield f"{head}: {names}".rstrip(": ") + (f" [{shown}]" if shown else "")


def _scopes(facts: FileFacts) -> Iterator[str]:
    for index, scope in enumerate(facts.scopes):
        names = [each.name for each in facts.definitions if each.scope == index]
        owner = name_of(facts, scope.symbol)
        lines = f"{scope.span.line + 1}-{scope.span.end_line + 1}"
        yield f"{index} in {scope.parent} of {owner} {lines}: {' '.join(names)}".rstrip()


def _definitions(facts: FileFacts) -> Iterator[str]:
    for each in facts.definitions:
        typed = f": {each.type}" if each.type else ""
        place = f"{each.span.line + 1}:{each.span.column}"
        yield f"{each.kind} {each.name}{typed} {place} in {each.scope}"


def _uses(facts: FileFacts) -> Iterator[str]:
    """kind, name, place -> line of what it means."""
    for use in facts.uses:
        meaning = "?"
        if use.definition >= 0:
            target = facts.definitions[use.definition]
            meaning = f"{target.kind} {target.span.line + 1}"
        yield f"{use.kind} {use.name} {use.line + 1}:{use.column} -> {meaning}"


def _calls(facts: FileFacts) -> Iterator[str]:
    for each in facts.calls:
        receiver = f"{each.receiver} . " if each.receiver else ""
        typed = f" on {each.receiver_type}" if each.receiver_type else ""
        local = ""
        if each.definition >= 0:
            target = facts.definitions[each.definition]
            local = f" -> {target.kind} {target.name}"
        kind = "" if each.kind == "call" else f" {each.kind}"
        head = f"{name_of(facts, each.caller)} {each.span.line + 1}"
        yield f"{head}: {receiver}{each.name}/{each.arguments}{kind}{typed}{local}"


def _comments(facts: FileFacts) -> Iterator[str]:
    for each in facts.comments:
        text = " ".join(each.text.split())
        yield f"{each.span.line + 1} {each.kind} of {name_of(facts, each.symbol)}: {text}"


CATEGORIES: dict[str, Callable[[FileFacts], Iterator[str]]] = {
    "symbols": _symbols,
    "signatures": _each(lambda symbol: symbol.signature),
    "docs": _each(lambda symbol: " / ".join(symbol.doc.splitlines())),
    "parameters": _each(_parameters),
    "bases": _each(lambda symbol: "; ".join(symbol.bases)),
    "decorators": _each(lambda symbol: "; ".join(symbol.decorators)),
    "metrics": _each(_metrics),
    "spans": _spans,
    "imports": _imports,
    "scopes": _scopes,
    "definitions": _definitions,
    "uses": _uses,
    "calls": _calls,
    "comments": _comments,
    "exports": lambda facts: iter(facts.exports),
    "package": lambda facts: iter([facts.package] if facts.package else []),
    "errors": lambda facts: (
        f"{each.line + 1}:{each.column} {each.message}" for each in facts.errors
    ),
}


def render(facts: FileFacts, category: str) -> list[str]:
    return list(CATEGORIES[category](facts))

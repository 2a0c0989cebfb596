"""An explanation in words: one sentence of facts, and the whole as Markdown."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from codearch.commands._neighbours import callers_in_words, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.commands._forms import SymbolForm
    from codearch.commands.explain import Explanation
    from codearch.facts import Symbol

SHOWN = 5  # of each list


def explanation(symbol: Symbol, known: Explanation) -> str:
    """Return the doc's first paragraph, and how the symbol is used, in one or two sentences."""
    sentences = [symbol.summary.rstrip(".") + "."] if symbol.summary else []
    facts = [f"{_article(symbol.kind)} of {_lines(symbol)} in {symbol.path}"]
    if known.callers:
        kinds = [one.symbol.kind for one in known.callers]
        calls = sum(one.count for one in known.callers)
        facts.append(f"called by {callers_in_words(kinds, calls)}")
    if known.tests:
        facts.append(f"tested by {counted(len(known.tests), 'test')}")
    if known.debt:
        facts.append(counted(len(known.debt), "finding"))
    return " ".join([*sentences, ", ".join(facts) + "."])


def markdown(symbol: Symbol, known: Explanation) -> str:
    """Return the explanation as Markdown whose links open the places in an editor."""
    parts = [f"**{_link(symbol.qualified_name, known.symbol)}**, {symbol.kind} in `{symbol.path}`"]
    if known.signature:
        parts.append(_fenced(known.signature, symbol.language))
    if known.docs:
        parts.append(_plain(known.docs))
    parts += filter(
        None,
        [
            _listed("Called by", [one.symbol for one in known.callers]),
            _listed("Calls", [one.symbol for one in known.callees]),
            _listed("Tested by", known.tests),
            _authors(known),
            _last_change(known),
            _numbers(known),
            _debt(known),
        ],
    )
    return "\n\n".join(parts) + "\n"


def _listed(title: str, symbols: Sequence[SymbolForm]) -> str:
    if not symbols:
        return ""
    shown = ", ".join(_link(_qualified(one), one) for one in symbols[:SHOWN])
    more = f" and {len(symbols) - SHOWN} more" if len(symbols) > SHOWN else ""
    return f"{title} {shown}{more}"


def _authors(known: Explanation) -> str:
    if not known.owners:
        return ""
    shares = [f"{_plain(one.name)} {one.share:.0%}" for one in known.owners[:3]]
    return f"Written by {', '.join(shares)}"


def _last_change(known: Explanation) -> str:
    churn = known.churn
    if churn is None or not churn.last_commit:
        return ""
    day = time.strftime("%Y-%m-%d", time.gmtime(churn.last_time))
    open_lines = f"; {counted(churn.uncommitted, 'line')} not committed yet"
    return (
        f"Last changed {day} by {_plain(churn.last_author)} ({churn.last_commit[:8]}): "
        f"{_plain(churn.last_subject)}; {counted(churn.commits, 'commit')} among its lines, "
        f"{churn.file_commits} to the file within a year"
        + (open_lines if churn.uncommitted else "")
    )


def _numbers(known: Explanation) -> str:
    size = known.complexity
    if size is None:
        return ""
    return (
        f"Complexity {size.cyclomatic} cyclomatic, {size.cognitive} cognitive; "
        f"nesting {size.nesting}; {counted(size.code_lines, 'line')} of code"
    )


def _debt(known: Explanation) -> str:
    lines = [f"- {_plain(item.message)} (`{item.rule}`)" for item in known.debt[:SHOWN]]
    if len(known.debt) > SHOWN:
        lines.append(f"- and {len(known.debt) - SHOWN} more")
    return "\n".join(lines)


def _link(text: str, symbol: SymbolForm) -> str:
    return f"[{_plain(text)}]({symbol.uri}#L{symbol.selection_range.start.line + 1})"


def _qualified(symbol: SymbolForm) -> str:
    if symbol.kind == "module":
        return symbol.uri.rsplit("/", 1)[-1]
    return f"{symbol.container}.{symbol.name}" if symbol.container else symbol.name


def _plain(text: str) -> str:
    """Escape what Markdown would read as markup: docs and commit subjects come from anybody."""
    return re.sub(r"([\\`*_\[\]<>#|!])", r"\\\1", text)


def _fenced(code: str, language: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{code}\n{fence}"


def _article(noun: str) -> str:
    return f"{'An' if noun[0] in 'aeiou' else 'A'} {noun}"


def _lines(symbol: Symbol) -> str:
    return counted(symbol.span.end_line - symbol.span.line + 1, "line")

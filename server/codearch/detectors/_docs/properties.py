"""Properties that docs describe and a parameter lacks, where the signature shows all it has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._detector import Draft
from codearch.detectors._docs.bodies import is_stub
from codearch.detectors._docs.parameters import SHOWN
from codearch.detectors._docs.removing import removal
from codearch.detectors._docs.signature import signature

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codearch.detectors._detector import FileView
    from codearch.detectors._docs.documented import Documented
    from codearch.detectors._docs.entry import Entry
    from codearch.facts import Parameter, SymbolFact

_KEY = re.compile(r"(?:readonly\s+)?(?P<name>[\w$]+)\s*(?:[?:=\0]|\Z)")
_MEMBER = re.compile(r"[\w$]\s*\??\s*:")  # another one, behind the end of a line
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BRACKETS = re.compile(r"\([^][(){}<>]*\)|\[[^][(){}<>]*\]|\{[^][(){}<>]*\}|<[^][(){}<>]*>")
_STRING = re.compile(r"""(["'`])(?:\\.|(?!\1).)*\1""", re.DOTALL)


def stale_properties(file: FileView, each: Documented) -> Iterator[Draft]:
    """Yield one finding for each parameter of which docs describe what it certainly has not.

    Its properties are known where it is taken apart in the signature, or its type is written there.
    """
    described = [entry for entry in each.entries if entry.kind == "property"]
    if not described or signature(file, each.symbol).more or is_stub(file, each.place):
        return
    for root in dict.fromkeys(entry.name.partition(".")[0] for entry in described):
        own = _properties_of(each, root)
        said = [(entry, entry.name.partition(".")) for entry in described]
        known = {name for _, (of, _, name) in said if of == root}
        gone = [entry for entry, (of, _, name) in said if of == root and name not in own]
        if own and gone:
            yield _removed(file, each, own, gone, safe=known.issuperset(own))


def _removed(
    file: FileView, each: Documented, own: Sequence[str], gone: Sequence[Entry], *, safe: bool
) -> Draft:
    """Return the finding; its fix is `safe` where no property lacks docs that these could be."""
    names = list(dict.fromkeys(entry.name for entry in gone))
    listed = ", ".join(f"`{name}`" for name in names)
    takes = ", ".join(own)
    return Draft(
        span=each.doc.span(file, gone[0].start, gone[0].end),
        message=(
            f"the docs of `{each.symbol.name}` describe {listed} that it does not take: "
            f"it takes {takes if len(takes) <= SHOWN else takes[: SHOWN - 1] + '…'}"
        ),
        symbol=each.symbol,
        key=" ".join(names),
        fix=removal(file, each.doc, gone, f"Take {listed} out of the docs", safe=safe),
    )


def _properties_of(each: Documented, root: str) -> Sequence[str]:
    """Return the properties of the parameter that docs call so; none if they are not all shown."""
    symbol = each.symbol
    named = [one for one in symbol.parameters if one.name.rstrip("?") == root]
    if named:
        return keys(named[0].type)
    taken_apart = [one for one in symbol.parameters if one.name.startswith("{")]
    if len(taken_apart) != 1 or not _only_root(each, root, symbol):
        return ()
    return _keys_taken(taken_apart[0])


def _only_root(each: Documented, root: str, symbol: SymbolFact) -> bool:
    """Say whether docs give no other name to what has none in the signature."""
    names = {one.name for one in symbol.parameters}
    described = {
        one.name.partition(".")[0] for one in each.entries if one.kind in {"parameter", "property"}
    }
    return described - names == {root}


def _keys_taken(parameter: Parameter) -> Sequence[str]:
    taken = keys(parameter.name)
    if not taken or not parameter.type:
        return taken
    typed = keys(parameter.type)  # more may be given than is taken: docs tell of that too
    return tuple(dict.fromkeys((*taken, *typed))) if typed else ()


def keys(form: str) -> tuple[str, ...]:
    """Return the keys of a pattern or a type `{ a, b: … }`; none where there may be others."""
    found = []
    for part in _parts(form.strip()):
        key = _KEY.match(part)
        if key is None or _MEMBER.search(part, key.end()):
            return ()
        found.append(key["name"])
    return tuple(found)


def _parts(form: str) -> list[str]:
    """Return what stands between the commas or semicolons within braces, brackets in it empty.

    A part that is "" says that the form is another one, or not written so that it can be told.
    """
    if not (form.startswith("{") and form.endswith("}")) or "//" in form:
        return [""]
    inside = _STRING.sub("\0", _COMMENT.sub(" ", form[1:-1]).replace("=>", " "))
    emptied = None
    while emptied != inside:
        emptied, inside = inside, _BRACKETS.sub("\0", inside)
    if re.search(r"[][(){}<>]", inside):
        return [""]
    return [part.strip() for part in re.split("[,;]", inside) if part.strip()]

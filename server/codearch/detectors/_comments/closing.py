"""Comments behind a closing brace or `#endif` that name another block than the one that ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from codearch.parse.comments import prose
from codearch.text import split_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import FileView
    from codearch.facts import Comment, SymbolFact

BRACED = frozenset({"java", "javascript", "typescript", "c", "cpp", "csharp", "rust", "go"})
PREPROCESSED = frozenset({"c", "cpp"})
_KINDS = "namespace|class|struct|interface|enum|function|method|func|fn|mod|impl|trait|record"
_BLOCK = re.compile(
    rf"(?:end(?:[ ]of)?[ ])?(?:(?:the|of)[ ])?(?P<kind>{_KINDS})?"
    rf"[ ]?(?P<name>[A-Za-z_~][\w:.~]*)(?P<call>\(\))?(?:[ ](?:{_KINDS}))?[.;]?",
    re.IGNORECASE,
)
_SAYS_END = re.compile(r"end\b", re.IGNORECASE)
_OF_KIND = {
    "namespace": {"namespace"},
    "class": {"class", "struct"},
    "struct": {"struct", "class"},
    "interface": {"interface"},
    "enum": {"enum"},
    "function": {"function", "method"},
    "method": {"function", "method"},
    "func": {"function", "method"},
    "fn": {"function", "method"},
    "mod": {"namespace"},
    "impl": {"impl"},
    "trait": {"trait"},
    "record": {"record"},
}
_MACRO = re.compile(r"[A-Za-z_]\w*")
_DIRECTIVE = re.compile(
    rb"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)\b"
    rb"((?:[^\n\\]|\\\r?\n|\\.)*)",
    re.MULTILINE,
)


class Closed(NamedTuple):
    """A comment, the name that it gives, and what it is that ends there."""

    comment: Comment
    said: str
    ended: str
    opened: int  # the line where what ends began


def misnamed_ends(file: FileView) -> Iterator[Closed]:
    """Yield the comments at ends of blocks that name something else than what ends."""
    language = file.facts.language
    if language in BRACED:
        yield from _braces(file)
    if language in PREPROCESSED:
        yield from _conditionals(file)


def _braces(file: FileView) -> Iterator[Closed]:
    source = file.source
    ends: dict[int, SymbolFact] = {}
    for comment in file.facts.comments:
        start = comment.span.start_byte
        before = source[max(0, start - 8) : start].rstrip(b" \t;")
        if not before.endswith(b"}"):
            continue
        match = _BLOCK.fullmatch(prose(comment.text).strip())
        if match is None:
            continue
        if not ends:
            ends = {
                each.span.end_byte: each for each in file.facts.symbols if each.kind != "module"
            }
        place = start - (len(source[max(0, start - 8) : start]) - len(before))
        places = (place, place + 1, comment.span.end_byte)  # with its semicolon, or the comment
        symbol = next((ends[each] for each in places if each in ends), None)
        if symbol is None or not _names(match, symbol) or _unsure(file, symbol, match["name"]):
            continue
        name = match["name"]
        yield Closed(comment, name, symbol.name, symbol.span.line)


def _unsure(file: FileView, symbol: SymbolFact, said: str) -> bool:
    """Say whether braces may have been paired wrongly: what is named begins inside, or an error."""
    facts = file.facts
    first, last = symbol.span.line, symbol.span.end_line
    if any(first <= error.line <= last for error in facts.errors):
        return True
    inside = (each for each in facts.symbols if first <= each.span.line <= last)
    return any(each.name == said and each is not symbol for each in inside)


def _names(match: re.Match[str], symbol: SymbolFact) -> bool:
    """Say whether a comment names something else of the kind of the definition that ends."""
    name = re.split(r"::|\.", match["name"].rstrip(".:"))[-1]
    kind = (match["kind"] or "").lower()
    said = kind or match["call"] or _SAYS_END.match(match.group())
    if not said or not name or name.lower() in _OF_KIND:
        return False
    if kind and symbol.kind not in _OF_KIND[kind]:
        return False
    own = re.split(r"::|\.", symbol.name)
    return name.casefold() not in {each.casefold() for each in (*own, *symbol.container.split("."))}


def shortened(one: str, other: str) -> bool:
    """Say whether two names are one, but for words at the ends of the longer one."""
    few, many = sorted(
        ([word.lower() for word in split_identifier(name)] for name in (one, other)), key=len
    )
    return any(many[at : at + len(few)] == few for at in range(len(many) - len(few) + 1))


class _Open(NamedTuple):
    line: int
    first: str
    names: set[str]


def _conditionals(file: FileView) -> Iterator[Closed]:
    """Yield the `#endif`s whose comment names a macro that none of its conditions has."""
    comments = {
        each.span.line: each for each in file.facts.comments if each.span.line == each.span.end_line
    }
    stack: list[_Open] = []
    for match in _DIRECTIVE.finditer(file.source):
        word = match.group(1).decode()
        rest = match.group(2).decode("utf-8", "replace")
        condition = re.split(r"//|/\*", rest)[0]
        names = set(_MACRO.findall(condition)) - {"defined"}
        if word in {"if", "ifdef", "ifndef"}:
            line = file.lines.position(match.start(1))[0]
            stack.append(_Open(line, " ".join(condition.split()), names))
            continue
        if not stack:
            return
        if word != "endif":
            stack[-1].names.update(names)
            continue
        opened = stack.pop()
        comment = comments.get(file.lines.position(match.start(1))[0])
        if comment is None or not opened.names:
            continue
        said = prose(comment.text).strip().strip("!").strip()
        macros = [each for each in _MACRO.findall(said) if each != "defined"]
        plain = re.fullmatch(r"[!\s]*(?:defined)?[\s(]*[A-Z_][A-Z0-9_]{3,}[)\s]*", said)
        if plain and macros and not any(shortened(macros[0], each) for each in opened.names):
            yield Closed(comment, macros[0], opened.first, opened.line)

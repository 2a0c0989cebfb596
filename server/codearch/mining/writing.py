"""Writes patterns of what fixes have in common, and tries them on what was mended."""

from __future__ import annotations

import hashlib
import re
import textwrap
from typing import TYPE_CHECKING

import msgspec

from codearch.detectors._patterns import (
    Pattern,
    Taught,
    TemplateError,
    indexed,
    places,
    template,
    templates,
)
from codearch.mining.generalise import HOLE, REST, holes
from codearch.secrets import find as find_secrets
from codearch.secrets import hidden

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from codearch.mining.fixes import Fix
    from codearch.mining.generalise import Common
    from codearch.mining.trees import Part

SHOWN_FIXES = 5
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_COMMENT = re.compile(r"^\s*(?://|#|/\*|\*)", re.MULTILINE)


def pattern_of(common: Common, language: str, fixes: Mapping[str, Fix]) -> Pattern | None:
    """Return a pattern that has been tried on its own example; None where it cannot be written."""
    example = common.examples[0]
    names: dict[bytes, str] = {}
    for part in (*common.before, *common.after, *common.added):
        _name_holes(part, names)
    find = _code(common.before, example.old, names)
    after = _code(common.after, example.new, names)
    if find is None or not _reads_back(find, language, common.before, names):
        return None
    if _has_secrets(common, language):
        return None
    bound = holes(common.before)
    whole = after is not None and holes(common.after) <= bound and not common.added
    unless = ""
    if common.added:
        loose = {name: (text if name in bound else "_") for name, text in names.items()}
        unless = _code(common.added, example.new, loose) or ""
        if not unless or not _reads_back(unless, language, common.added, loose):
            return None
    taught = sorted({each.commit for each in common.examples}, key=lambda each: fixes[each].time)
    pattern = Pattern(
        id=f"learned-{_digest(language, find, after or '', unless)}",
        languages=(language,),
        find=find,
        replace=after if whole else None,
        unless=unless,
        message=_message(after, unless),
        learned_from=tuple(_taught(fixes[each], common) for each in taught[-SHOWN_FIXES:]),
        fixes=len(taught),
        accepted=False,
    )
    return next((each for each in _variants(pattern) if _finds(each, language, common)), None)


def _variants(pattern: Pattern) -> Iterator[Pattern]:
    """Yield a pattern, then those for which what was written holds what was there before."""
    yield pattern
    if pattern.replace is not None:
        yield msgspec.structs.replace(pattern, but_not=pattern.replace)
        yield msgspec.structs.replace(pattern, not_inside=pattern.replace, replace=None)


def _finds(pattern: Pattern, language: str, common: Common) -> bool:
    """Say whether a pattern finds its example before the fix, and not after it."""
    old, new = common.examples[0].old, common.examples[0].new
    try:
        before = indexed(old, language)
        start, end = common.before[0].start, common.before[-1].end
        found = [(each.start_byte, each.end_byte) for each in places(pattern, language, before)]
        if not any(a < end and start < b for a, b in found):
            return False
        start, end = common.after[0].start, common.after[-1].end
        left = places(pattern, language, indexed(new, language))
    except TemplateError:
        return False
    return not any(start <= each.start_byte and each.end_byte <= end for each in left)


def _has_secrets(common: Common, language: str) -> bool:
    first = common.examples[0]
    for source, parts in (
        (first.old, common.before),
        (first.new, (*common.after, *common.added)),
    ):
        start, end = min(each.start for each in parts), max(each.end for each in parts)
        for secret in find_secrets(source, language):
            if secret.start_byte < end and start < secret.end_byte:
                return True
    return False


def _name_holes(part: Part, names: dict[bytes, str]) -> None:
    if part.kind in (HOLE, REST):
        number = len(names)
        letter = _LETTERS[number % len(_LETTERS)] + (
            str(number // len(_LETTERS)) if number >= len(_LETTERS) else ""
        )
        names.setdefault(part.text, letter)
    for each in part.children:
        _name_holes(each, names)


def _code(parts: Sequence[Part], source: bytes, names: Mapping[bytes, str]) -> str | None:
    """Return the source of parts with their holes; None where it holds comments or `$`."""
    start, end = parts[0].start, parts[-1].end
    written, at = [], start
    for part in _holes_in(parts):
        if part.start < at and part.end <= at:
            return None
        written.append(source[at : part.start])
        written.append(f"{part.kind}{names[part.text]}".encode())
        at = part.end
    written.append(source[at:end])
    line = source.rfind(b"\n", 0, start) + 1
    margin = re.match(rb"[ \t]*", source[line:start])
    indented = (margin[0] if margin else b"") + b"".join(written)
    text = textwrap.dedent(indented.decode("utf-8", "replace")).strip()
    plain = source[start:end]
    return None if b"$" in plain or _COMMENT.search(text) else text


def _holes_in(parts: Sequence[Part]) -> list[Part]:
    found: list[Part] = []
    for part in parts:
        found += [part] if part.kind in (HOLE, REST) else _holes_in(part.children)
    return found


def _reads_back(
    code: str, language: str, parts: Sequence[Part], names: Mapping[bytes, str]
) -> bool:
    """Say whether code with holes is read as the very parts that it was written of."""
    try:
        read = template(code, language)
    except TemplateError:
        return False
    if not read.tokens or len(read.parts) != len(parts):
        return False
    return all(_same(a, b, names) for a, b in zip(read.parts, parts, strict=True))


def _same(read: templates.Part, part: Part, names: Mapping[bytes, str]) -> bool:
    if isinstance(read, templates.Hole):
        return part.kind == HOLE and names[part.text] == read.name
    if isinstance(read, templates.Rest):
        return part.kind in (HOLE, REST) and names[part.text] == read.name
    if isinstance(read, templates.Leaf):
        return not part.children and (read.kind, read.text) == (part.kind, part.text)
    return (
        read.kind == part.kind
        and len(read.children) == len(part.children)
        and all(_same(a, b, names) for a, b in zip(read.children, part.children, strict=True))
    )


def _taught(fix: Fix, common: Common) -> Taught:
    path = next((each.path for each in common.examples if each.commit == fix.commit), "")
    subject = fix.subject.encode()
    said = hidden(subject, find_secrets(subject, "text")).decode("utf-8", "replace")
    return Taught(fix.commit, fix.day, said, path)


def _message(after: str | None, unless: str) -> str:
    """Return what a finding says of a pattern: the fix, not what it is for, which nobody knows."""
    if unless:
        return f"`{_short(unless)}` was missing beside such code"
    return f"such code was mended to `{_short(after)}`" if after else ""


def _short(code: str) -> str:
    line = " ".join(code.split())
    return line if len(line) <= 80 else line[:79] + "…"


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:10]

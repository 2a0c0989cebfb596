"""XML doc comments as plain words."""

from __future__ import annotations

import html
import re

_DOC_PART = re.compile(
    r"<(?P<tag>param|typeparam|exception|paramref|typeparamref|see|seealso)\s+(?:name|cref|langword|href)"
    r"\s*=\s*[\"'](?P<target>[^\"']*)[\"']\s*(?P<closed>/?)>"
    r"|<(?P<end>/?)(?P<element>[a-zA-Z][\w.]*)\b[^<>]*>"
)


def plain_xml(doc: str) -> str:
    """Return a doc comment's text without its XML: the summary, then parameters and results."""
    if "<" not in doc:
        return html.unescape(doc)
    lines = _DOC_PART.sub(_plain_part, doc).splitlines()
    text = html.unescape("\n".join(line.strip() for line in lines))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _plain_part(part: re.Match[str]) -> str:
    tag, target, element = part.group("tag", "target", "element")
    if tag in {"param", "typeparam"}:
        return f"\n{target}: "
    if tag == "exception":
        return f"\nThrows {_plain_reference(target)} "
    if tag is not None:
        lead = "\nSee " if tag == "seealso" else ""
        return lead + _plain_reference(target) if part.group("closed") else lead
    opens = not part.group("end")
    if element == "summary":
        return "" if opens else "\n\n"
    if element in {"para", "remarks", "example", "code"}:
        return "\n\n"
    starts = {"returns": "\nReturns ", "value": "\n", "item": "- "}
    return starts.get(element or "", "") if opens else ""


def _plain_reference(target: str) -> str:
    return re.sub(r"^\w:", "", target).replace("{", "<").replace("}", ">")

"""XML doc comments as plain words."""

from __future__ import annotations

import html
import re

_PART = re.compile(
    # what begins a line of its own: a parameter, an exception, the result
    r"\s*<(?P<block>param|typeparam|exception|returns|value)\b"
    r"(?:\s+(?:name|cref)\s*=\s*[\"'](?P<about>[^\"']*)[\"'])?\s*(?P<empty>/?)>"
    # what stands for a name
    r"|<(?:paramref|typeparamref|see|seealso)\s+(?:name|cref|langword|href)"
    r"\s*=\s*[\"'](?P<target>[^\"']*)[\"']\s*(?P<closed>/?)>"
    r"|<(?P<end>/?)(?P<element>[a-zA-Z][\w.]*)\b[^<>]*>"
)
_UNSAID = re.compile(r"^Returns$\n?", re.MULTILINE)


def plain_xml(doc: str) -> str:
    """Return a doc comment's text without its XML: the summary, then parameters and results."""
    if "<" not in doc:
        return html.unescape(doc)
    lines = _PART.sub(_plain_part, doc).splitlines()
    text = html.unescape("\n".join(line.strip() for line in lines))
    return re.sub(r"\n{3,}", "\n\n", _UNSAID.sub("", text)).strip()


def _plain_part(part: re.Match[str]) -> str:
    block, about, target = part.group("block", "about", "target")
    if block is not None:
        leads = {"returns": "Returns ", "exception": f"Throws {_plain_name(about or '')} "}
        return "\n" + leads.get(block, f"{about}: " if about else "")
    if target is not None:
        return _plain_name(target) if part.group("closed") else ""
    element, opens = part.group("element"), not part.group("end")
    if element in {"summary", "para", "remarks", "example", "code"}:
        return "\n\n"
    return "- " if element == "item" and opens else ""


def _plain_name(target: str) -> str:
    """Return a name as code has it: `T:Shop.List{T}` is Shop.List<T>."""
    return re.sub(r"^\w:", "", target).replace("{", "<").replace("}", ">")

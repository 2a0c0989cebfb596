"""Javadoc as plain words."""

from __future__ import annotations

import html
import re

_DOC_PART = re.compile(
    r"\{@(?P<tag>\w+)\s*(?P<text>(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
    r"|<(?P<end>/?)(?P<html>p|br|[uod]l|li|d[dt]|code|pre|[biua]|em|strong|tt|h[1-6]|hr|div|span|su[bp]"
    r"|blockquote|table|t[rdh]|tbody|thead|caption|small|var|kbd|samp|cite|img|center)\b[^<>]*>",
    re.IGNORECASE,
)
_BLOCK_TAG = re.compile(r"^@(\w+)[ \t]*((?<=param )<?\w+>?)?", re.MULTILINE)
_UNSAID = re.compile(r"^@(?:author|version|since|serial|hidden)\b[^\n]*\n?", re.MULTILINE)
_LINK = re.compile(r"([^\s(]*(?:\([^)]*\))?)\s*(.*)")
_LEADS_IN = {"return": "Returns ", "throws": "Throws ", "exception": "Throws ", "see": "See "}


def plain_javadoc(doc: str) -> str:
    """Return a Javadoc text without inline tags and HTML, its block tags in words.

    A blank line parts the description from the block tags.
    """
    head, tags = doc, ""
    first = _BLOCK_TAG.search(doc)
    if first is not None:
        head, tags = doc[: first.start()], _UNSAID.sub("", doc[first.start() :])
    tags = _BLOCK_TAG.sub(_led_in, re.sub(r"\n[ \t]+", "\n", tags))
    text = f"{head.strip()}\n\n{tags.strip()}".strip()
    text = html.unescape(_DOC_PART.sub(_plain_part, text))
    return re.sub(r"[ \t]*\n(?:[ \t]*\n)+", "\n\n", text).strip()


def _led_in(tag: re.Match[str]) -> str:
    return f"{tag.group(2)}:" if tag.group(2) else _LEADS_IN.get(tag.group(1), f"{tag.group(1)}: ")


def _plain_part(part: re.Match[str]) -> str:
    tag, element = part.group("tag"), (part.group("html") or "").lower()
    if tag is None:
        opens = not part.group("end")
        return "\n\n" if element == "p" and opens else "- " if element == "li" and opens else ""
    text: str = " ".join(part.group("text").split())
    if tag in {"link", "linkplain"}:
        link = _LINK.match(text)
        target, label = link.groups() if link is not None else (text, "")
        return label or target.lstrip("#").replace("#", ".")
    return "" if tag in {"inheritDoc", "docRoot"} else text.lstrip("#")

"""Passwords, tokens and private keys that stand in files."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from codearch.detectors._detector import Draft, FileDetector, FileView
from codearch.detectors._secret_moves import move
from codearch.index.content import refused_by_name
from codearch.languages import names
from codearch.secrets import DRAWN, MADE_UP, SHOWING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.facts import Comment, SecretFact

SEVERITY = {"token": 5, "key": 5, "address": 4, "header": 4, "drawn": 4, "made": 4}
SEVERITY_UNFIT = 4  # its checksum does not fit: mistyped, or made up
SEVERITY_ENCRYPTED = 3
SEVERITY_SHOWN = 2  # in a test, an example, a page of documentation

# Where files show how something is used, beside where tests lie.
_SHOWN_AT = re.compile(
    r"(?i)(?:^|/)(?:docs?|documentation|examples?|samples?|demos?|tutorials?|fixtures?|testdata"
    r"|test[ _-]?data|mocks?|cassettes|snapshots)/"
    r"|\.(?:example|sample|template|tmpl|dist)(?:\.\w+)?$"
)
# What a comment says that shows what something looks like.
_SHOWING_SO = re.compile(
    rb"(?i)\b(?:like|e\.?g\.?|example|for instance|such as|looks?|returns?|responds?|answers?"
    rb"|response|sample|format)\b[^\n]*\Z"
)
_DOCSTRING = re.compile(rb'(?s)\s*[rRuU]?(?P<quotes>"""|\'\'\').*?(?P=quotes)')
_STANDARD = re.compile(r"(?i)(?:^|/)(?:rfc|draft-)[\w-]*\d\.txt$")
_PROMPT = re.compile(rb"[ \t]*(?:>>>|\.\.\.|iex(?:\(\d+\))?>|irb[^>\n]*>)[ \t]")
_NO_SECRET = re.compile(r"(?i)(?:#|//|/?\*|--|;).*\b(?:not|isn't|no) (?:a |real |really )*secret\b")
_SPELT = re.compile(r"[A-Z]{2}|npm|xAI")
_VOWELS = {True: "AEFHILMNORSXnx", False: "AEIOaeio"}  # as a letter is called, and as it begins


def check(file: FileView) -> Iterator[Draft]:
    """Yield one finding for each secret; what is only shown weighs less, or nothing."""
    if not file.facts.secrets or refused_by_name(file.path) == "lock file":
        return
    shown = file.test or file.facts.language in SHOWING or bool(_SHOWN_AT.search(file.path))
    for secret in file.facts.secrets:
        if secret.how not in ("token", "key") and _means_nothing(file, secret, shown=shown):
            continue
        end = secret.hidden_byte if secret.how == "key" and "JSON" not in secret.kind else 0
        yield Draft(
            span=file.span(secret.start_byte, end or secret.end_byte),
            message=_message(secret),
            key=f"{secret.how}:{secret.kind}:{secret.name}",
            severity=SEVERITY_SHOWN if shown else _severity(secret),
            quiet=(shown and secret.how != "token") or _said_to_be_none(file, secret.start_byte),
            confidence=secret.confidence,
            fix=move(file, secret),
        )


def _means_nothing(file: FileView, secret: SecretFact, *, shown: bool) -> bool:
    """Say whether a value that only what stands around it calls secret was typed to show it."""
    if file.generated and secret.how in ("drawn", "made"):
        return True
    if secret.how == "address" and not shown:
        return _is_documentation(file, secret.start_byte)
    # What is short in a test are keys that somebody hit, or what a standard shows.
    short = secret.how == "drawn" and secret.confidence < DRAWN
    if _is_of_a_page(file, secret) or (shown and short):
        return True
    comment = _comment_at(file, secret.start_byte)
    if secret.how == "made" or (secret.how == "address" and secret.confidence <= MADE_UP):
        return shown or comment is not None
    if comment is None:
        return _in_docstring(file, secret.start_byte)
    said = file.source[comment.span.start_byte : secret.start_byte]
    return comment.kind == "doc" or _SHOWING_SO.search(said) is not None


def _is_of_a_page(file: FileView, secret: SecretFact) -> bool:
    """Say whether a value stands in the text of a standard, or behind an interpreter's prompt."""
    if file.facts.language == "text" and _STANDARD.search(file.path):
        return True
    line = file.source.rfind(b"\n", 0, secret.start_byte) + 1
    return _PROMPT.match(file.source, line) is not None


def _comment_at(file: FileView, byte: int) -> Comment | None:
    comments = file.facts.comments
    at = bisect_right(comments, byte, key=lambda comment: comment.span.start_byte) - 1
    return comments[at] if at >= 0 and byte < comments[at].span.end_byte else None


def _is_documentation(file: FileView, byte: int) -> bool:
    comment = _comment_at(file, byte)
    return _in_docstring(file, byte) if comment is None else comment.kind == "doc"


def _in_docstring(file: FileView, byte: int) -> bool:
    """Say whether a place is in the string with which a definition's body begins."""
    if file.facts.language != "python":
        return False
    strings = (_DOCSTRING.match(file.source, each.body_byte) for each in file.facts.symbols)
    return any(each is not None and each.start() <= byte < each.end() for each in strings)


def _said_to_be_none(file: FileView, byte: int) -> bool:
    """Say whether a comment on the line, or right above, tells readers that it is no secret."""
    line = file.lines.position(byte)[0]
    return any(
        _NO_SECRET.search(file.line_text(each)) for each in range(max(0, line - 3), line + 1)
    )


def _severity(secret: SecretFact) -> int:
    if secret.fits is False:
        return SEVERITY_UNFIT
    return SEVERITY_ENCRYPTED if secret.kind.startswith("encrypted") else SEVERITY[secret.how]


def _message(secret: SecretFact) -> str:
    if secret.how in ("drawn", "made"):
        what = "a password" if secret.kind == "password" else "what looks like a secret"
        return f"`{secret.name}` is given {what} in plain text"
    whole = secret.kind
    if secret.how in ("token", "key"):
        whole = f"{_article(whole)} {whole}"
    if secret.shown:
        whole = f"{whole} (`{secret.shown}`)"
    if secret.fits is None or secret.how == "key":
        return f"{whole} in plain text"
    if secret.fits:
        return f"{whole} in plain text; its checksum fits"
    return f"what looks like {whole} in plain text; its checksum does not fit"


def _article(kind: str) -> str:
    return "an" if kind[0] in _VOWELS[_SPELT.match(kind) is not None] else "a"


DETECTOR = FileDetector(
    id="secret",
    category="secrets",
    severity=5,
    languages=frozenset(names()),
    summary="Passwords, tokens and private keys that stand in files.",
    why=(
        "Whoever reads the repository, or any copy of its history, can use them: revoke what was "
        "pushed, and read it from the environment or a store of secrets. Told by the form that a "
        "provider gives its tokens (with its checksum, where there is one), by a private key's "
        "body, by a password in an address, or by a name that promises a secret and a value that "
        "looks like one. Stand-ins, look-ups in the environment, UUIDs, hashes and public keys are "
        "left alone; in tests, examples and pages of documentation a secret weighs less, and "
        "passwords that somebody made up there count for nothing. No secret is ever shown: "
        "messages, snippets and the index hold signs in its place."
    ),
    example='DATABASE_PASSWORD = "..."  # and not os.environ["DATABASE_PASSWORD"]',
    effort_hours=1.0,
    generated=True,
    check=check,
)

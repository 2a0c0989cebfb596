"""What is written instead, where a few words make up for a flaw.

None of it is safe: it changes what the program does, and that is its purpose. Left out is what
needs a look at more than one place: another size (Go's `md5.Sum`, C's buffers), another library
(Rust), a flow. A hash of passwords has no entry either: SHA-256 is as wrong there as MD5.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from codearch.facts import Fix, Replacement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codearch.detectors._detector import FileView
    from codearch.detectors._security.judging import Hit


class Mend(NamedTuple):
    """A pattern of what is reported, and what its first match becomes.

    `around` is a pattern of the function around, or the file, that speaks against it; `before` of
    what stands before it in its line.
    """

    pattern: str
    instead: str
    title: str
    around: str = ""
    before: str = ""


_SHA = "Take SHA-256"
# Passwords, and results whose size or text is that of the weak hash.
_NOT_SHA = r"(?i)passw|passphrase|\bpwd\b|%0?(?:32|40)x|\b(?:32|40)\b"
_ALONE = "Listen on this machine alone"
_LOOPBACK = (
    Mend(r"(?<![\d.])0\.0\.0\.0(?![\d.])", "127.0.0.1", _ALONE),
    Mend(r"(\bhtonl\(\s*)INADDR_ANY\b", r"\1INADDR_LOOPBACK", _ALONE),
)
_OCTAL = (
    Mend(r"\b(0o?)777\b", r"\g<1>755", "Let nobody else write"),
    Mend(r"\b(0o?)666\b", r"\g<1>644", "Let nobody else write"),
)
_DRAWN = "Draw from the system's randomness"
_CHECKED = "Check certificates"
_CURL = (
    Mend(r"(\bCURLOPT_SSL_VERIFYPEER\s*,\s*)(?:0L?|false)", r"\g<1>1L", _CHECKED),
    Mend(r"(\bCURLOPT_SSL_VERIFYHOST\s*,\s*)(?:0L?|false)", r"\g<1>2L", _CHECKED),
)
_MENDS: Mapping[str, Mapping[str, tuple[Mend, ...]]] = {
    "weak-hash": {
        "python": (
            Mend(r"\Ahashlib\.(?:md5|sha1)\b", "hashlib.sha256", _SHA, _NOT_SHA),
            Mend(
                r"\A(hashlib\.new\(\s*[\"'])(?:md5|sha-?1)(?=[\"'])",
                r"\1sha256",
                _SHA,
                _NOT_SHA,
            ),
            Mend(r"\Ahashes\.(?:MD5|SHA1)\b", "hashes.SHA256", _SHA, _NOT_SHA),
        ),
        "javascript": (
            Mend(r"(\bcreateHash\(\s*[\"'`])(?:md5|sha-?1)(?=[\"'`])", r"\1sha256", _SHA, _NOT_SHA),
            Mend(r"\ACryptoJS\.(?:MD5|SHA1)\b", "CryptoJS.SHA256", _SHA, _NOT_SHA),
        ),
        "java": (
            Mend(
                r"(\bMessageDigest\s*\.getInstance\(\s*\")(?:MD5|SHA-?1|SHA)(?=\")",
                r"\1SHA-256",
                _SHA,
                _NOT_SHA,
            ),
            Mend(r"\A(DigestUtils\.)(?:md5|sha1)(?=Hex\(|\()", r"\1sha256", _SHA, _NOT_SHA),
            Mend(r"\A(Hashing\.)(?:md5|sha1)(?=\(\))", r"\1sha256", _SHA, _NOT_SHA),
        ),
        "csharp": (
            Mend(
                r"\A((?:System\.Security\.Cryptography\.)?)(?:MD5|SHA1)(?=\.(?:Create\(\)|HashData\())",
                r"\1SHA256",
                _SHA,
                _NOT_SHA,
                before=r"\b(?:MD5|SHA1)\s+\w+\s*=\s*$",
            ),
        ),
    },
    "deserialisation": {
        "python": (
            Mend(
                r"\Ayaml\.(?:unsafe_)?load(_all)?\(\s*([^,()]+(?:\(\))?)\s*"
                r"(?:,\s*(?:Loader\s*=\s*)?yaml\.\w*Loader\s*)?\)\Z",
                r"yaml.safe_load\1(\2)",
                "Load plain data alone",
            ),
        ),
        "csharp": (
            Mend(
                r"\bTypeNameHandling\.(?:All|Auto|Objects|Arrays)\b",
                "TypeNameHandling.None",
                "Let no document name types",
            ),
        ),
    },
    "certificates": {
        "python": (
            Mend(r"\b(verify\s*=\s*)False\b", r"\1True", _CHECKED),
            Mend(r"\bCERT_NONE\b", "CERT_REQUIRED", _CHECKED),
        ),
        "javascript": (
            Mend(r"\b(\w+[\"']?\s*:\s*)false\b", r"\1true", _CHECKED),
            Mend(r"(REJECT_UNAUTHORIZED[\"'\]]*\s*=\s*[\"'`]?)0", r"\g<1>1", _CHECKED),
        ),
        "rust": (Mend(r"(\bdanger_accept_invalid_\w+\()true\b", r"\1false", _CHECKED),),
        "c": _CURL,
        "cpp": _CURL,
        "go": (Mend(r"\b(InsecureSkipVerify\s*[:=]\s*)true\b", r"\1false", _CHECKED),),
    },
    "debug": {
        "python": (Mend(r"\b(debug\s*=\s*)True\b", r"\1False", "Turn debugging off"),),
        "javascript": (Mend(r"\b(graphiql\s*:\s*)true\b", r"\1false", "Turn GraphiQL off"),),
    },
    "html": {
        "python": (Mend(r"\b(autoescape\s*=\s*)False\b", r"\1True", "Escape what is filled in"),),
    },
    "xml": {
        "csharp": (
            Mend(r"\bDtdProcessing\.Parse\b", "DtdProcessing.Prohibit", "Refuse such documents"),
        ),
        "javascript": (Mend(r"\b(noent\s*:\s*)true\b", r"\1false", "Leave entities alone"),),
    },
    "random": {
        "python": (
            Mend(
                r"\Arandom\.(?=(?:choice|choices|randint|randrange|random|sample|getrandbits)\()",
                "random.SystemRandom().",
                _DRAWN,
            ),
        ),
        "java": (Mend(r"\Anew Random\(\)", "new java.security.SecureRandom()", _DRAWN),),
    },
    "permissions": dict.fromkeys(("python", "javascript", "go", "rust", "c", "cpp"), _OCTAL),
    "bind": {
        **dict.fromkeys(("python", "javascript", "java", "go", "rust", "c", "cpp"), _LOOPBACK),
        "csharp": (*_LOOPBACK, Mend(r"\bIPAddress\.Any\b", "IPAddress.Loopback", _ALONE)),
    },
}
_SAME = {"typescript": "javascript"}


def mend_of(file: FileView, hit: Hit) -> Fix | None:
    """Return the fix of a place that a security rule reports, None where it needs a person."""
    language = file.facts.language
    mends = _MENDS.get(hit.rule, {}).get(_SAME.get(language, language), ())
    written = file.source[hit.start : hit.end].decode(errors="replace")
    for mend in mends:
        found = re.search(mend.pattern, written)
        if found is None or not _allows(file, hit, mend):
            continue
        start = hit.start + len(written[: found.start()].encode())
        end = start + len(found.group().encode())
        instead = found.expand(mend.instead)
        return Fix(mend.title, False, (Replacement(file.path, file.span(start, end), instead),))
    return None


def _allows(file: FileView, hit: Hit, mend: Mend) -> bool:
    """Say whether nothing around a place speaks against a mend."""
    source = file.source
    if mend.before:
        line = source[source.rfind(b"\n", 0, hit.start) + 1 : hit.start].decode(errors="replace")
        if re.search(mend.before, line):
            return False
    if not mend.around:
        return True
    start, end = 0, len(source)
    for symbol in file.facts.symbols:  # parents come before children
        if (
            symbol.metrics is not None
            and symbol.span.start_byte <= hit.start < symbol.span.end_byte
        ):
            start, end = symbol.span.start_byte, symbol.span.end_byte
    return re.search(mend.around, source[start:end].decode(errors="replace")) is None

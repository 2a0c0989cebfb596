"""Values given to names that promise a secret: `password = "..."`, `API_KEY: ...`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from codearch.facts import SecretFact
from codearch.secrets._names import Named, promise
from codearch.secrets._values import (
    PASSWORD_BITS,
    TOKEN_BITS,
    is_example,
    is_stand_in,
    looks_like_password,
    looks_random,
    sureness,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_STEMS = tuple(
    b"pass pwd secret token key cred auth bearer psw kennwort _pat jwt _sas cookie".split()
)
_LONG = 24  # characters: a stand-in's words do not count in what is drawn by chance
_LEAST_SECRET = 8
_LONGER = 12  # letters by which a value that is a name may be longer than its own
_DIGIT = re.compile(rb"[0-9]")
_CAPITAL_OR_SIGN = re.compile(rb"[^a-z0-9]")
_NO_LETTER = re.compile(rb"[^a-z]")
_NAME_BYTES = 64
_BEFORE_BYTES = 200  # of a line that are looked at before a name
_NEAR_BYTES = 400
_NONCE = re.compile(rb"[A-Za-z0-9+/]{22}==\Z")  # of 16 bytes, as RFC 6455 wants them
_HASHING = re.compile(rb"(?i)[\"'_\s]salt[\"']?\s*[:=]|[\"']?iterations[\"']?\s*[:=]")
_HASH = re.compile(rb"(?:[A-Za-z0-9+/]{27,86}={0,2}|[0-9a-fA-F]{32,128})\Z")
_PUBLIC = re.compile(rb"(?i)pub(?:lic)?_?(?:key)?\w*[^\n\"'`]{0,20}[\"'`]\Z")
_SESSION = re.compile(rb"(?i)sess|sid|auth|token|jwt|login|remember")
_OF_HANDSHAKE = re.compile(r"(?i)(?:client|server|socket|ws|handshake|accept)_?key\Z")
_HEAD = re.compile(rb"[A-Za-z0-9_.\-$]*\Z")
_STRING = rb"""(?:"((?:[^"\\\n]|\\.){6,512})"|'((?:[^'\\\n]|\\.){6,512})'|`([^`\n]{6,512})`)"""
_PREFIX = rb"(?:[bBuUrRfFLsc@$]{1,2}(?=[\"'])|r\#(?=\"))?"  # b"...", L"...", @"..."
_REST = rb"([A-Za-z0-9_\-]{0,40})"  # of the name
_PLAIN = rb"([^\s\"'`\#][^\s\"'`]{5,511})"  # a value without quotes

# From the rest of the name to the value in quotes, as programming languages and data write it.
_QUOTED = re.compile(
    _REST
    + rb"""(?:
        [ \t]*(?:\[\d*\]|/\*.{0,20}?\*/)?[ \t]*
        (?:  # first with a type between
            :[ \t]*&?(?:'static[ \t]+)?[A-Za-z_][\w.<>\[\]|?,& ]{0,40}?[ \t]*=(?![=~])
          | [ \t]+(?:As[ \t]+)?\*?(?:str|string|String|\[\]byte|text|varchar)\b[ \t]*=
          | :=|=>|===?|!==?|\?\?=?|\|\|=?|\?=|\+=|[=:](?![=:])
          | \|[ \t]*default[ \t]*\(                                                # templates
        )
      | ["'`][ \t]*\]?[ \t]*(?:=>|:=|===?|!==?|=|:)                       # "name": and ["name"] =
      | (?P<argument>["'`][ \t]*,)(?P<said>[ \t]*["'`]?value["'`]?[ \t]*[:=])?  # f("name", value)
      | ["'`][ \t]+(?:value|content|default)[ \t]*=                                         # XML
    )[ \t]*(?P<below>\(?\r?\n[ \t]*)?(?:\(|\[|new[ \t]+[A-Z]\w+\()?[ \t]*"""
    + _PREFIX
    + _STRING
    + rb"(?(below)(?![ \t]*:))",  # where it is a key, it is not the value of what stands above
    re.VERBOSE,
)
_CALL = re.compile(rb"\w[ \t]*\([ \t]*[\"'`]\Z")
# A call that sets it: `setPassword("...")`, `.password("...")`, `withToken("...")`.
_SET = re.compile(_REST + rb"[ \t]*[({][ \t]*" + _PREFIX + _STRING)
_SETTING = (b"set", b"with", b"use")
# The name of a setting in a variable: `os.Setenv(secretKey, "...")`, `props.put(PASSWORD, "...")`.
_CALLED = re.compile(_REST + rb"[ \t]*,[ \t]*(?:\r?\n[ \t]*)?" + _PREFIX + _STRING)
_CALLING = re.compile(
    rb"(?i)(?:set|put|add|with)_?(?:env|property|default|header|parameter|param|option|string|secret"
    rb"|config|item|value|attribute)?[ \t]*\([ \t]*[A-Za-z0-9_.]*\Z"
)
_DEFINE = re.compile(_REST + rb"[ \t]+" + _STRING)
_DEFINING = re.compile(rb"(?:^|\n)[ \t]*#[ \t]*define[ \t]+[A-Za-z0-9_]*\Z")
_ELEMENT = re.compile(rb"([A-Za-z0-9_\-.]{0,40})>([^<>\s]{6,512})</")
_OPENING = re.compile(rb"<(?:[A-Za-z0-9_.\-]+:)?[A-Za-z0-9_.\-]*\Z")
# A list of variables: `- name: DB_PASSWORD`, and `value: ...` on the next line.
_LISTED = re.compile(
    _REST + rb"[\"']?,?[ \t]*\r?\n[ \t]*-?[ \t]*[\"']?value[\"']?[ \t]*:[ \t]*[\"']?" + _PLAIN
)
_LISTING = re.compile(rb"(?i)(?:name|key)[\"']?[ \t]*:[ \t]*[\"']?[A-Za-z0-9_\-.]*\Z")

# Without quotes, in settings: `NAME=value`, `name: value`, `--name=value`, `ENV NAME value`.
_BARE = re.compile(
    rb"([A-Za-z0-9_\-.]{0,40})[\"']?[ \t]*[=:][ \t]*"
    + _PLAIN
    + rb"(?=[ \t]*(?:\r?\n|\Z|[ \t][\#;]))"
)
_BEGINNING = re.compile(
    rb"(?:^|\n)[ \t]*(?:(?:export|set|setx|declare(?:[ \t]+-x)?|local|readonly|env|ENV|ARG|-e"
    rb"|-[ \t]|--env|\$env:|//[^\s]{0,80}:)[ \t]*)*[A-Za-z0-9_.\-]*\Z|(?:^|\s)--?[A-Za-z0-9\-]*\Z"
)
_SPACED = re.compile(_REST + rb"[ \t]+" + _PLAIN + rb"(?=[ \t]*(?:\r?\n|\Z))")
_SPACING = re.compile(
    rb"(?:^|\n)[ \t]*(?:ENV[ \t]+|(?:machine|login)\b[^\n]{0,120}?[ \t]+|[ \t]+)[A-Za-z0-9_]*\Z"
)


def _is_given(source: bytes, at: int, match: re.Match[bytes]) -> bool:
    """Say whether a name in quotes and a value after a comma are arguments, not of a tuple."""
    if not match["argument"] or match["said"]:
        return True
    return _CALL.search(_before(source, at - len(_head(source, at)))) is not None


def _is_set(source: bytes, at: int, match: re.Match[bytes]) -> bool:
    """Say whether a call gives what it is named for: `setToken(...)`, `.password(...)`."""
    name = _head(source, at) + match[1]
    last = name.rpartition(b".")[2].lower()
    if last.startswith(_SETTING):
        return True
    return b"." in name and b"_" not in last and promise(last) is Named.PASSWORD


def _after(start: re.Pattern[bytes]) -> _Fits:
    """Return what says whether a name stands where such a text ends with it."""
    return lambda source, at, _: start.search(_before(source, at)) is not None


_Fits = Callable[[bytes, int, re.Match[bytes]], bool]
_READERS: tuple[tuple[re.Pattern[bytes], _Fits], ...] = (
    (_QUOTED, _is_given),
    (_SET, _is_set),
    (_CALLED, _after(_CALLING)),
    (_ELEMENT, _after(_OPENING)),
    (_DEFINE, _after(_DEFINING)),
    (_LISTED, _after(_LISTING)),
)
_BARE_READERS = (*_READERS, (_BARE, _after(_BEGINNING)), (_SPACED, _after(_SPACING)))
_BARE_LANGUAGES = frozenset(
    {"ini", "yaml", "shell", "dockerfile", "makefile", "text", "batch", "powershell", "fish"}
)


def assignments(source: bytes, lowered: bytes, language: str) -> Iterator[SecretFact]:
    """Yield the values that a name says to be secret, and whose looks agree."""
    readers = _BARE_READERS if language in _BARE_LANGUAGES else _READERS
    done = -1
    for at in sorted(_places(lowered)):
        found = _value_at(source, at, readers) if at >= done else None
        if found is None:
            continue
        name, start, end = found
        if promised(name) is not Named.NOTHING:
            done = end
            fact = judged(name, source[start:end], start, end)
            if fact is None or _is_public(source, fact):
                continue
            if b"websocket" not in lowered or not _is_a_nonce(fact.name, source[start:end]):
                yield fact


def _places(lowered: bytes) -> Iterator[int]:
    for stem in _STEMS:
        at = lowered.find(stem)
        while at >= 0:
            yield at
            at = lowered.find(stem, at + len(stem))


def _value_at(
    source: bytes, at: int, readers: Sequence[tuple[re.Pattern[bytes], _Fits]]
) -> tuple[bytes, int, int] | None:
    """Return the name that holds a stem, and where the value given to it stands."""
    for pattern, fits in readers:
        match = pattern.match(source, at)
        if match is not None and fits(source, at, match):
            groups = range(pattern.groups, 0, -1)
            value = next(group for group in groups if match.start(group) >= 0)
            return _head(source, at) + match[1], *match.span(value)
    return None


def _before(source: bytes, at: int) -> bytes:
    return source[max(0, at - _BEFORE_BYTES) : at]


def _head(source: bytes, at: int) -> bytes:
    """Return what of a name stands before a place in it."""
    found = _HEAD.search(source[max(0, at - _NAME_BYTES) : at])
    return found[0] if found else b""


def _is_public(source: bytes, fact: SecretFact) -> bool:
    """Say whether a value is none by what stands near: a search's key, a hash, a public key."""
    start, end = fact.start_byte, fact.end_byte
    near = source[max(0, start - _NEAR_BYTES) : end + _NEAR_BYTES]
    if b"indexName" in near or b"index_name" in near:  # everybody may search it (Algolia)
        return True
    hash_of = fact.kind == "password" and _HASH.match(source, start, end)
    if hash_of and _HASHING.search(near):
        return True
    value = source[start:end]
    at = source.find(value)
    while at >= 0:
        if _PUBLIC.search(source, max(0, at - _NAME_BYTES), at):
            return True
        at = source.find(value, at + len(value))
    return False


def _is_a_nonce(name: str, value: bytes) -> bool:
    """Say whether a key may be what a client draws for each handshake and sends openly."""
    return _NONCE.match(value) is not None and _OF_HANDSHAKE.search(name) is not None


def promised(name: bytes) -> Named:
    """Return what a name promises: its last member, else all of it."""
    last = _last(name)
    found = promise(last)
    return promise(name) if found is Named.NOTHING and last != name else found


def _last(name: bytes) -> bytes:
    return name.rstrip(b".").rpartition(b".")[2]


def judged(name: bytes, value: bytes, start: int, end: int) -> SecretFact | None:
    """Return what a value is, given the name it has; None where it is no secret."""
    kind, last = promised(name), _last(name)
    if kind is Named.NOTHING or _says_its_name(last, value):
        return None
    if last.lower().endswith(b"cookie") and b"=" in value and not _SESSION.search(value):
        return None
    how, confidence = _looks(kind, value)
    if not confidence:
        return None
    return SecretFact(
        how,
        "password" if kind is Named.PASSWORD else "secret",
        start,
        start,
        end,
        name=last.decode("ascii", "replace").strip("-_$."),
        confidence=confidence,
    )


def _looks(kind: Named, value: bytes) -> tuple[Literal["drawn", "made"], float]:
    """Return whether a value was drawn by chance or made up, and how sure it is a secret."""
    if looks_random(value):
        shown = is_example(value) or (len(value) < _LONG and is_stand_in(value))
        spent = PASSWORD_BITS if kind is Named.PASSWORD else TOKEN_BITS
        return "drawn", 0.0 if shown else sureness(value, spent)
    if kind is Named.TOKEN or is_stand_in(value) or not looks_like_password(value):
        return "made", 0.0
    if kind is Named.PASSWORD:
        return "made", 0.6
    return "made", 0.5 if len(value) >= _LEAST_SECRET and _is_mixed(value) else 0.0


def _is_mixed(value: bytes) -> bool:
    """Say whether digits stand beside capitals or signs."""
    return _DIGIT.search(value) is not None and _CAPITAL_OR_SIGN.search(value) is not None


def _says_its_name(name: bytes, value: bytes) -> bool:
    """Say whether a value is its name again: `"accessToken": "access_token_2"`."""
    own, said = _NO_LETTER.sub(b"", name.lower()), _NO_LETTER.sub(b"", value.lower())
    if not said:
        return False
    return said in own or (own in said and len(said) < len(own) + _LONGER)

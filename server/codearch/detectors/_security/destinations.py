"""Where a hash goes: what others compute as well is theirs to choose.

A hash that a request carries has to be the one that the other side expects, one that is compared
with what somebody gave is the giver's, and one that names a file keeps nobody out. All of it is
read from the names that the result is given, in the text of the function around, or of the file
where that function gives it back.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_ASSIGNED = re.compile(
    r"(?<![\w$])([A-Za-z_$][\w$]*)(?:\s*:\s*[\w\[\]<>|. ]{1,60}?)?(?:\s*,\s*\w+)?"
    r"\s*:?=(?![=>])([^;\n]*)"
)
_RETURNED = re.compile(r"\breturn\b([^;\n]*)")
_MOST_NAMES = 12  # that one hash is followed through
_ROUNDS = 3
_ASKS = re.compile(  # a file with one of these sends requests
    r"\b(?:requests|httpx|aiohttp|urllib3?|urlopen|axios|fetch|XMLHttpRequest|HttpClient|OkHttp\w*"
    r"|HttpURLConnection|HttpRequest\w*|RestTemplate|RestClient|WebClient|reqwest|ureq|NewRequest"
    r"|curl_easy_\w+|superagent)\b|\bhttp\.(?:get|post|request|Client|Get|Post)\b"
    r"|\bsession\.(?:get|post|request)\("
)
_VALUE = r"[^,;{}\n]{0,40}(?<![\w$])(?:NAMES)(?![\w$])"
_FIELD = (  # requests.get(url, params={"sign": VALUE})
    r"\b(?:params|data|headers|json|form|query|qs|body|cookies|fields|payload|searchParams)\b"
    r"\s*[=:(]\s*(?:new \w+\()?\{[^{}]{0,800}?[\w\"'\]-]\s*:\s*VALUE"
)
_ITEM = (  # headers["X-Sign"] = VALUE
    r"\b(?:headers|params|query|form|payload|searchParams)\[[\"'`][\w-]+[\"'`]\]\s*=\s*VALUE"
)
_CALL = (  # req.Header.Set("X-Sign", VALUE)
    r"\b(?!\w*[Rr]es(?:p|\b))[\w.()]{0,60}(?:[Hh]eader|[Pp]aram|[Qq]uery|[Ff]orm|[Rr]eq|[Uu]rl|URL"
    r"|[Vv]alues)[\w.()]{0,60}\.(?:[Ss]et|[Aa]dd|append|put|header|query|insert|\w*Header|\w*Property"
    r"|\w*Param(?:eter)?)\(\s*[\"'`][\w-]+[\"'`]\s*,\s*VALUE"
)
_ADDRESS = r"[?&][\w\[\]]+=(?:\$?\{\s*|[\"'`]\s*\+\s*)VALUE"  # "https://api.example/?sign={VALUE}"
_SENT = (_FIELD, _ITEM, _CALL, _ADDRESS)
_NAMING = (
    r"\b(?:os\.path\.join|filepath\.Join|path\.(?:join|resolve)|Paths?\.(?:get|of|Combine|join)"
    r"|Path|File)\([^\n]{0,120}VALUE"
)
_GIVEN = r"[\w.\[\]'\"()]{0,60}(?:expect|given|receiv|remote|upstream|md5|sha_?1|etag)\w*"
_COMPARED = (
    rf"(?i:VALUE[^=!\n]{{0,40}}[!=]==?\s*{_GIVEN})",
    rf"(?i:{_GIVEN}[\w.()'\"\]]{{0,60}}\s*[!=]==?\s*VALUE)",
)


class Around(NamedTuple):
    """The texts around the call of a hash, the smallest last."""

    file: str
    function: str
    name: str  # of the function, "" for none
    statement: str
    callee: str


def is_for_others(around: Around, *, secret: bool) -> bool:
    """Say whether a hash is sent or names a file.

    Of what is no `secret`, also whether it is compared with what somebody gave.
    """
    function, callee = around.function, around.callee
    patterns = [_NAMING]
    patterns += [] if secret else _COMPARED
    patterns += _SENT if _ASKS.search(around.file) else []
    names = {found[1]} if (found := _ASSIGNED.search(around.statement)) else set()
    if function.count(callee) == 1:
        names.add(callee)
    own = _followed(function, names)
    if _fits(patterns, function, own):
        return True
    given_back = _RETURNED.match(around.statement) or any(
        _mentions(own, each[1]) for each in _RETURNED.finditer(function)
    )
    if not (around.name and given_back):
        return False
    return _fits(patterns, around.file, _followed(around.file, {around.name}))


def _fits(patterns: list[str], text: str, names: set[str]) -> bool:
    value = _VALUE.replace("NAMES", _any_of(names))
    return bool(names) and any(re.search(each.replace("VALUE", value), text) for each in patterns)


def _followed(text: str, names: set[str]) -> set[str]:
    """Return the names that a value has, one assigned from the other, these among them."""
    known = set(names)
    for _ in range(_ROUNDS):
        before = len(known)
        for found in _ASSIGNED.finditer(text):
            if known and len(known) < _MOST_NAMES and _mentions(known, found[2]):
                known.add(found[1])
        if len(known) == before:
            break
    return known


def _mentions(names: set[str], text: str) -> bool:
    return bool(names) and re.search(rf"(?<![\w$.])(?:{_any_of(names)})(?![\w$])", text) is not None


def _any_of(names: set[str]) -> str:
    return "|".join(map(re.escape, sorted(names)))

"""Whether a value is a secret by its looks: neither a stand-in, nor words, nor an identifier."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

from codearch.secrets._checks import base64_text, names_nobody

# What people write where a secret would stand.
_STAND_IN = re.compile(
    rb"""(?ix)
    ^(?:\W*|(?P<one>.)(?P=one)*)$  # nothing, or one character again and again
    | x{4} | \*{3} | \.{3} | _{4} | -{5} | \#{4} | \?{3} | 0{8} | (?P<again>.)(?P=again){6}
    # filled in by something: a template, a format, a variable, a look-up
    | ^<.*>$ | ^\[.*\]$ | ^\{.*\}$ | ^\#\{ | ^%.*%$ | ^@.*@$ | ^__.*__$ | \$\{ | \$\( | \{\{ | \}\}
    | <% | %\( | ^%[sdv]$ | %s | \{\d*\} | \{[a-z_.]+\} | ^\$[a-z_][\w.:]*$ | ^&\w+$ | ^\*\w+$
    | process\.env | os\.environ | getenv | env\. | env\( | environment | secrets?\. | vars?\.
    | config\. | vault: | ssm: | secretsmanager
    | ^(?:enc|sops|kms|vault|ref|secret|env|file|arn|op|aws|gcp|sha\d+|md5|ssh-\w+|data|urn|did
        |https?|ftp|s3|mailto)[:(\[]
    # hashes of passwords
    | ^\$(?:\d|2[abxy]|y|apr1|argon2\w*|pbkdf2\w*|scrypt|P|H|S)\$ | ^pbkdf2_ | ^\{S?SHA
    # words that say so
    | \byour | your[_-] | [_-]here\b | change[_-]?(?:me|this|it) | change_?in
    | replace[_-]?(?:me|this|with) | example | sample | dummy | place[_-]?holder | redacted
    | masked | censored | insert[_-] | todo | fixme | tbd\b | lorem | deadbeef | cafebabe
    | ^(?:foo|bar|baz|qux) | (?<![a-z0-9])(?:foo|bar|baz|qux)\b | foobar
    | ^(?:my|some|the|a|an|any|this|new|old|enter|put|add|set|use|type|not|no|in)[_-]?[a-z_-]*$
    | \bfake | fake[_-] | \bmock | mock[_-] | stub | \bunused | undefined | \bnull\b | \bnone\b
    | invalid | wrong | incorrect | notreal | not[_-]a[_-] | notasecret | nosecret
    | super[_-]?secret | top[_-]?secret | correct[_-]?horse | hunter2 | swordfish
    | ^(?:pass|password|passwd|secret|token)(?![a-z0-9])
    | ^t[e3]st | test(?:ing|er)?\d*$ | [_-]test | test[_-] | demo[_-] | ^demo
    | ^[a-z]{2,12}[_-]?123[!.]?$
    | [a-z][_-](?:pwd|pass(?:w(?:or)?d)?|secret|token)$ | %(?:0[ad]|20|3b)
    # keys beside one another
    | abc_?123 | 123_?abc | abcdef | qwerty | asdf | 1q2w3e | letmein | 12345 | 98765 | 0123
    | 1111 | 4444
    """
)
# Those that no chance makes: a long value drawn by chance may well hold `foo`.
_EXAMPLE = re.compile(
    rb"""(?ix)
    x{5} | \*{4} | \.{3} | _{5} | -{5} | 0{9} | (?P<again>.)(?P=again){6}
    | example | sample | dummy | place[_-]?holder | redacted | your[_-] | change[_-]?me | insert[_-]
    | replace[_-] | deadbeef | cafebabe | abcdefg | 1234567 | 7654321 | qwerty | fake[_-]
    | \$\{ | \{\{ | <[a-z] | %s
    | ^\$(?:\d|2[abxy]|y|apr1|argon2\w*|pbkdf2\w*|scrypt)\$ | ^pbkdf2_
    | ^(?:sha\d+|md5|ssh-\w+)[-:]
    """
)
_KNOWN_WEAK = re.compile(
    rb"""(?ix)^(?:
    (?:my|the|test|db|user|admin|root|default|new|old|app|our|temp|tmp|top|super|very)?[_-]?
    (?:p[a@4][s5$][s5$](?:w[o0]r[dt]|wd|phrase|code)?|pwd|pw|secret|token|key|apikey|api[_-]?key
    |auth|credentials?|admin|root|guest|user(?:name)?|login|postgres|mysql|mongo|redis|rabbitmq
    |elastic|oracle|sa|minio(?:admin)?|welcome|monkey|dragon|master|default|public|private|hello
    |world|value|string|text|data|bearer|basic|none|true|false|null|nil|yes|required|optional
    |hidden|empty|blank|unset|any|all|on|off)
    [_-]?\d{0,4}[!@\#$.]?){1,3}$"""
)
# Keys that their makers' own pages and emulators publish: Azure's, Telegram's, Stripe's, Amazon's,
# Twitter's and OAuth's.
_PUBLISHED = (
    b"Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq",
    b"C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGy",
    b"ABC-DEF1234ghIkl-zyx57W2v1u123ew11",
    b"4eC39HqLyjWDarjtT1",
    b"BQokikJOvBiI2HlWgH4olfQ2",
    b"wJalrXUtnFEMI/K7MDENG",
    b"xvz1evFS4wEEPTGEFPHBog",
    b"dpf43f3p2l4k3l03",
)
# `s3cr3t` for `secret`: digits and signs that stand for letters.
_SPELT_OUT = bytes.maketrans(b"0134$@", b"oieasa")
_UUID = re.compile(rb"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$")
_STORED = re.compile(  # where something lies: a path that ends in a file's name, or holds a UUID
    rb"(?:[\w.@-]+/){2,}[\w@-]+\.[A-Za-z]\w{1,7}$"
    rb"|(?i:(?:[\w.@-]+/)+[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?:/[\w.@-]*)*$)"
)
_HEX_DIGITS = b"0123456789abcdefABCDEF"
_HEX = re.compile(rb"(?:[0-9a-f]+|[0-9A-F]+)$")
_TOKEN = re.compile(rb"[A-Za-z0-9+/=_.~:$%@!-]+$")
_WORDS = re.compile(rb"[A-Za-z]?[a-z]+|[A-Z]+(?![a-z])")
_PATH = re.compile(
    rb"^(?:text|application|image|audio|video|multipart|message|font)/|(?:[\w.@-]*/){2,}[\w.@-]*$|^[.~]?/|^[A-Za-z]:\\|\.(?:json|ya?ml|pem|key|txt|crt|jks|p12|pfx"
    rb"|env|html?|py|js|ts|java|go|php|xml|toml|ini|conf|css|png|svg)$"
)
_CODE = re.compile(rb"[(){}\[\];<>]|::|->|=>|&&|\|\||\s")
_NUMBER = re.compile(rb"[\d.,_:/ +-]+$")
_MAIL = re.compile(rb"[\w.+-]+@(?:[\w-]+\.)+(?:com|org|net|edu|gov|io|dev|[a-z]{2})\Z")
_FOREIGN = re.compile(rb"(?:[\xe3-\xed][\x80-\xbf]{2}){3}")  # words in Japanese, Chinese, Korean
_HOST = re.compile(rb"(?i)(?:localhost|(?:[a-z0-9_-]+\.)+[a-z]{2,10})(?::\d+)?$")
_IDENTIFIER = re.compile(rb"[A-Za-z_$][A-Za-z_$-]*(?:[.:/_-][A-Za-z_$-]+)*[0-9]{0,2}$")
_DIGITS = re.compile(rb"[0-9]+")
_SPACE = re.compile(rb"\s")
_LETTER = re.compile(rb"[A-Za-z\x80-\xff]")
_DIGIT_OR_SIGN = re.compile(rb"[^A-Za-z\x80-\xff_.-]")

# The pairs of letters that make up four fifths of English text and of identifiers; random letters
# have fewer than a third of them.
_PAIRS = """
    th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co
    me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us
    ac ot il tr ly nc et ut ss so rs un lo wa ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa
    im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev ld ry mp fe bl ab gh ty op wo sa ay ex ke
    ui ag id ap if ey ck up do ue od ds um og my bu rd ff ba da bo gi ga go ev lu qu au ls cr sp ob
    ub tt cl by rm fu fr ug ew av af br ok ak ip ep ef gr dr ft pt eq ht ov ys xt lt pp"""
_COMMON = frozenset(_PAIRS.split())
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{15,}={0,2}\Z")
# What base64 says that is no secret: the head of a JSON Web Token, words, the middle row of keys.
_SENTENCE = re.compile(rb"[a-z]{3,}@[a-z]{3,}[a-z.]*\.(?:com|org|net)|(?:\b[a-z]+ ){3}[a-z]")
_HASHED = re.compile(rb"\{S?SHA|\$(?:\d|2[abxy]|apr1|argon2\w*)\$")
_SAYING = re.compile(rb"\{.*\}\Z|[a-z]+(?:[ _-][a-z]+)+\Z|(?i:[asdfghjkl;]+)\Z", re.DOTALL)
# What expressions, formats and addresses have and no chance gives.
_WRITTEN = re.compile(
    rb"^\$\w[\w-]*\$|\\|\(\?|[aA]-[zZ]|0-9|\.[*+]|\[\^|://|\{\{|\}\}|\$\{|\(\)|%[sd(]|\{\d*\}|</|=>|->|&&|\|\|"
)
_SIGN = re.compile(rb"[^A-Za-z0-9_]")
_LEAST_SIGNS = 4  # different ones, by which a value of all signs was drawn by chance
_LEAST_DENSE_BITS = 4.0
_LEAST_PAIRS = 5
_WORDLIKE = 0.55  # share of common pairs from which on letters are words
_NAMELIKE = 0.4  # without any digit
_MANY_NUMBERS = 3  # in one value: names have fewer
_LEAST_RANDOM = 16  # characters
_LONG = 24
TOKEN_BITS, PASSWORD_BITS = 160, 100  # that those who draw them spend at least
_MOSTLY = 0.9
_LEAST_BITS = 3.0  # of entropy a character
_LEAST_HEX_BITS = 2.8
_LEAST_PASSWORD, _MOST_PASSWORD = 6, 128
DRAWN, _DRAWN_SHORT = 0.75, 0.7  # how sure what looks drawn by chance is a secret


def is_stand_in(value: bytes) -> bool:
    """Say whether a value stands for a secret that is elsewhere, or was never one."""
    if _STAND_IN.search(value) or runs_on(value):
        return True
    if _KNOWN_WEAK.match(value) or _KNOWN_WEAK.match(value.translate(_SPELT_OUT).lstrip(b"%!#-_")):
        return True
    if says_something(value):
        return True
    return _PATH.search(value) is not None and b"=" not in value[-2:]


def is_published(value: bytes) -> bool:
    """Say whether a value is one that documentation everywhere shows."""
    return any(shown in value for shown in _PUBLISHED)


def is_example(value: bytes) -> bool:
    """Say whether a value that looks drawn by chance was made up to show the form of one."""
    if runs_on(value) or is_published(value) or says_something(value):
        return True
    return _EXAMPLE.search(value) is not None and not _is_dense(value)


def says_something(value: bytes) -> bool:
    """Say whether base64 holds words, keys hit one beside the other, or no secret of a user."""
    if value.startswith(b"eyJ") and names_nobody(value):
        return True
    decoded = base64_text(value) if _BASE64.match(value) else None
    if decoded is None or _SENTENCE.search(decoded):
        return decoded is not None
    if not decoded.isascii() or not decoded.decode().strip().isprintable():
        return False
    user, colon, password = decoded.partition(b":")
    if colon and user.strip() and (_HASHED.match(password) or is_stand_in(password)):
        return True
    return _SAYING.match(decoded) is not None or runs_on(decoded)


def runs_on(value: bytes) -> bool:
    """Say whether most characters follow upon their neighbours (`abcdefg`, `1234567`) or repeat."""
    if len(value) < _LEAST_PASSWORD:
        return len(set(value)) <= 2  # `abab`
    steps = sum(1 for left, right in pairwise(value) if right - left in (0, 1))
    return steps * 2 > len(value) or len(set(value)) * 5 < min(len(value), 40)


def entropy(value: bytes) -> float:
    """Return the bits a character by the value's own frequencies."""
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values()) if size else 0.0


def wordiness(value: bytes) -> float:
    """Return the share of the pairs of letters that are common in words; 0 where there are few."""
    pairs = common = 0
    for part in _WORDS.findall(value):
        for left, right in pairwise(part.decode().lower()):
            pairs += 1
            common += left + right in _COMMON
    return common / pairs if pairs >= _LEAST_PAIRS else 0.0


def sureness(value: bytes, least_bits: int = TOKEN_BITS) -> float:
    """Return how sure a value that looks drawn by chance is one: less than DRAWN where it is short.

    In its alphabet, that is, and where it has no digit, which chance would have given it.
    """
    in_hex = sum(1 for char in value if char in _HEX_DIGITS) >= _MOSTLY * len(value)
    enough = len(value) * (4 if in_hex else 6) >= least_bits
    return DRAWN if enough and _DIGITS.search(value) else _DRAWN_SHORT


def looks_random(value: bytes, least: int = _LEAST_RANDOM) -> bool:
    """Say whether a value looks drawn by chance: long, of one alphabet, and no words."""
    if len(value) < least or not _TOKEN.match(value) or _is_plain(value):
        return _is_dense(value)
    digits = sum(1 for char in value if 48 <= char <= 57)  # "0" to "9"
    bits = entropy(value)
    if _HEX.match(value):
        return 0.3 < digits / len(value) < 0.95 and bits >= _LEAST_HEX_BITS
    wanted = _LEAST_BITS + 0.3 if len(value) > _LONG else _LEAST_BITS
    if bits < min(wanted, 0.8 * math.log2(len(value))):
        return False
    switches, words = _switches(value), wordiness(value)
    if len(_DIGITS.findall(value)) >= _MANY_NUMBERS and switches * 3 >= len(value):
        return True
    if not digits and not switches:  # small letters alone, or capitals alone
        return len(value) >= _LONG and words < _NAMELIKE
    return words < (_WORDLIKE if digits else _NAMELIKE) and switches * 5 >= len(value)


def _is_dense(value: bytes) -> bool:
    """Say whether letters, digits and many signs change as by chance (Z85, Django's keys)."""
    if not _LONG <= len(value) <= _MOST_PASSWORD or not value.isascii():
        return False
    if len(set(_SIGN.findall(value))) < _LEAST_SIGNS or _SPACE.search(value):
        return False
    if entropy(value) < _LEAST_DENSE_BITS or wordiness(value) >= _NAMELIKE:
        return False
    digit = _DIGITS.search(value) is not None
    return digit and _switches(value) * 5 >= 2 * len(value) and not _WRITTEN.search(value)


def looks_like_password(value: bytes) -> bool:
    """Say whether a short value looks made up to be a password: mixed, and no identifier."""
    if not _LEAST_PASSWORD <= len(value) <= _MOST_PASSWORD or _CODE.search(value):
        return False
    if _MAIL.match(value) or _FOREIGN.search(value):
        return False
    if _is_plain(value):
        return False
    if _IDENTIFIER.match(value):
        if _switches(value) * 2 >= len(value):  # capitals where no word begins
            return True
        return looks_random(value, 12) and wordiness(value) < _NAMELIKE
    mixed = _LETTER.search(value) is not None and _DIGIT_OR_SIGN.search(value) is not None
    return mixed and len(set(value)) > _LEAST_PAIRS - 1


def _is_plain(value: bytes) -> bool:
    """Say whether a value is a number, a date, a UUID, the name of a host, or a stored file's."""
    return any(pattern.match(value) for pattern in (_NUMBER, _UUID, _HOST, _STORED))


_KINDS = bytes(
    0 if 97 <= char <= 122 else 1 if 65 <= char <= 90 else 2 if 48 <= char <= 57 else 3
    for char in range(256)
)


def _switches(value: bytes) -> int:
    """Return how often the kind of character changes: letter small or capital, digit, other."""
    return sum(1 for left, right in pairwise(value.translate(_KINDS)) if left != right)

"""Whether a name says that what it is given is a secret: its last words decide."""

from __future__ import annotations

import enum
import functools
import re


class Named(enum.Enum):
    """What a name promises of its value."""

    NOTHING = 0
    PASSWORD = 1  # may be short and made up by a person
    SECRET = 2  # either made up or drawn by chance
    TOKEN = 3  # drawn by chance


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PASSWORDS = _words(
    "password passwd passphrase passcode pwd passwort kennwort psw pswd userpass dbpass"
)
_PASS_OF = _words(
    """db database user admin root smtp mail email imap ftp sftp proxy login mysql pg postgres
    redis mongo rabbitmq ldap http https basic auth ssh vpn wifi sudo account api service
    key keystore store truststore my ssl cert server client host remote app"""
)
_SECRETS = _words("secret secrets clientsecret appsecret apisecret")
_TOKENS = _words(
    """token tokens apikey accesskey secretkey authkey privatekey apitoken accesstoken authtoken
    credential credentials creds auth bearer authorization connectionstring pat jwt passkey
    cookie masterkey signingkey encryptionkey sas sastoken webhook"""
)
_KEY_OF = _words(
    """api access secret private auth encryption encrypt encrypted signing sign master account
    storage subscription service client consumer app application admin jwt hmac aes des
    crypto cipher session deploy ssh rsa webhook sas shared write server bot license licence
    security base aws azure gcp google stripe sendgrid twilio heroku datadog algolia mailgun
    openai anthropic github gitlab slack npm pypi cloudflare firebase mapbox maps sentry
    segment newrelic rollbar pagerduty instrumentation integration restapi"""
)
# What may follow: it says which, and not what.
_QUALIFIERS = _words(
    """prod production dev development stage staging live local global default base value val str
    string text plain raw b64 base64 hex env main old new current primary secondary internal
    external const constant literal backup legacy v"""
)
# What takes the promise back wherever it stands: of any secret, and of what is drawn by chance.
_SHOWN = _words(
    """public pub placeholder hash hashed digest encrypted confirm reset forgot invalid wrong
    incorrect bad fake dummy example sample mock stub expected translation i18n locale"""
)
_HARMLESS = _SHOWN | _words(
    """publishable next page continuation cursor cancel cancellation syntax lexer idempotency
    primary foreign sort partition csrf xsrf sync delimiter separator start end design
    grammar parser site fixture lookup css theme cache eof device registration"""
)
# What stands before these is what a name names: `subjectFromToken` is a subject.
_OF = _words("from of for by per")
# Written as one word: `dbpassword`, `slacktoken`.
_ENDINGS = (
    (Named.PASSWORD, ("password", "passwd")),
    (Named.TOKEN, ("apikey", "secretkey", "accesskey", "secret", "token")),
)


@functools.lru_cache(maxsize=4096)
def promise(name: bytes) -> Named:
    """Return what a name as written (`dbPassword`, `"api-key"`, `AWS_SECRET`) promises."""
    words = [part.lower() for part in _PARTS.findall(name.decode("ascii", "replace"))]
    named = words[: next((at for at, word in enumerate(words) if at and word in _OF), None)]
    while named and (named[-1] in _QUALIFIERS or named[-1].isdigit()):
        named.pop()
    found = _said(named[-1], named[-2] if len(named) > 1 else "") if named else Named.NOTHING
    harmless = _SHOWN if found is Named.PASSWORD else _HARMLESS
    return found if harmless.isdisjoint(words) else Named.NOTHING


def _said(last: str, before: str) -> Named:
    """Return what the last word says, with the one before it."""
    joined = before + last
    if last == "pass":  # `FirstPass` and `render_pass` are none
        return Named.PASSWORD if not before or before in _PASS_OF else Named.NOTHING
    if last in _PASSWORDS or joined in _PASSWORDS:
        return Named.PASSWORD
    if last in _SECRETS or joined == "secretkey":
        return Named.SECRET
    if last in _TOKENS or joined in _TOKENS or (last in ("key", "keys") and before in _KEY_OF):
        return Named.TOKEN
    return next((found for found, endings in _ENDINGS if last.endswith(endings)), Named.NOTHING)

"""Patterns that the tables of several languages share."""

from codearch.detectors._security.tables import ARGUMENT, PARAMETER, REQUEST

CHECKSUM_NEAR = (  # in the text of the function around
    r"(?i)check_?sum|e_?tag\b|content-?md5|integrity|finger_?print|dedup|upload"
    r"|download|chunk|\bcache"
    r"|content_?hash|file_?hash|blob"
    r"|hasher|hashes\b|\bhash\.(MD5|SHA1)|last_?modified|mod_?time"
)
SURELY = r"(?i)passw|\bpwd|secret|token|credential|\bsign(ature|ed)?\b"
SQL = (
    r"(?is)\b(select\b.{1,200}\bfrom\b|insert\s+(or\s+\w+\s+)?into\b|replace\s+into\b"
    r"|update\b.{1,120}\bset\b|delete\s+from\b|drop\s+(table|database|index|view|user|schema)\b"
    r"|(create|alter|truncate)\s+(table|database|index|view|user|role|schema)\b"
    r"|union\s+select\b|(from|join)\b.{1,80}\bwhere\b|\bwhere\b[^=]{1,60}=|order\s+by\b)"
)
REQUESTS = frozenset({REQUEST})
OUTSIDE = frozenset({REQUEST, ARGUMENT})
WHOLE = frozenset({PARAMETER})  # sources that count only as a part of a longer text
PART = frozenset({PARAMETER, ARGUMENT})
LED = frozenset({ARGUMENT})  # sources that count only behind something else
ALL_PARTS = frozenset({PARAMETER, ARGUMENT, REQUEST})
SECRETS = (
    r"(?i)(token|passw|secret|nonce|\botp|_otp|salt\b|csrf|api_?key|session_?(id|key)|sessionid"
    r"|reset_?code|verification|invite_?code|one_?time|credential|auth_?code|private_?key)"
)
CHECKSUM_NAMES = (
    r"(?i)(check_?sum|e_?tag|cache|fingerprint|dedup|gravatar|avatar|content_?(md5|hash|digest)"
    r"|file_?(hash|md5|digest|sha)|uuid|finger|bucket|shard|partition|git|blob|commit|tree"
    r"|(?<![.\w])sum\b|verify_?(file|download)|integrity|manifest|\bid\b|_id\b"
    r"|identifier|hash_?code|bloom"
    r"|revision|version|torrent|websocket|sec_web|accept_?key|mtime|changed|digest_?of|short"
    r"|hash_?(file|content|path|name|key|string|tree|of)|(file|content|path|name|url|body)_?hash"
    r"|archive|download|package|upload|stamp|signature_of|key_for|filename|temp|unique|seed|color"
    r"|colour|md5_?(file|of)|s3|object|part|chunk|block|slug|anchor|kex|host_?key"
    r"|known_?hosts|apop|htpasswd|digest_?auth|cram|ntlm|sasl|handshake"
    r"|legacy|hash\w*\.\w+$|workspace|\bpath\b|_path\b|config|\n[^\n]*(md5|sha_?1))"
)
HASH = (
    "{call} is a broken hash: collisions are made at will. Take SHA-256, or for passwords scrypt "
    "or Argon2; where it is only a checksum, let its names say so"
)
CIPHER = "`{call}` uses a cipher or mode that is broken; take AES-GCM or ChaCha20-Poly1305"
RANDOM = "`{call}` can be predicted, and makes a secret here; take {better}"
TEMPORARY = (
    "the name that `{call}` gives can be taken by others before the file is made; take {better}"
)
FIXED = "others can take this fixed name in the shared folder before `{call}` does; take {better}"
EVERYBODY = "everybody on this machine may write what `{call}` makes"
CERTIFICATE = "certificates are not checked here: whoever is on the way reads and changes all"
DEBUG = "the server shows its insides to whoever calls: debugging is on in code, not by setting"
BIND = "the server listens on every network interface, whatever the machine is connected to"
XML = (
    "`{call}` resolves entities from outside: a document may read files and reach the network; "
    "{mend}"
)
ADDRESSES = (  # names of parameters that say that they are an address
    r"(?i)url|\buri|_uri|next|\bdest|target|redirect|return|goto|\blink|href|continue|address|\bto\b"
)
PLAIN_TEXT = (  # ... that do not say that they are HTML, or a number, or no text at all
    r"(?i)^(?!.*(html|markup|svg|xml|templ|markdown|render|saniti|safe|escap|trust|icon|content|body"
    r"|fragment|code|inner|snippet|css|style|element|node|child|view|page|part|block|section|count"
    r"|num|index|len|size|width|height|date|time|year|month|day|price|total|response|resp\b|data$"
    r"|result|output|payload|match|raw|props|stat|layout|out$|buf|json|\bids?$|_ids?$|uuid|\bpk$|key|class|slug|attr))\w{2,}$"
)
MAKES_HTML = r"(?i)html|safe|raw|trust|unescap|markup"  # names of functions that do on purpose
INTO_SQL = "becomes part of SQL that `{call}` runs; bind it as a parameter"
INTO_SHELL = "is read by a shell in `{call}`; pass a list of arguments, without a shell"
INTO_CODE = "is run as code by `{call}`"
INTO_HTML = "becomes HTML in `{call}` without being escaped"
INTO_PATH = "names the file in `{call}`; check that it stays below its folder"
INTO_OBJECTS = "is made into objects of any type by `{call}`; take a format of plain data"
INTO_REDIRECT = "says where `{call}` sends the browser; allow own addresses alone"

"""Secrets as providers form them, drawn anew in each run, and values that only look like them.

None of them opens anything. They are put together from parts, so that no text of ours holds one.
"""

from __future__ import annotations

import base64
import json
import random
import string
import uuid
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def drawn(draw: random.Random, alphabet: str, count: int) -> str:
    return "".join(draw.choice(alphabet) for _ in range(count))


def encoded(draw: random.Random, count: int) -> str:
    return base64.b64encode(draw.randbytes(count)).decode()


def _base62(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number, 62)
        text = BASE62[rest] + text
    return text.rjust(6, "0")


def _checked(prefix: str, draw: random.Random, *, fits: bool = True) -> str:
    """Return a token whose last six characters are the checksum of the thirty before."""
    middle = drawn(draw, ALNUM, 30)
    end = _base62(zlib.crc32(middle.encode()))
    return prefix + middle + (end if fits else drawn(draw, ALNUM, 6))


def web_token(draw: random.Random) -> str:
    """Return a JSON web token with a header, claims and a signature."""

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    head = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    claims = part(json.dumps({"sub": str(draw.randint(10**6, 10**8)), "iat": 1700000000}).encode())
    return f"{head}.{claims}.{part(draw.randbytes(32))}"


def private_key(draw: random.Random) -> list[str]:
    """Return the lines of a key in PEM."""
    name = draw.choice(("RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY"))
    body = encoded(draw, 600)
    rows = [body[at : at + 64] for at in range(0, len(body), 64)]
    return [f"-----BEGIN {name}-----", *rows, f"-----END {name}-----"]


def password(draw: random.Random) -> str:
    """Return what a password manager would make."""
    return drawn(draw, ALNUM + "!*-_+", 20)


# Variant: (name of the variable, the value). Each is a hit.
SECRETS: dict[str, Callable[[random.Random], tuple[str, str]]] = {
    "aws-id": lambda d: ("aws_access_key_id", "AKIA" + drawn(d, string.ascii_uppercase + "234567", 16)),
    "aws-secret": lambda d: ("aws_secret_access_key", encoded(d, 30)),
    "github": lambda d: ("github_token", _checked("ghp_", d)),
    "github-checksum-off": lambda d: ("release_token", _checked("ghp_", d, fits=False)),
    "github-server": lambda d: ("installation", _checked("ghs_", d)),
    "gitlab": lambda d: ("gitlab_token", "glpat-" + drawn(d, ALNUM, 20)),
    "slack": lambda d: ("slack", f"xoxb-{d.randint(10**11, 10**12)}-{d.randint(10**11, 10**12)}-{drawn(d, ALNUM, 24)}"),
    "slack-hook": lambda d: ("notify_url", f"https://hooks.slack.com/services/T{drawn(d, '0123456789ABCDEF', 9)}/B{drawn(d, '0123456789ABCDEF', 9)}/{drawn(d, ALNUM, 24)}"),
    "stripe": lambda d: ("payments", "sk_" + "live_" + drawn(d, ALNUM, 24)),
    "google": lambda d: ("maps", "AIza" + drawn(d, ALNUM + "-_", 35)),
    "sendgrid": lambda d: ("mailer", f"SG.{drawn(d, ALNUM, 22)}.{drawn(d, ALNUM, 43)}"),
    "npm": lambda d: ("npm_auth", _checked("npm_", d)),
    "pypi": lambda d: ("upload", "pypi-" + "AgEIcHlwaS5vcmc" + drawn(d, ALNUM + "-_", 120)),
    "digitalocean": lambda d: ("droplets", "dop_v1_" + drawn(d, HEX, 64)),
    "telegram": lambda d: ("bot_token", f"{d.randint(10**8, 10**9)}:AA{drawn(d, ALNUM + '-_', 33)}"),
    "jwt": lambda d: ("session", web_token(d)),
    "postgres": lambda d: ("database_url", f"postgres://service:{drawn(d, ALNUM, 16)}@db.internal.corp:5432/orders"),
    "mongodb": lambda d: ("store", f"mongodb+srv://service:{drawn(d, ALNUM, 18)}@cluster0.k3x9q.mongodb.net/main"),
    "url-login": lambda d: ("registry", f"https://deploy:{drawn(d, ALNUM, 18)}@packages.internal.corp/simple"),
    "azure": lambda d: ("storage", f"DefaultEndpointsProtocol=https;AccountName=orders;AccountKey={encoded(d, 64)};EndpointSuffix=core.windows.net"),
    "password": lambda d: ("password", password(d)),
    "db-password": lambda d: ("db_password", password(d)),
    "api-key": lambda d: ("api_key", drawn(d, HEX, 32)),
    "client-secret": lambda d: ("client_secret", drawn(d, ALNUM, 40)),
    "auth-token": lambda d: ("auth_token", drawn(d, ALNUM, 36)),
    "secret-key": lambda d: ("secret_key", encoded(d, 36)),
}  # fmt: skip

HARMLESS: dict[str, Callable[[random.Random], tuple[str, str]]] = {
    "placeholder": lambda d: d.choice([("api_key", "your-api-key-here"), ("password", "changeme"), ("auth_token", "<insert token>"), ("client_secret", "xxxxxxxxxxxxxxxxxxxxxxxx"), ("secret_key", "REPLACE_ME_WITH_A_KEY")]),
    "aws-example": lambda d: ("aws_access_key_id", "AKIA" + "IOSFODNN7" + "EXAMPLE"),
    "aws-example-secret": lambda d: ("aws_secret_access_key", "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCY" + "EXAMPLEKEY"),
    "uuid": lambda d: (d.choice(("request_key", "tenant_token_id", "session_key")), str(uuid.UUID(int=d.getrandbits(128), version=4))),
    "commit": lambda d: ("revision", drawn(d, HEX, 40)),
    "digest": lambda d: ("archive_sha256", drawn(d, HEX, 64)),
    "integrity": lambda d: ("integrity", "sha512-" + encoded(d, 64)),
    "public-key": lambda d: ("deploy_public_key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + encoded(d, 32)[:43] + " deploy@build"),
    "name-of-key": lambda d: d.choice([("password_field", "user_password_confirmation"), ("token_header", "X-Authorization-Token"), ("secret_name", "orders/production/database"), ("api_key_label", "settings.integrations.key")]),
    "url": lambda d: ("token_url", "https://login.example.com/oauth2/v2.0/token"),
    "words": lambda d: ("password_hint", "the name of your first school"),
    "image": lambda d: ("pixel", "data:image/png;base64,iVBORw0KGgo" + encoded(d, 60)),
    "url-placeholder": lambda d: ("database_url", d.choice(["postgres://user:password@localhost:5432/app", "mysql://<user>:<password>@host/db"])),
}  # fmt: skip

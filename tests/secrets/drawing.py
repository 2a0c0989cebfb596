"""Secrets drawn by chance, in the forms that their makers give them. They open nothing.

They are made when a test runs, so that none stands on the disk.
"""

from __future__ import annotations

import base64
import json
import random
import zlib

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE64 = BASE62 + "-_"
HEX = "0123456789abcdef"
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
DIGITS = "0123456789"
LETTERS = BASE62[10:]


class Drawing:
    """Draws the same secrets for the same number."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def text(self, size: int, alphabet: str = BASE62) -> str:
        return "".join(self._random.choice(alphabet) for _ in range(size))

    def one_of(self, many: list[str]) -> str:
        return self._random.choice(many)

    def mixed(self, size: int) -> str:
        """As people take them from a generator of passwords."""
        rest = self.text(size - 3, BASE62 + "!#$%&*+-=?@^_")
        return self.text(1, LETTERS) + self.text(1, DIGITS) + self.text(1, "!#*+=?@") + rest

    def made_up(self) -> str:
        """As people make them up: words with a sign and a number."""
        words = ["Winter", "harbour", "Copper", "river", "Lantern", "tiger", "Meadow", "falcon"]
        first, second = self._random.sample(words, 2)
        number = self._random.randrange(23, 999)
        return f"{first}{self.text(1, '!#*+?')}{second}{number}"

    def checked(self, prefix: str) -> str:
        body = self.text(30)
        number, digits = zlib.crc32(body.encode()), ""
        for _ in range(6):
            number, rest = divmod(number, 62)
            digits = BASE62[rest] + digits
        return prefix + body + digits

    def jwt(self) -> str:
        parts = [{"alg": "HS256", "typ": "JWT"}, {"sub": self.text(8), "exp": 1_900_000_000}]
        encoded = [
            base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
            for part in parts
        ]
        return ".".join([*encoded, self.text(43, BASE64)])

    def pem(self, algorithm: str = "", joined: str = "\n") -> str:
        der = b"\x30\x82\x04\xa4" + self._random.randbytes(600)
        body = base64.b64encode(der).decode()
        lines = [body[at : at + 64] for at in range(0, len(body), 64)]
        kind = f"{algorithm} PRIVATE KEY".strip()
        return joined.join([f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----"])

    def discord(self) -> str:
        user = base64.b64encode(self.text(18, "123456789").encode()).decode().rstrip("=")
        return f"{user}.{self.text(6, BASE64)}.{self.text(38, BASE64)}"

    def tokens(self) -> dict[str, str]:
        """Return one token of each provider that the rule's page names, and of some more."""
        t = self.text
        return {
            "GitHub": self.checked(self.one_of(["ghp_", "gho_", "ghu_", "ghs_", "ghr_"])),
            "GitHub fine-grained": f"github_pat_{t(22)}_{t(59)}",
            "GitLab": "glpat-" + t(20, BASE64),
            "GitLab routable": f"glpat-{t(27, BASE64)}.{t(2, HEX)}.{t(9, HEX)}",
            "AWS": "AKIA" + t(16, BASE32),
            "Google": "AIza" + t(35, BASE64),
            "Google OAuth": "GOCSPX-" + t(28, BASE64),
            "Azure client": f"{t(3)}8Q~{t(34, BASE64)}",
            "Azure storage": f"AccountKey={t(86, BASE62 + '+/')}==",
            "Slack": f"xoxb-{t(12, DIGITS)}-{t(12, DIGITS)}-{t(24)}",
            "Slack hook": f"https://hooks.slack.com/services/T{t(9, BASE32)}/B{t(9, BASE32)}/{t(24)}",
            "Stripe": "sk_live_" + t(24),
            "Stripe restricted": "rk_live_" + t(99),
            "Twilio": "SK" + t(32, HEX),
            "SendGrid": f"SG.{t(22, BASE64)}.{t(43, BASE64)}",
            "npm": self.checked("npm_"),
            "PyPI": "pypi-AgEIcHlwaS5vcmc" + t(140, BASE64),
            "OpenAI": f"sk-{t(20)}T3BlbkFJ{t(20)}",
            "OpenAI project": f"sk-proj-{t(74, BASE64)}T3BlbkFJ{t(74, BASE64)}",
            "Anthropic": f"sk-ant-api03-{t(93, BASE64)}AA",
            "Hugging Face": "hf_" + t(34, LETTERS),
            "Discord": self.discord(),
            "Telegram": f"{t(10, '123456789')}:AA{t(33, BASE64)}",
            "Shopify": "shpat_" + t(32, HEX),
            "Square": "sq0atp-" + t(22, BASE64),
            "Mailgun": "key-" + t(32, HEX),
            "DigitalOcean": "dop_v1_" + t(64, HEX),
            "Heroku": "HRKU-AA" + t(58, BASE64),
            "Databricks": "dapi" + t(32, HEX),
            "Atlassian": f"ATATT3xFfGF0{t(172, BASE64)}={t(8, HEX.upper())}",
            "Vault": "hvs." + t(95, BASE64),
            "New Relic": "NRAK-" + t(27, BASE32),
            "Doppler": "dp.pt." + t(43),
            "Linear": "lin_api_" + t(40),
            "Notion": f"ntn_{t(11, DIGITS)}{t(35)}",
            "Grafana": f"glsa_{t(32)}_{t(8, HEX)}",
            "RubyGems": "rubygems_" + t(48, HEX),
            "Postman": f"PMAK-{t(24, HEX)}-{t(34, HEX)}",
            "JSON Web Token": self.jwt(),
        }

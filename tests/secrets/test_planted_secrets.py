"""Secrets planted in real code are found, and what only looks like one is left alone.

The code is this project's own; secrets and their look-alikes are drawn anew for each place.
"""

from __future__ import annotations

import base64
import uuid
from pathlib import Path

import pytest
from drawing import BASE62, HEX, Drawing

from codearch.secrets import find, hidden

ROOT = Path(__file__).resolve().parents[2]
NAMES = [
    "password", "db_password", "DB_PASSWORD", "dbPassword", "api_key", "apiKey", "API_KEY",
    "secret", "client_secret", "SECRET_KEY", "auth_token", "accessToken", "ACCESS_TOKEN",
    "secretAccessKey", "encryption_key", "smtp_pass", "webhookSecret", "private_token",
]  # fmt: skip
NAMED = {
    "python": ['{name} = "{value}"', "connect({name}='{value}')", 'config["{name}"] = "{value}"'],
    "javascript": [
        "const {name} = '{value}'",
        "  {name}: '{value}',",
        "opts['{name}'] = \"{value}\"",
    ],
    "typescript": ["const {name}: string = '{value}'", "readonly {name} = `{value}`;"],
    "java": ['String {name} = "{value}";', 'props.put("{name}", "{value}");'],
    "csharp": ['const string {name} = "{value}";', '{name} = @"{value}",'],
    "go": ['{name} := "{value}"', 'const {name} = "{value}"', 'Config{{{name}: "{value}"}}'],
    "rust": ['const {name}: &str = "{value}";', 'let {name} = "{value}".to_string();'],
    "c": ['#define {name} "{value}"', 'static const char *{name} = "{value}";'],
    "cpp": ['std::string {name} = "{value}";', 'auto {name} = "{value}"s;'],
    "ruby": ["{name}: '{value}',", '{name} = "{value}"'],
    "php": ["$${name} = '{value}';", "'{name}' => '{value}',"],
    "yaml": ["{name}: {value}", '  {name}: "{value}"', "- {name}={value}"],
    "json": ['"{name}": "{value}",', '{{"name": "{name}", "value": "{value}"}}'],
    "toml": ['{name} = "{value}"'],
    "ini": ["{name} = {value}", "{name}={value}"],
    "text": ["{name}={value}", "export {name}='{value}'"],
    "shell": ["export {name}={value}", '{name}="{value}"'],
    "dockerfile": ["ENV {name}={value}", "ARG {name}={value}", "ENV {name} {value}"],
    "xml": ["<{name}>{value}</{name}>", '<add key="{name}" value="{value}"/>'],
    "hcl": ['{name} = "{value}"'],
}
ALONE = {
    "python": '    run("{value}")',
    "javascript": "fetch(url, {{ headers: {{ 'X-Auth': '{value}' }} }})",
    "yaml": "  - {value}",
    "shell": "deploy --with {value} now",
    "text": "{value}",
    "json": '  "hook": "{value}",',
    "markdown": "Call it with `{value}`.",
    "dockerfile": "RUN login {value}",
}
PUNCTUATED = str.maketrans("", "", "\"'`#$%&\\")  # what a format would need to escape


def real_code(language: str) -> list[str]:
    """Return lines of real code, or of settings, to plant among."""
    suffixes = {"python": "*.py", "yaml": "*.yml", "json": "*.json", "markdown": "*.md"}
    found = sorted((ROOT / "server").rglob(suffixes.get(language, "*.py")))
    found = found or sorted((ROOT / "docs").glob("*.md"))
    return found[len(found) // 2].read_text("utf-8").splitlines()[:200]


def planted(language: str, line: str) -> bytes:
    lines = real_code(language) if language in ("python", "markdown") else []
    at = len(lines) // 2
    return "\n".join([*lines[:at], line, *lines[at:], ""]).encode()


def is_found(language: str, line: str, value: str) -> bool:
    source = planted(language, line)
    secrets = find(source, language)
    return value.encode() not in hidden(source, secrets)


def test_tokens_are_found() -> None:
    missed = []
    for seed in range(20):
        for kind, value in Drawing(seed).tokens().items():
            missed += [
                (kind, language, value)
                for language, line in ALONE.items()
                if not is_found(language, line.format(value=value), value)
            ]
    assert len(missed) <= 0.005 * 20 * 39 * len(ALONE), missed


@pytest.mark.parametrize("language", sorted(NAMED))
def test_values_of_names_are_found(language: str) -> None:
    missed, planted_ones = [], 0
    for seed in range(25):
        draw = Drawing(seed)
        for name in NAMES:
            values = [draw.text(32), draw.text(40, HEX), draw.text(43, BASE62 + "-_")]
            if "pass" in name.lower():
                values += [draw.mixed(14).translate(PUNCTUATED), draw.made_up().replace("#", "!")]
            for value in values:
                for line in NAMED[language]:
                    planted_ones += 1
                    text = line.format(name=name, value=value)
                    if not is_found(language, text, value):
                        missed.append(text)
    assert len(missed) <= 0.03 * planted_ones, (len(missed), planted_ones, missed[:20])


@pytest.mark.parametrize("algorithm", ["", "RSA", "EC", "DSA", "ENCRYPTED"])
def test_keys_are_found(algorithm: str) -> None:
    for seed in range(5):
        draw = Drawing(seed)
        whole = draw.pem(algorithm)
        escaped = draw.pem(algorithm, "\\n")
        quoted = draw.pem(algorithm, '\\n" +\n    "')
        for language, text in [
            ("text", whole),
            ("yaml", "key: |\n  " + whole.replace("\n", "\n  ")),
            ("json", f'{{"private_key": "{escaped}"}}'),
            ("java", f'String KEY = "{quoted}";'),
            ("python", f'KEY = """{whole}"""'),
        ]:
            secrets = find(text.encode(), language)
            assert len(secrets) == 1
            left = hidden(text.encode(), secrets).decode()
            assert not any(line[:20] in left for line in whole.split("\n")[1:-1] if len(line) > 20)


def test_passwords_in_addresses_are_found() -> None:
    missed = []
    for seed in range(50):
        draw = Drawing(seed)
        for password in (draw.text(12), draw.text(20), draw.made_up().replace("#", "!")):
            lines = (
                f'DSN = "postgresql://orders:{password}@db.internal:5432/orders"',
                f"  url: mongodb+srv://app:{password}@cluster0.internal/orders",
                f"git clone https://ci:{password}@git.internal/orders.git",
                f'"Server=sql;Database=orders;User Id=app;Password={password};Encrypt=True"',
                f'jdbc = "jdbc:mysql://db/orders?user=app&password={password}&ssl=true"',
            )
            missed += [line for line in lines if not is_found("python", line, password)]
    assert len(missed) <= 0.03 * 750, missed


def look_alikes(draw: Drawing) -> list[tuple[str, str]]:
    identifier = str(uuid.UUID(int=int(draw.text(30, HEX), 16)))
    digest = draw.text(64, HEX)
    subresource = base64.b64encode(draw.text(48).encode()).decode()
    return [
        ("json", f'"integrity": "sha512-{subresource}",'),
        ("json", f'"resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz#{digest[:40]}",'),
        ("text", f"requests==2.31.0 --hash=sha256:{digest}"),
        ("yaml", f"image: orders@sha256:{digest}"),
        ("yaml", f"uses: actions/checkout@{digest[:40]}"),
        ("toml", f'checksum = "{digest}"'),
        ("java", f'String CLIENT_TOKEN = "{identifier}";'),
        ("python", f'request_id = "{identifier}"'),
        ("python", f'ETAG = "{digest[:32]}"'),
        ("python", 'PASSWORD = os.environ["DB_PASSWORD"]'),
        ("python", f'cache_key = "{digest}"'),
        ("javascript", "const token = process.env.ACCESS_TOKEN_2"),
        ("javascript", f"const publicKey = '{draw.text(43)}'"),
        ("javascript", "<input name='password' placeholder='At least 8 characters'>"),
        ("yaml", "password: ${DB_PASSWORD:-changeme}"),
        ("yaml", "  token: ${{ secrets.GITHUB_TOKEN }}"),
        ("yaml", "secretName: orders-tls-2024"),
        ("yaml", "  passwordSecretRef: orders-db-password-1"),
        ("ini", "password = <your password>"),
        ("ini", "api_key = YOUR_API_KEY_1"),
        ("shell", 'export API_TOKEN="$(vault read -field=token orders/v1)"'),
        ("shell", 'PASSWORD="${1:?password}"'),
        ("dockerfile", "ENV DB_PASSWORD=${DB_PASSWORD}"),
        ("go", 'const tokenURL = "https://login.internal/oauth2/v2/token"'),
        ("rust", 'const KEYWORDS: &[&str] = &["password1", "token"];'),
        ("csharp", 'var passwordLabel = "Password (8-20 chars)";'),
        ("csharp", 'const string PasswordKey = "Orders:Database:Password1";'),
        ("c", f"static const uint32_t key_table[] = {{0x{digest[:8]}, 0x{digest[8:16]}}};"),
        ("python", f'token_type, next_page_token = "bearer", "{draw.text(32)}"'),
        ("python", 'URL = "https://user:password@example.com/"'),
        ("python", 'GITHUB_TOKEN = "ghp_' + "x" * 36 + '"'),
        ("python", 'if line.startswith("-----BEGIN RSA PRIVATE KEY-----"):'),
        ("python", f'PASSWORD_HASH = "$2b$12${draw.text(53)}"'),
        ("text", f"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ{draw.text(340)} ops@internal"),
        ("xml", '<Reference Include="Orders" PublicKeyToken="b77a5c561934e089" />'),
        ("css", f"src: url(data:font/woff2;base64,{draw.text(2000)});"),
    ]


def test_look_alikes_are_left_alone() -> None:
    false = []
    for seed in range(60):
        for language, line in look_alikes(Drawing(seed)):
            source = planted(language, line)
            if find(source, language):
                false.append(line[:100])
    assert not false, (len(false), sorted(set(false))[:20])

"""Secrets in sources and in files of settings, and what only looks like one."""

from __future__ import annotations

import json
import random
import re
from functools import partial
from typing import TYPE_CHECKING

from hosts import LANGUAGES, Change, Host, Names
from recipe import Recipe, for_all
from secret_values import HARMLESS, SECRETS, drawn, encoded, private_key

if TYPE_CHECKING:
    from collections.abc import Callable

    Value = Callable[[random.Random], tuple[str, str]]

ASSIGN = {
    "python": '{0} = "{1}"',
    "javascript": "const {0} = '{1}';",
    "typescript": "const {0} = '{1}';",
    "java": 'private static final String {0} = "{1}";',
    "csharp": 'private const string {0} = "{1}";',
    "go": 'var {0} = "{1}"',
    "rust": 'const {0}: &str = "{1}";',
    "c": 'static const char *{0} = "{1}";',
    "cpp": 'static const char *{0} = "{1}";',
}
LOOKUP = {
    "python": '{0} = os.environ["{1}"]',
    "javascript": "const {0} = process.env.{1};",
    "typescript": "const {0} = process.env.{1} ?? '';",
    "java": 'private static final String {0} = System.getenv("{1}");',
    "csharp": 'private static readonly string {0} = System.Environment.GetEnvironmentVariable("{1}");',
    "go": 'var {0} = os.Getenv("{1}")',
    "rust": 'const {0}: Option<&str> = option_env!("{1}");',
    "c": 'static const char *{0} = getenv("{1}");',
    "cpp": 'static const char *{0} = std::getenv("{1}");',
}


def _spelt(host: Host, name: str) -> str:
    if host.language in ("java", "rust", "python"):
        return name.upper()
    cased = Names(host, random.Random(0)).cased(name)
    return cased[0].upper() + cased[1:] if host.language == "csharp" else cased


def _in_source(host: Host, line: str, hit: bool, hidden: str = "", note: str = "") -> Change | None:
    row = host.end_row()
    if row is None:
        return None
    block = ["", host.outer() + line]
    change = host.inserted(row, block, [1] if hit else [], note)
    return Change(change.text, change.first, change.last, change.places, note, hidden=hidden)


def in_source(host: Host, draw: random.Random, value: Value, hit: bool) -> Change | None:
    """A constant in a source file."""
    name, text = value(draw)
    line = ASSIGN[host.language].format(_spelt(host, name), text)
    return _in_source(host, line, hit, text if hit else "", name)


def lookup(host: Host, draw: random.Random) -> Change | None:
    """The environment is asked."""
    name = draw.choice(("api_key", "db_password", "client_secret"))
    return _in_source(
        host, LOOKUP[host.language].format(_spelt(host, name), name.upper()), False, note=name
    )


def in_comment(host: Host, draw: random.Random) -> Change | None:
    """A token in a comment."""
    _, text = SECRETS["github"](draw)
    line = f"{host.grammar.comment} was: curl -H 'Authorization: Bearer {text}' https://api.internal.corp"
    return _in_source(host, line, True, text, "github in a comment")


# Files of settings: a form that takes (folder, name, value) to (path, text, line of the value).


def _env(host: Host, name: str, text: str) -> tuple[str, str, int]:
    return ".env", f"LOG_LEVEL=debug\nPORT=8080\n{name.upper()}={text}\n", 3


def _yaml(host: Host, name: str, text: str) -> tuple[str, str, int]:
    lines = [
        "service:",
        f"  name: {host.root.name}",
        "  replicas: 2",
        f"  {name}: {json.dumps(text)}",
        "",
    ]
    return "config/settings.yaml", "\n".join(lines), 4


def _json(host: Host, name: str, text: str) -> tuple[str, str, int]:
    lines = ["{", '  "port": 8080,', f'  "{name}": {json.dumps(text)}', "}", ""]
    return "config/settings.json", "\n".join(lines), 3


def _toml(host: Host, name: str, text: str) -> tuple[str, str, int]:
    return "config/settings.toml", f"[service]\nport = 8080\n{name} = {json.dumps(text)}\n", 3


def _ini(host: Host, name: str, text: str) -> tuple[str, str, int]:
    return "config/settings.ini", f"[service]\nport = 8080\n{name} = {text}\n", 3


def _shell(host: Host, name: str, text: str) -> tuple[str, str, int]:
    lines = ["#!/bin/sh", "set -e", f"export {name.upper()}='{text}'", "make release", ""]
    return "release/publish.sh", "\n".join(lines), 3


def _docker(host: Host, name: str, text: str) -> tuple[str, str, int]:
    lines = ["FROM debian:12", "WORKDIR /srv", f"ENV {name.upper()}={text}", 'CMD ["./run"]', ""]
    return "Dockerfile.deploy", "\n".join(lines), 3


def _compose(host: Host, name: str, text: str) -> tuple[str, str, int]:
    lines = [
        "services:",
        "  api:",
        "    image: api:1",
        "    environment:",
        f"      - {name.upper()}={text}",
        "",
    ]
    return "docker-compose.yml", "\n".join(lines), 5


def _ci(host: Host, name: str, text: str) -> tuple[str, str, int]:
    lines = [
        "on: push",
        "jobs:",
        "  build:",
        "    runs-on: ubuntu-latest",
        "    env:",
        f"      {name.upper()}: {text}",
        "    steps:",
        "      - run: make",
        "",
    ]
    return ".github/workflows/deploy.yml", "\n".join(lines), 6


def _properties(host: Host, name: str, text: str) -> tuple[str, str, int]:
    return "config/application.properties", f"server.port=8080\nservice.{name}={text}\n", 2


FORMS = {
    "env": _env, "yaml": _yaml, "json": _json, "toml": _toml, "ini": _ini, "shell": _shell,
    "docker": _docker, "compose": _compose, "ci": _ci, "properties": _properties,
}  # fmt: skip


def in_settings(
    host: Host, draw: random.Random, form: str, value: Value, hit: bool
) -> Change | None:
    """A line of a file of settings that was not there."""
    name, text = value(draw)
    if form in ("env", "docker", "ci", "compose", "properties") and re.search(r"[#<> ]", text):
        return None
    path, content, line = FORMS[form](host, name, text)
    if (host.root / path).exists():
        return None
    places = ((line, line),) if hit else ()
    return Change(
        host.text,
        0,
        -1,
        places,
        f"{name} in {path}",
        {path: content},
        path,
        hidden=text if hit else "",
    )


def key_file(host: Host, draw: random.Random) -> Change | None:
    """A private key in a file of its own."""
    lines = private_key(draw)
    path = f"config/{draw.choice(('server', 'deploy'))}.pem"
    return Change(
        host.text,
        0,
        -1,
        ((1, len(lines)),),
        "key",
        {path: "\n".join([*lines, ""])},
        path,
        hidden=lines[2],
    )


def public_file(host: Host, draw: random.Random) -> Change | None:
    """A certificate, which everybody may read."""
    lines = private_key(draw)
    kind = draw.choice(("CERTIFICATE", "PUBLIC KEY"))
    text = "\n".join([f"-----BEGIN {kind}-----", *lines[1:-1], f"-----END {kind}-----", ""])
    return Change(host.text, 0, -1, (), kind, {"config/authority.pem": text})


def lock_file(host: Host, draw: random.Random) -> Change | None:
    """Lock files with their hashes."""
    names = ["left", "right", "middle", "upper", "lower"]
    npm = {
        "lockfileVersion": 3,
        "packages": {
            f"node_modules/{each}": {"version": "1.0.0", "integrity": f"sha512-{encoded(draw, 64)}"}
            for each in names
        },
    }
    cargo = "\n".join(
        f'[[package]]\nname = "{each}"\nversion = "1.0.0"\nchecksum = "{drawn(draw, "0123456789abcdef", 64)}"\n'
        for each in names
    )
    sums = "\n".join(f"example.org/{each} v1.0.0 h1:{encoded(draw, 32)}" for each in names)
    yarn = "\n".join(
        f'{each}@^1.0.0:\n  version "1.0.0"\n  resolved "https://registry.yarnpkg.com/{each}/-/{each}-1.0.0.tgz#{drawn(draw, "0123456789abcdef", 40)}"\n  integrity sha512-{encoded(draw, 64)}\n'
        for each in names
    )
    path, text = draw.choice(
        [
            ("inner/package-lock.json", json.dumps(npm, indent=2)),
            ("inner/Cargo.lock", cargo),
            ("inner/go.sum", sums),
            ("inner/yarn.lock", yarn),
        ]
    )
    return Change(host.text, 0, -1, (), path, {path: text + "\n"})


def documentation(host: Host, draw: random.Random) -> Change | None:
    """A page that shows how a key is given."""
    lines = [
        "# Signing in",
        "",
        "```sh",
        "export API_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        'curl -H "Authorization: Bearer $API_TOKEN" https://api.example.com',
        f"curl -u admin:{draw.choice(('secret', 'password', 'hunter2'))} https://example.com",
        "```",
        "",
    ]
    return Change(host.text, 0, -1, (), "page", {"docs/signing-in.md": "\n".join(lines)})


def fixture(host: Host, draw: random.Random) -> Change | None:
    """A password that a test uses: reported, but with less weight."""
    if host.language != "python":
        return None
    path = "tests/test_signing_in.py"
    if (host.root / path).exists():
        return None
    text = f'def test_signing_in(client):\n    password = "{drawn(draw, "abcdefghkmnpqrstuvwxyz23456789", 20)}"\n    assert client.sign_in("marta", password)\n'
    return Change(host.text, 0, -1, ((2, 2),), "in a test", {path: text}, path)


def recipes() -> list[Recipe]:
    """Return what this module plants; its languages stand for sources, `settings` for the rest."""
    found: list[Recipe] = []
    for at, (variant, value) in enumerate(SECRETS.items()):
        languages = tuple(LANGUAGES[(at * 2 + step) % 9] for step in range(3))
        found += for_all(
            "secret", variant, partial(in_source, value=value, hit=True), languages=languages
        )
        forms = list(FORMS)
        for step in range(3):
            form = forms[(at * 3 + step) % len(forms)]
            make = partial(in_settings, form=form, value=value, hit=True)
            found.append(
                Recipe("secret", f"{variant} in {form}", False, LANGUAGES[(at + step) % 9], make)
            )
    for at, (variant, value) in enumerate(HARMLESS.items()):
        found += for_all(
            "secret",
            variant,
            partial(in_source, value=value, hit=False),
            alike=True,
            languages=tuple(LANGUAGES[(at + step) % 9] for step in range(4)),
        )
        for step in range(3):
            form = list(FORMS)[(at * 3 + step) % len(FORMS)]
            make = partial(in_settings, form=form, value=value, hit=False)
            found.append(
                Recipe("secret", f"{variant} in {form}", True, LANGUAGES[(at + step) % 9], make)
            )
    found += for_all("secret", "in-comment", in_comment, languages=("python", "go", "java"))
    found += for_all("secret", "private-key", key_file, languages=("python", "rust", "typescript"))
    found += for_all("secret", "look-up", lookup, alike=True)
    found += for_all(
        "secret", "public-key-file", public_file, alike=True, languages=("python", "go")
    )
    found += for_all(
        "secret",
        "lock-file",
        lock_file,
        alike=True,
        languages=("javascript", "rust", "go", "typescript"),
    )
    found += for_all(
        "secret", "documentation", documentation, alike=True, languages=("python", "c", "java")
    )
    return found

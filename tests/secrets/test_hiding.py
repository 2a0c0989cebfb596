"""What is found is hidden, everything else stays where and as it is, and nothing later has it."""

from __future__ import annotations

import pytest
from drawing import Drawing

from codearch import languages
from codearch.index.prepare import prepare
from codearch.parse import parse
from codearch.secrets import find, hidden
from codearch.text import Lines

LANGUAGES = ["python", "javascript", "java", "go", "rust", "c", "csharp", "yaml", "text", "shell"]


def source_with(secrets: list[str]) -> str:
    lines = [f'TOKEN_{at} = "{secret}"' for at, secret in enumerate(secrets)]
    return "\n".join(["# one", *lines, "last = 'é', 1", ""])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_position_stays(language: str) -> None:
    draw = Drawing(7)
    source = source_with([*draw.tokens().values(), draw.pem("RSA", "\\n"), draw.text(40)]).encode()
    secrets = find(source, language)
    after = hidden(source, secrets)
    assert len(after) == len(source)
    assert after.count(b"\n") == source.count(b"\n")
    assert secrets
    at = 0
    for secret in secrets:
        assert after[at : secret.hidden_byte] == source[at : secret.hidden_byte]
        assert at <= secret.start_byte <= secret.hidden_byte < secret.end_byte
        at = secret.end_byte
    assert after[at:] == source[at:]


def test_columns_stay_beside_characters_of_any_width() -> None:
    source = "db_password = 'gë7!ß€𝄞kW2x', after\n".encode()
    secrets = find(source, "python")
    after = hidden(source, secrets)
    assert secrets
    assert "€" not in after.decode()
    place = source.index(b"after")
    assert after.index(b"after") == place
    assert Lines(after).position(place) == Lines(source).position(place)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_hidden_is_not_found_again(language: str) -> None:
    draw = Drawing(11)
    source = source_with([*draw.tokens().values(), draw.pem(), draw.mixed(16)]).encode()
    after = hidden(source, find(source, language))
    assert find(after, language) == ()


def test_a_file_without_secrets_is_the_same_object() -> None:
    source = b"password = os.environ['DB_PASSWORD']\n"
    assert hidden(source, find(source, "python")) is source


@pytest.mark.parametrize("kind", sorted(Drawing(0).tokens()))
def test_nothing_that_is_kept_of_a_file_holds_a_token(kind: str) -> None:
    token = Drawing(3).tokens()[kind]
    source = f'''"""Sends with {token}."""

KEY = "{token}"


def send(order, key="{token}"):
    """Send it with {token}."""
    # not {token}
    return post(order, "{token}")
'''
    kept = repr(prepare(source.encode(), "python"))
    secret = token.removeprefix("AccountKey=").rpartition("services/")[2]
    assert secret not in kept
    facts = parse(source.encode(), languages.by_name("python"))
    assert len(facts.secrets) == 6
    assert [symbol.name for symbol in facts.symbols if symbol.kind == "function"] == ["send"]
    assert facts.errors == ()


def test_words_of_a_secret_are_not_searched_for() -> None:
    token = Drawing(5).checked("ghp_")
    prepared = prepare(f'TOKEN = "{token}"\n'.encode(), "python")
    assert token.encode().lower() not in repr(prepared.words).encode().lower()
    assert token[4:20].lower() not in repr(prepared.words).lower()


def test_secrets_survive_the_store() -> None:
    from codearch.index.contents import unpack_source
    from codearch.index.unpacking import unpack

    token = Drawing(5).checked("ghp_")
    prepared = prepare(f'TOKEN = "{token}"\nrest = 1\n'.encode(), "python")
    source = unpack_source(prepared.source_blob)
    assert unpack(prepared.facts_blob, source) == prepared.facts
    assert prepared.facts.secrets[0].fits
    assert b"rest = 1" in source
    assert token.encode() not in source


def test_a_key_in_joined_strings_leaves_the_program_as_it_is() -> None:
    key = Drawing(9).pem("RSA", '\\n" +\n        "')
    source = f'class Signer {{\n    String key =\n        "{key}";\n    void sign() {{}}\n}}\n'
    facts = parse(source.encode(), languages.by_name("java"))
    assert facts.errors == ()
    assert "sign" in [symbol.name for symbol in facts.symbols]


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"-----BEGIN PRIVATE KEY-----", b"://:@", b"\\"]
)
def test_any_bytes_are_read(data: bytes) -> None:
    for language in languages.names():
        assert len(hidden(data, find(data, language))) == len(data)

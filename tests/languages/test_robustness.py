"""Whatever the bytes: parsing never raises, takes linear time, and says what it could not read."""

from __future__ import annotations

import random

import pytest

from codearch.facts import FileFacts
from codearch.languages import all_languages, by_name, by_path
from codearch.parse import parse
from patience import takes_linear_time

SHOP = '''"""A shop."""
import os


def price(item, größe=1):
    """What an item costs: 3 €."""
    return item.net * 2


class Cart:
    def add(self, item):
        self.items.append(price(item))
'''
BRACKETS = {"python": "(", "javascript": "[", "typescript": "{", "java": "(", "go": "("}
DEPTH = 20_000


def names(facts: FileFacts) -> list[str]:
    return [symbol.name for symbol in facts.symbols]


def python(source: bytes) -> FileFacts:
    return parse(source, by_name("python"))


def test_latin_1_is_read_as_text() -> None:
    facts = python(SHOP.replace("€", "Franken").encode("latin-1"))
    assert names(facts) == ["", "price", "Cart", "add"]
    assert facts.symbols[1].parameters[1].name == "größe"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_says_the_encoding(encoding: str) -> None:
    assert python(SHOP.encode(encoding)) == python(SHOP.encode())


def test_utf_16_big_endian_with_a_mark() -> None:
    assert python(b"\xfe\xff" + SHOP.encode("utf-16-be")) == python(SHOP.encode())


def test_windows_line_ends_keep_lines_and_columns() -> None:
    unix, windows = python(SHOP.encode()), python(SHOP.replace("\n", "\r\n").encode())
    assert names(windows) == names(unix)
    for one, other in zip(unix.symbols[1:], windows.symbols[1:], strict=True):
        assert (one.span.line, one.span.column) == (other.span.line, other.span.column)
        assert (one.span.end_line, one.span.end_column) == (
            other.span.end_line,
            other.span.end_column,
        )
        assert (one.doc, one.signature) == (other.doc, other.signature)
    assert windows.lines == unix.lines


def test_nul_bytes_hide_nothing() -> None:
    source = SHOP.encode().replace(b"    return", b"\0\0\0\0return")
    assert names(python(source)) == ["", "price", "Cart", "add"]


def test_broken_syntax_costs_only_the_broken_part() -> None:
    facts = python(
        b"def before(): pass\n\ndef broken(a b):\n    x = = 1\n\ndef after(a): return a\n"
    )
    assert {"before", "after"} <= set(names(facts))
    assert facts.errors
    assert 2 <= facts.errors[0].line <= 3


def test_many_errors_are_not_all_listed() -> None:
    assert 1 <= len(python(b"def (:\n" * 5_000).errors) <= 20


@pytest.mark.parametrize("source", [b"", b" ", b"\n\n", b"\t\r\n \n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_blank_files_have_no_symbols(source: bytes) -> None:
    for language in all_languages().values():
        assert parse(source, language).symbols == ()


@pytest.mark.parametrize("language", sorted(all_languages()))
def test_every_other_file_has_one_module_that_is_the_whole_file(language: str) -> None:
    for source in (b"x", b"# one\n", b"a\nb = 1\n{ }\n", b"'", b"\xc3\x28 \xa0\n"):
        modules = [
            each for each in parse(source, by_name(language)).symbols if each.kind == "module"
        ]
        assert len(modules) == 1
        decoded = len(source.decode("utf-8" if source.isascii() else "latin-1").encode())
        assert (modules[0].span.start_byte, modules[0].span.end_byte) == (0, decoded)


@pytest.mark.parametrize("language", sorted(all_languages()))
@pytest.mark.parametrize("bracket", ["(", "[", "{", "if (x) { ", "a(", "f(x => ", "- "])
def test_deep_nesting_takes_neither_the_stack_nor_seconds(language: str, bracket: str) -> None:
    def work(depth: int) -> None:
        assert parse(bracket.encode() * depth, by_name(language)).symbols

    takes_linear_time(work, DEPTH)


@pytest.mark.parametrize(
    ("language", "opening", "closing"),
    [
        ("python", "(", ")"),
        ("python", "lambda x: ", "x"),
        ("javascript", "[", "]"),
        ("javascript", "(x => ", "x)"),
        ("javascript", "function f() {", "}"),
        ("typescript", "{", "}"),
        ("typescript", "namespace a {", "}"),
    ],
)
def test_nesting_that_closes_again(language: str, opening: str, closing: str) -> None:
    def work(depth: int) -> None:
        assert parse((opening * depth + closing * depth).encode(), by_name(language)).symbols

    takes_linear_time(work, DEPTH)


def test_a_long_chain_of_calls_takes_linear_time() -> None:
    def work(length: int) -> None:
        assert len(python(("a" + ".b(1)" * length).encode()).calls) == length

    takes_linear_time(work, DEPTH)


@pytest.mark.parametrize(
    ("language", "text"),
    [("javascript", "/* "), ("java", "/* "), ("csharp", "/* "), ("go", "/*")],
)
def test_a_comment_that_never_ends_does_not_take_for_ever(language: str, text: str) -> None:
    def work(times: int) -> None:
        source = (text * times).encode()
        facts = parse(source, by_name(language))
        assert facts.symbols[0].kind == "module"
        assert facts.errors
        assert facts == parse(source, by_name(language))

    takes_linear_time(work, 60_000)


def test_one_line_of_a_megabyte() -> None:
    def work(statements: int) -> None:
        for language in ("javascript", "json", "text", "css", "ruby"):
            assert parse(b"x=1;" * statements, by_name(language)).symbols

    takes_linear_time(work, 250_000)


@pytest.mark.parametrize("language", sorted(all_languages()))
def test_noise(language: str) -> None:
    noise = random.Random(7)
    for size in (1, 10, 300, 3_000):
        parse(noise.randbytes(size), by_name(language))
        parse(
            bytes(noise.choice(b"(){}[]<>\"'`#/*\n =:;,.@\\ab1") for _ in range(size)),
            by_name(language),
        )


def test_the_same_bytes_give_the_same_facts() -> None:
    for language in all_languages().values():
        assert parse(SHOP.encode(), language) == parse(SHOP.encode(), language)


def test_every_byte_offset_fits_its_line_and_column() -> None:
    source = 'x = "😀é"; def_ = 1\ndef f(é, 名): return "é", f(名) # 😀 end\n'
    facts = python(source.encode())
    lines = source.splitlines()
    for use in facts.uses:
        before = lines[use.line].encode("utf-16-le")[: 2 * use.column].decode("utf-16-le")
        offset = len("\n".join([*lines[: use.line], before]).encode())
        assert source.encode()[offset:].decode().startswith(use.name)
        assert offset == use.start_byte


def test_text_files_hide_no_line() -> None:
    """Every line that is not blank lies in a symbol: what `rg` finds is found here."""
    source = "\n".join(f"line {number}" if number % 7 else "" for number in range(500))
    facts = parse(source.encode(), by_path("notes.txt", b"") or by_name("text"))
    sections = [each for each in facts.symbols if each.kind == "section"]
    for number, line in enumerate(source.splitlines()):
        assert not line or any(each.span.line <= number <= each.span.end_line for each in sections)
    assert all(each.span.end_line - each.span.line < 70 for each in sections)

"""What of a symbol is embedded, and what leaves its vector's key alone."""

import pytest

from codearch import languages
from codearch.embedding.passage import WINDOW, embedded, key, passages
from codearch.facts import Comment, FileFacts, Passage, Span, SymbolFact
from codearch.index.prepare import prepare
from codearch.parse import parse

SOURCE = b'''\
"""Money and what is done with it."""

import decimal

LIMIT = 10  # of one purse


# What people carry.
class Purse(Holder):
    """Holds coins."""

    owner: str

    def add(self, coin):
        """Put a coin in."""
        # never more than fits
        self.coins   .append(coin)

    def count(self):
        return len(self.coins)


print(LIMIT)
'''


def span(text: bytes, after: int = 0) -> Span:
    start = SOURCE.index(text, after)
    return Span(start, start + len(text), 0, 0, 0, 0)


def between(start: bytes, end: bytes) -> Span:
    begin = SOURCE.index(start)
    return Span(begin, SOURCE.index(end, begin) + len(end), 0, 0, 0, 0)


def symbol(name, kind, container, parent, where, **more) -> SymbolFact:
    lead = more.pop("lead", where.start_byte)
    body = more.pop("body")
    return SymbolFact(name, kind, container, parent, where, where, lead, body, **more)


def facts() -> FileFacts:
    purse = between(b"class Purse", b"len(self.coins)")
    add = between(b"def add", b"append(coin)")
    count = between(b"def count", b"len(self.coins)")
    return FileFacts(
        "python",
        symbols=(
            symbol(
                "money", "module", "", -1, Span(0, len(SOURCE), 0, 0, 0, 0),
                body=0, doc="Money and what is done with it.",
            ),
            symbol(
                "Purse", "class", "", 0, purse, lead=SOURCE.index(b"# What"),
                body=SOURCE.index(b'"""Holds'), doc="Holds coins.", signature="class Purse(Holder)",
            ),
            symbol(
                "add", "method", "Purse", 1, add,
                body=SOURCE.index(b'"""Put'), doc="Put a coin in.", signature="def add(self, coin)",
            ),
            symbol(
                "count", "method", "Purse", 1, count,
                body=SOURCE.index(b"return len"), signature="def count(self)",
            ),
        ),
        comments=(
            Comment("# of one purse", span(b"# of one purse"), "line"),
            Comment("# What people carry.", span(b"# What people carry."), "line"),
            Comment("# never more than fits", span(b"# never more than fits"), "line"),
        ),
    )  # fmt: skip


def test_a_method_is_its_names_signature_doc_and_body_without_comments():
    assert passages(facts(), 2, SOURCE) == [
        Passage("Purse add", "def add(self, coin)", "Put a coin in.", "self.coins .append(coin)")
    ]


def test_a_class_is_its_header_doc_fields_and_members_signatures():
    assert passages(facts(), 1, SOURCE) == [
        Passage(
            "Purse",
            "class Purse(Holder)",
            "Holds coins.",
            "owner: str def add(self, coin) def count(self)",
        )
    ]


def test_a_module_is_what_belongs_to_no_other_symbol():
    assert passages(facts(), 0, SOURCE) == [
        Passage(
            "money", "", "Money and what is done with it.", "import decimal LIMIT = 10 print(LIMIT)"
        )
    ]


def test_a_text_section_is_its_text():
    text = b"# Install\n\nRun   make.\n"
    whole = Span(0, len(text), 0, 0, 2, 0)
    section = SymbolFact("Install", "section", "Readme", -1, whole, whole, 0, 0)
    assert passages(FileFacts("markdown", symbols=(section,)), 0, text) == [
        Passage("Readme Install", "", "", "# Install Run make.")
    ]


def test_an_empty_symbol_still_has_one_passage():
    nothing = Span(0, 0, 0, 0, 0, 0)
    empty = SymbolFact("f", "function", "", -1, nothing, nothing, 0, 0)
    assert passages(FileFacts("c", symbols=(empty,)), 0, b"") == [Passage("f", "", "", "")]


@pytest.mark.parametrize("blank", [b" ", b""], ids=["words", "one endless word"])
def test_what_is_too_long_becomes_windows_that_lose_nothing(blank):
    text = blank.join(b"word%d" % number for number in range(2000))
    whole = Span(0, len(text), 0, 0, 0, 0)
    section = SymbolFact("Long", "section", "", -1, whole, whole, 0, 0)
    found = passages(FileFacts("text", symbols=(section,)), 0, text)
    assert len(found) > 1
    assert all(passage.name == "Long" and len(passage.body) <= WINDOW for passage in found)
    assert blank.decode().join(passage.body for passage in found) == text.decode()


def test_a_long_doc_goes_on_in_the_next_window():
    nothing = Span(0, 0, 0, 0, 0, 0)
    told = SymbolFact("f", "function", "", -1, nothing, nothing, 0, 0, doc="tells much " * 500)
    found = passages(FileFacts("c", symbols=(told,)), 0, b"")
    assert " ".join(passage.doc for passage in found) == ("tells much " * 500).strip()


def test_an_edited_comment_or_another_place_changes_no_passage():
    before = [passages(facts(), number, SOURCE) for number in range(4)]
    shorter = facts()
    moved = [
        passages(shorter, number, SOURCE.replace(b"never more", b"never MORE"))
        for number in range(4)
    ]
    assert before == moved


def test_the_key_names_exactly_the_text_and_the_encoder():
    passage = Passage("a", "b", "c", "d")
    assert key(passage, "one") == key(Passage("a", "b", "c", "d"), "one")
    assert len(key(passage, "one")) == 32
    others = [
        key(passage, "two"),
        key(Passage("ab", "", "c", "d"), "one"),
        key(Passage("a", "b", "c", "D"), "one"),
        key(Passage("a", "b", "cd", ""), "one"),
    ]
    assert len({key(passage, "one"), *others}) == 5


@pytest.mark.parametrize(
    ("language", "text", "remarked"),
    [
        ("python", "# tools\ndef f():\n    return 1\n", True),
        ("python", '# tools\ndef f():\n    """Say one."""\n    return 1\n', False),
        ("go", "package a\n\n// F says one.\nfunc F() int { return 1 }\n", False),
        ("javascript", "/** Says one. */\nfunction f() { return 1 }\n", False),
    ],
)
def test_comments_are_embedded_where_they_document_by_the_language(language, text, remarked):
    found = parse(text.encode(), languages.by_name(language))
    (function,) = [each for each in found.symbols if each.kind == "function"]
    assert function.doc
    assert function.remarked == remarked
    (passage,) = embedded(function, passages(found, 1, text.encode()))
    assert bool(passage.doc) == (not remarked)


@pytest.mark.parametrize("language", ["python", "javascript", "go", "c", "rust"])
def test_a_comment_that_opens_a_file_embeds_nothing(language):
    mark = "#" if language == "python" else "//"
    text = "package a\n\nvar x = 1\n" if language == "go" else "x = 1;\n"
    before, now = (
        prepare(each.encode(), language) for each in (text, f"{mark} wine and cheese\n\n{text}")
    )
    assert [one.key for part in now.passages for one in part] == [
        one.key for part in before.passages for one in part
    ]
    assert "cheese" in now.facts.symbols[0].doc

"""What training sees of a function: five views, names taken away, and its other spelling."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from codearch import flow, languages
from codearch.embedding.training.functions import Function, function
from codearch.embedding.training.naming import disguised, normalised
from codearch.embedding.training.views import MOST_WORDS, Views, views
from codearch.facts import CALLABLE_KINDS
from codearch.parse import parse

CASES = Path(__file__).resolve().parents[1] / "cases" / "flow"
SOURCE = re.compile(r"^```(\w+)\n((?:(?!```).*\n)*)```", re.MULTILINE)
SOURCES = [
    pytest.param(found[1], found[2], id=f"{path.stem} {number}")
    for path in sorted(CASES.glob("*.md"))
    for number, found in enumerate(SOURCE.finditer(path.read_text("utf-8")))
    if found[1] not in {"control", "values"}
]
# A declaration keeps the name that it names, so that what it declares is not renamed with it.
NAMED_ELSEWHERE = {"nonlocal"}


def views_of(source: str, language_name: str, name: str) -> Views:
    data, language = source.encode(), languages.by_name(language_name)
    facts = parse(data, language)
    symbol = next(one for one in facts.symbols if one.name == name)
    return views(flow.read(data, language, facts), facts, symbol)


def function_of(source: str, language_name: str, name: str) -> Function:
    data, language = source.encode(), languages.by_name(language_name)
    facts = parse(data, language)
    index = next(at for at, one in enumerate(facts.symbols) if one.name == name)
    made = function(flow.read(data, language, facts), facts, index, "shop", with_views=False)
    assert made is not None
    return made


PYTHON = '''
import os

class Store:
    def load(self, path, limit=3):
        """Read the names below a folder."""
        total = 0  # of all
        for name in os.listdir(path):
            if name.startswith("x") and limit > 2:
                total += len(name)
                self.count = total
        return total
'''


def test_text_keeps_keywords_and_what_is_called_and_drops_names_and_doc() -> None:
    assert " ".join(views_of(PYTHON, "python", "load").text) == (
        "def fun1 ( var1 , var2 , var3 = 3 ) : var4 = 0 for var5 in os . listdir ( var2 ) : "
        'if var5 . startswith ( "x" ) and var3 > 2 : var4 += len ( var5 ) '
        "var1 . count = var4 return var4"
    )


def test_syntax_is_the_tree_in_pre_order() -> None:
    found = views_of(PYTHON, "python", "load").syntax
    assert found[:3] == ("function_definition", "identifier", "parameters")
    assert "comment" not in found
    assert "string_content" in found  # of "x"
    assert found.count("expression_statement") == 3  # the doc is none of them


def test_control_follows_the_ways_through_the_blocks() -> None:
    assert " ".join(views_of(PYTHON, "python", "load").control) == (
        "block0 assignment call next block1 block1 identifier false block2 true block3 "
        "block2 return_statement return end block3 boolean_operator false block1 true block4 "
        "block4 augmented_assignment assignment loop block1"
    )


def test_data_says_where_values_come_from() -> None:
    found = " ".join(views_of(PYTHON, "python", "load").data)
    assert "local1 computedFrom literal" in found
    assert "field1 computedFrom local1" in found
    assert "local2 comesFrom local2" in found


def test_roles_say_what_a_word_is_there_for() -> None:
    assert " ".join(views_of(PYTHON, "python", "load").roles) == (
        "def function parameter parameter parameter operator = number local operator = number "
        "for local in import call parameter if local call string and parameter operator > number "
        "local operator += call local parameter field operator = local return local"
    )


def test_roles_of_types_and_constants_in_another_language() -> None:
    source = "class A { boolean ok(Order order) { return order != null && check(order, 'x'); } }"
    assert " ".join(views_of(source, "java", "ok").roles) == (
        "type function type parameter return parameter operator != null operator && call "
        "parameter string"
    )


@pytest.mark.parametrize(("language_name", "source"), SOURCES)
def test_every_language_gives_five_views_that_are_the_same_each_time(
    language_name: str, source: str
) -> None:
    data, language = source.encode(), languages.by_name(language_name)
    facts = parse(data, language)
    program = flow.read(data, language, facts)
    for symbol in facts.symbols:
        if symbol.kind not in CALLABLE_KINDS:
            continue
        found = views(program, facts, symbol)
        assert all(0 < len(view) <= MOST_WORDS for view in (found.text, found.syntax, found.roles))
        assert found.control[0] == "block0"
        assert len(found.data) <= MOST_WORDS
        again = flow.read(data, language, parse(data, language))
        assert views(again, facts, symbol) == found


@pytest.mark.parametrize(("language_name", "source"), SOURCES)
def test_another_spelling_is_the_same_function(language_name: str, source: str) -> None:
    data, language = source.encode(), languages.by_name(language_name)
    facts = parse(data, language)
    program = flow.read(data, language, facts)
    for index, symbol in enumerate(facts.symbols):
        own = data[symbol.span.start_byte : symbol.span.end_byte].decode()
        if symbol.kind not in CALLABLE_KINDS or any(word in own for word in NAMED_ELSEWHERE):
            continue
        written = disguised(program, symbol)
        assert written != data
        again = parse(written, language)
        other = flow.read(written, language, again)
        assert normalised(other, again.symbols[index]) == normalised(program, symbol)


def test_another_spelling_has_other_names_other_blanks_and_no_comments() -> None:
    data, language = PYTHON.encode(), languages.by_name("python")
    facts = parse(data, language)
    symbol = next(one for one in facts.symbols if one.name == "load")
    written = disguised(flow.read(data, language, facts), symbol).decode()
    assert "    def fun1(var1, var2, var3=3):\n                var4 = 0\n" in written
    assert "of all" not in written
    assert written.startswith("\nimport os\n\nclass Store:\n")


def test_functions_that_differ_in_names_alone_have_one_body() -> None:
    other = PYTHON.replace("total", "letters").replace("path", "place").replace("load", "fetch")
    first, second = function_of(PYTHON, "python", "load"), function_of(other, "python", "fetch")
    assert first.body == second.body
    changed = function_of(PYTHON.replace("startswith", "endswith"), "python", "load")
    assert changed.body != first.body


def test_the_doc_is_the_question_and_no_part_of_the_function() -> None:
    found = function_of(PYTHON, "python", "load")
    assert found.question == "Read the names below a folder."
    assert "below" not in found.form.passage.body + found.form.passage.doc + found.form.code.doc
    assert found.form.passage.name == "Store load"


def test_a_masked_question_lacks_the_words_of_the_name() -> None:
    source = PYTHON.replace("def load", "def readNames")
    assert function_of(source, "python", "readNames").masked == "the below a folder."

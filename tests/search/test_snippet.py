"""Which lines of a symbol are shown, and what is marked in them."""

from codearch.facts import Span
from codearch.search.snippet import MOST_COLUMNS, MOST_LINES, Marks, snippet


def shown(text, first, last, *words, phrases=()):
    lines = text.split("\n")
    start = len("\n".join([*lines[:first], ""]).encode())
    end = len("\n".join(lines[: last + 1]).encode())
    span = Span(start, end, first, 0, last, 0)
    return snippet(text.encode(), span, Marks(dict.fromkeys(words, 1.0), phrases))


def marked(text, part):
    lines = text.split("\n")
    return [lines[h.line][h.column : h.end_column] for h in part.highlights]


def test_a_short_symbol_is_shown_whole():
    text = "x = 1\n\ndef f():\n    return x\n"
    part = shown(text, 2, 3, "return")
    assert (part.text, part.line) == ("def f():\n    return x", 2)


def test_a_long_symbol_shows_the_lines_that_match():
    body = "\n".join(f"    step_{n}()" for n in range(60))
    text = f"def f():\n{body}\n    boil(water)\n    pour(water, tea)\n    drink(tea)\n"
    part = shown(text, 0, 63, "boil", "water", "tea", "drink")
    assert "boil(water)" in part.text
    assert "drink(tea)" in part.text
    assert part.text.count("\n") < MOST_LINES


def test_without_matches_the_beginning_is_shown():
    text = "def f():\n" + "\n".join(f"    step_{n}()" for n in range(60))
    assert shown(text, 0, 60, "zebra").text.startswith("def f():")


def test_a_comment_above_belongs_to_the_symbol():
    text = "int x;\n\n/* Boils\n * water. */\nvoid f(void) {\n}\n"
    part = shown(text, 4, 5, "boils")
    assert part.line == 2
    assert marked(text, part) == ["Boils"]


def test_parts_of_identifiers_are_marked_and_wholes_where_asked_for():
    text = "getUserName(user_id)"
    assert marked(text, shown(text, 0, 0, "user")) == ["User", "user"]
    assert marked(text, shown(text, 0, 0, "getusername")) == ["getUserName"]
    assert marked("superuser()", shown("superuser()", 0, 0, "user")) == []


def test_phrases_are_marked_as_they_stand():
    text = "if a => b: a => c"
    assert marked(text, shown(text, 0, 0, phrases=("A =>",))) == ["a =>", "a =>"]


def test_columns_count_utf16_units():
    text = "s = '\U0001f600' + name"
    (mark,) = shown(text, 0, 0, "name").highlights
    assert (mark.column, mark.end_column) == (11, 15)


def test_overlong_lines_are_cut():
    text = "x = '" + "a" * 5000 + "'"
    assert len(shown(text, 0, 0, "x").text) == MOST_COLUMNS


def test_a_span_beyond_the_file_is_survived():
    assert shown("a\nb", 0, 99, "b").text == "a\nb"


def test_a_symbol_far_down_a_file_keeps_its_line_numbers():
    above = "é = 1\n" * 500
    text = f"{above}# Steeps\n# tea.\ndef steep():\n    return tea\n"
    part = shown(text, 502, 503, "tea")
    assert part.line == 500
    assert [mark.line for mark in part.highlights] == [501, 503]
    assert marked(text, part) == ["tea", "tea"]


def test_a_comment_of_any_length_above_is_shown_from_where_it_is_near():
    text = "# so much to say\n" * 80 + "def f():\n    return x\n"
    assert shown(text, 80, 81, "return").text.endswith("return x")


def test_the_stretch_with_more_different_words_is_shown():
    filler = "\n".join(["    wait()"] * 30)
    text = f"def f():\n{filler}\n    boil(boil)\n{filler}\n    pour(tea)\n    boil()\n{filler}\n"
    part = shown(text, 0, 93, "boil", "pour", "tea")
    assert "pour(tea)" in part.text
    assert "boil()" in part.text


def test_a_place_is_marked_once_however_many_words_and_phrases_mean_it():
    text = "def naïve_total(rows):\n    return naïve_total(rows)\n"
    part = shown(text, 0, 1, "naïve", "total", phrases=("naïve_total", "total(rows"))
    assert marked(text, part) == ["naïve_total(rows", "naïve_total(rows"]

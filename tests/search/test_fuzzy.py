"""Names found by a few of their letters."""

from codearch.search.fuzzy import best

ROWS = [
    (1, "getHTTPServer", "Net", "function", "net.py"),
    (2, "get", "", "function", "a.py"),
    (3, "gets", "", "function", "a.py"),
    (4, "target", "", "function", "b.py"),
    (5, "GET", "", "function", "c.py"),
    (6, "grep_history_stats", "", "function", "d.py"),
]


def test_exact_names_come_first_then_beginnings_then_parts():
    assert best("get", ROWS[1:5], 10) == [2, 5, 3, 4]


def test_first_letters_of_words_are_better_than_scattered_ones():
    assert best("ghs", [ROWS[0], (7, "geographies", "", "class", "e.py")], 10)[0] == 1


def test_the_limit_holds_and_nothing_asked_for_lists_by_path():
    assert best("get", ROWS, 2) == [2, 5]
    assert best("", ROWS, 3) == [2, 3, 4]

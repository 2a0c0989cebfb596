"""Names found by a few of their letters."""

from codearch.search.fuzzy import best

ROWS = [
    (1, "getHTTPServer", "net.py"),
    (2, "get", "a.py"),
    (3, "gets", "a.py"),
    (4, "target", "b.py"),
    (5, "GET", "c.py"),
    (6, "grep_history_stats", "d.py"),
]


def test_exact_names_come_first_then_beginnings_then_parts():
    assert best("get", ROWS[1:5], 10) == [2, 5, 3, 4]


def test_first_letters_of_words_are_better_than_scattered_ones():
    assert best("ghs", [ROWS[0], (7, "geographies", "e.py")], 10)[0] == 1


def test_the_limit_holds_and_nothing_asked_for_lists_by_path():
    assert best("get", ROWS, 2) == [2, 5]
    assert best("", ROWS, 3) == [2, 3, 4]

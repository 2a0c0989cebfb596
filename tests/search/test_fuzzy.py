"""Names found by a few of their letters."""

from codearch.search.fuzzy import tiers

NAMES = ["getHTTPServer", "get", "gets", "target", "GET", "grep_history_stats"]


def flat(letters, names):
    return [name for tier in tiers(letters, names) for name in sorted(tier)]


def test_exact_names_come_first_then_beginnings_then_parts():
    assert flat("get", ["target", "GET", "gets", "get"]) == ["get", "GET", "gets", "target"]


def test_first_letters_of_words_are_better_than_scattered_ones():
    assert flat("ghs", ["geographies", *NAMES])[:2] == ["getHTTPServer", "grep_history_stats"]


def test_short_names_come_before_long_ones_of_the_same_fit():
    assert flat("ge", ["getting", "gets", "getter"]) == ["gets", "getter", "getting"]


def test_names_that_fit_equally_well_come_together():
    assert list(tiers("set", ["set_b", "set_a", "reset"])) == [["set_b", "set_a"], ["reset"]]

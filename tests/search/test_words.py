"""Words inside identifiers, of any alphabet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codearch.text import identifier_words, parts_of, split_identifier, word_counts, words


@pytest.mark.parametrize(
    ("identifier", "parts"),
    [
        ("getUserName", ["get", "user", "name"]),
        ("parseHTTPUrl2", ["parse", "http", "url", "2"]),
        ("HTTPServer", ["http", "server"]),
        ("MAX_RETRY_COUNT", ["max", "retry", "count"]),
        ("__init__", ["init"]),
        ("userIDs", ["user", "ids"]),
        ("URLs", ["urls"]),
        ("sha256", ["sha", "256"]),
        ("größeÄndern", ["größe", "ändern"]),
        ("ÜberHTTPTest", ["über", "http", "test"]),
        ("читатьФайл", ["читать", "файл"]),
        ("用户登录", ["用户", "户登", "登录"]),
        ("_", []),
    ],
)
def test_identifiers_split_where_a_reader_would(identifier, parts):
    assert split_identifier(identifier) == parts


def test_whole_identifiers_are_words_beside_their_parts():
    assert words("getUserName(user_id)") == [
        "get", "user", "name", "getusername", "user", "id", "userid",
    ]  # fmt: skip


def test_snake_and_camel_case_share_their_whole():
    assert identifier_words("get_user_name")[-1] == identifier_words("getUserName")[-1]


def test_a_long_run_of_letters_is_one_word():
    blob = "aB3" * 200
    assert identifier_words(blob) == (blob.lower(),)


def test_parts_know_where_they_stand():
    assert parts_of("parseURL2") == [("parse", 0, 5), ("url", 5, 8), ("2", 8, 9)]


@given(st.text())
def test_counting_agrees_with_listing(text):
    counted = word_counts(text)
    listed = words(text)
    assert sum(counted.values()) == len(listed)
    assert set(counted) == set(listed)


@given(st.text(min_size=1))
def test_words_are_lower_case_and_not_empty(text):
    for word in words(text):
        assert word
        assert word == word.lower()

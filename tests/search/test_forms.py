"""Forms of a word that find each other."""

import pytest

from codearch.search.forms import abbreviations, misspellings, stem


@pytest.mark.parametrize(
    "forms",
    [
        "parse parser parsers parsing parsed parses",
        "serialize serializer serialization serialise",
        "compress compression compressed compressing",
        "compact compaction compacting",
        "connect connection connections connector",
        "delete deleted deletion deleting",
        "match matches matching matcher",
        "split splits splitting splitter",
        "query queries",
        "directory directories",
        "expire expiration expired expiry",
        "validate validation validator",
        "map mapping mapped",
    ],
)
def test_forms_of_one_word_share_a_stem(forms):
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "pair",
    ["class clang", "order border", "status state", "string strong", "port import", "io ios"],
)
def test_different_words_keep_apart(pair):
    first, second = pair.split()
    assert stem(first) != stem(second)


def test_abbreviations_work_both_ways_and_in_the_plural():
    assert "configuration" in abbreviations("config")
    assert "config" in abbreviations("configuration")
    assert "dir" in abbreviations("directories") or "dir" in abbreviations("directory")
    assert not abbreviations("banana")


def test_misspellings_are_one_letter_away():
    near = misspellings("pasre")
    assert {"parse", "pasr", "paste", "pasture"} & near == {"parse", "pasr", "paste"}
    assert "pasre" not in near


def test_short_words_and_names_with_signs_are_taken_as_they_are():
    assert not misspellings("from")
    assert not misspellings("utf8x")

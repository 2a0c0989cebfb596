"""A line of text taken apart: words, names, phrases, filters."""

import pytest

from codearch.errors import UsageError
from codearch.search.query import parse_query


def test_words_are_parts_of_identifiers_without_stop_words():
    query = parse_query("how does the HttpClient retry")
    assert query.words == ("http", "client", "retry")
    assert query.wholes == ("httpclient",)


def test_a_question_of_stop_words_alone_keeps_them():
    assert parse_query("what is this").words == ("what", "is", "this")


@pytest.mark.parametrize(
    ("text", "last", "qualifiers"),
    [
        ("HttpClient", "HttpClient", ()),
        ("parse_args", "parse_args", ()),
        ("Rack::Response", "Response", ("Rack",)),
        ("std.mem.eql", "eql", ("std", "mem")),
        ("Foo#bar", "bar", ("Foo",)),
        ("list->next", "next", ("list",)),
        ("save()", "save", ()),
    ],
)
def test_a_lone_name_is_recognised_with_its_qualifiers(text, last, qualifiers):
    query = parse_query(text)
    assert query.is_name
    assert (query.names[0].last, query.names[0].qualifiers) == (last, qualifiers)


def test_names_inside_a_question_are_those_written_like_code():
    query = parse_query("where is Foo.bar called by parse_args, and why")
    assert [name.text for name in query.names] == ["Foo.bar", "parse_args"]
    assert not query.is_name


def test_quotes_ask_for_an_exact_phrase():
    query = parse_query('retry "connection reset" now')
    assert query.phrases == ("connection reset",)
    assert {"connection", "reset", "retry", "now"} == set(query.words)


def test_an_open_quote_is_a_sign_like_any_other():
    assert parse_query('say "hello').phrases == ()


def test_signs_alone_are_looked_for_as_they_stand():
    assert parse_query("=>").phrases == ("=>",)


def test_filters_in_the_text_mean_what_the_options_mean():
    written = parse_query("x lang:py kind:class path:src/**").filters
    given = parse_query("x", language="python", kind="class", path="src/**").filters
    assert written == given


def test_filters_are_not_words():
    assert parse_query("socket lang:python -path:tests").words == ("socket",)


@pytest.mark.parametrize("text", ["std::vector<int>", "TODO: later", "http://host/path", "Foo:bar"])
def test_other_words_with_colons_are_words(text):
    assert not parse_query(text).filters


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("x lang:pythn", "lang:pythn"),
        ("x kind:clas", "kind:clas"),
        ("x path:", "path:"),
        ("x path:[ab", "path:[ab"),
    ],
)
def test_a_wrong_filter_is_named(text, named):
    with pytest.raises(UsageError) as caught:
        parse_query(text)
    assert caught.value.field == "query"
    assert named in caught.value.message


@pytest.mark.parametrize(
    ("options", "field"),
    [({"language": "klingon"}, "language"), ({"kind": "clas"}, "kind"), ({"path": "{a"}, "path")],
)
def test_a_wrong_option_names_its_field(options, field):
    with pytest.raises(UsageError) as caught:
        parse_query("x", **options)
    assert caught.value.field == field


def test_a_near_miss_is_suggested():
    with pytest.raises(UsageError, match="Did you mean 'class'"):
        parse_query("x", kind="clas")


@pytest.mark.parametrize("text", ["", "   ", '""'])
def test_nothing_asked_for_is_refused(text):
    if text == '""':
        assert parse_query(text).phrases == ('""',)
        return
    with pytest.raises(UsageError):
        parse_query(text)


def test_filters_alone_are_a_question():
    assert parse_query("kind:class").is_empty


@pytest.mark.parametrize(
    ("glob", "taken", "left"),
    [
        ("src", ["src/a.py", "lib/src/b.py"], ["srcs/a.py", "a/src.py"]),
        ("src/", ["src/a.py"], ["a.py"]),
        ("/src", ["src/a.py"], ["lib/x.py"]),
        ("src/api", ["src/api/a.py", "src/api"], ["lib/src/api/a.py"]),
        ("*.py", ["a.py", "x/y/b.py"], ["a.pyi"]),
        ("**/test/**", ["test/a.py", "x/test/y/b.py"], ["x/testing/a.py"]),
        ("src/*.{ts,tsx}", ["src/a.ts", "src/b.tsx"], ["src/x/a.ts", "src/a.js"]),
        ("src/[ab]?.py", ["src/a1.py"], ["src/c1.py", "src/a.py"]),
        ("src/[!a].py", ["src/b.py"], ["src/a.py"]),
        ("app.config.js", ["app.config.js", "x/app.config.js"], ["appXconfig.js"]),
    ],
)
def test_globs_take_folders_files_and_patterns(glob, taken, left):
    filters = parse_query("x", path=glob).filters
    assert [path for path in taken if not filters.takes_file(path, "python")] == []
    assert [path for path in left if filters.takes_file(path, "python")] == []


def test_repeated_filters_are_alternatives_and_exclusions_all_hold():
    filters = parse_query("x path:src path:lib -path:*.gen.py -path:old").filters
    assert filters.takes_file("lib/a.py", "python")
    assert not filters.takes_file("lib/a.gen.py", "python")
    assert not filters.takes_file("src/old/a.py", "python")
    assert not filters.takes_file("tools/a.py", "python")

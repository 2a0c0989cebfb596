"""What a search finds in a small workspace, in which order, and how it is shown."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from search_memory import memory_index

from codearch.errors import Cancelled, UsageError

CLIENT = '''"""A small HTTP client."""

import socket
import time


class HttpClient:
    """Sends requests and keeps connections open."""

    def __init__(self, host):
        self.host = host
        # reuse sockets, since handshakes are slow
        self.pool = []

    def send(self, request):
        """Send one request and wait for its response."""
        connection = self.connect()
        return connection.send(request)

    def connect(self):
        return socket.create_connection((self.host, 80))


def retry_with_backoff(action, attempts=5):
    """Call an action again after ever longer pauses."""
    for attempt in range(attempts):
        try:
            return action()
        except OSError:
            time.sleep(2**attempt)
    raise TimeoutError
'''
USERS = '''from client import HttpClient


def parse_args(argv):
    """Read the command line."""
    return argv[1:]


def fetch_users(client: HttpClient):
    return client.send("GET /users")


def report(client: HttpClient):
    client.send("POST /report")
    print("HttpClient sent", client)
'''
TESTS = """from client import HttpClient, retry_with_backoff


def test_http_client_sends():
    assert HttpClient("x").send("request") is not None


def test_retry_with_backoff_gives_up():
    retry_with_backoff(lambda: 1 / 0, attempts=1)
"""
README = """# Shop

## Retry

How retry with backoff works: the HttpClient waits.
"""
STORE = """module Shop
  # Keeps what was sold.
  class Store
    def add_item(item)
      @items << item
    end
  end
end
"""


@pytest.fixture(scope="module")
def shop():
    return memory_index(
        {
            "client.py": CLIENT,
            "app/users.py": USERS,
            "tests/test_client.py": TESTS,
            "README.md": README,
            "lib/store.rb": STORE,
            "settings.yaml": "retry:\n  attempts: 5\n  backoff: 2\n",
        }
    )


def names(hits):
    return [hit.symbol.name or hit.symbol.path for hit in hits]


def test_a_class_is_found_by_its_name_before_its_users(shop):
    first = shop.search("HttpClient")[0]
    assert (first.symbol.name, first.symbol.path) == ("HttpClient", "client.py")
    assert first.why[0].signal == "definition"


@pytest.mark.parametrize("query", ["parse_args", "parseArgs", "PARSE_ARGS", "parse args"])
def test_a_function_is_found_however_its_name_is_written(shop, query):
    assert names(shop.search(query))[0] == "parse_args"


@pytest.mark.parametrize(
    "query", ["HttpClient.send", "HttpClient::send", "HttpClient#send", "client.send"]
)
def test_a_method_is_found_by_its_qualified_name(shop, query):
    first = shop.search(query)[0].symbol
    assert (first.container, first.name) == ("HttpClient", "send")


def test_a_definition_in_a_language_without_grammar_is_found_first(shop):
    assert names(shop.search("Shop::Store"))[0] == "Store"
    assert names(shop.search("add_item"))[0] == "add_item"


@pytest.mark.parametrize("query", ["users.py", "app/users.py", "store.rb"])
def test_a_file_is_found_by_its_name(shop, query):
    assert shop.search(query)[0].symbol.path.endswith(query)


def test_a_question_in_words_finds_the_code_that_does_it(shop):
    assert names(shop.search("wait longer between repeated attempts"))[0] == "retry_with_backoff"


def test_other_forms_and_abbreviations_of_a_word_are_found(shop):
    assert names(shop.search("retrying backoffs"))[0] == "retry_with_backoff"
    assert names(shop.search("parse arguments"))[0] == "parse_args"


def test_a_word_cut_short_is_found_by_its_beginning(shop):
    assert "retry_with_backoff" in names(shop.search("backo"))
    assert "retry_with_backoff" in names(shop.search("backo*"))


def test_tests_stand_behind_the_code_unless_asked_for(shop):
    assert shop.search("retry with backoff")[0].symbol.path == "client.py"
    asked = shop.search("tests of retry with backoff")
    assert asked[0].symbol.path == "tests/test_client.py"


def test_documents_stand_behind_the_code_unless_asked_for(shop):
    paths = [hit.symbol.path for hit in shop.search("retry with backoff")]
    assert paths.index("client.py") < paths.index("README.md")
    assert shop.search("readme retry backoff")[0].symbol.path == "README.md"


def test_a_lowered_result_says_so(shop):
    hits = shop.search("retry with backoff")
    test = next(hit for hit in hits if hit.symbol.path == "tests/test_client.py")
    assert any(one.signal == "lowered" and "test" in one.detail for one in test.why)


def test_words_of_comments_are_found(shop):
    hit = shop.search("handshakes slow")[0]
    assert hit.symbol.name == "__init__"
    assert "handshakes" in hit.snippet


def test_a_file_comes_once_as_long_as_there_are_others(shop):
    paths = [hit.symbol.path for hit in shop.search("HttpClient send request", limit=3)]
    assert len(set(paths)) == len(paths) == 3


def test_a_page_that_files_do_not_fill_shows_further_symbols(shop):
    hits = shop.search("send connection", limit=10, path="client.py")
    assert len(hits) > 1
    assert {hit.symbol.path for hit in hits} == {"client.py"}
    assert [one for one in hits[0].why if one.signal == "same file"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("send lang:ruby", set()),
        ("item lang:rb", {"lib/store.rb"}),
        ("retry path:*.yaml", {"settings.yaml"}),
        ("HttpClient -path:tests -path:README.md path:**/*.py", {"client.py", "app/users.py"}),
    ],
)
def test_filters_leave_out_what_they_say(shop, query, expected):
    assert {hit.symbol.path for hit in shop.search(query)} == expected


def test_a_kind_is_asked_for_by_option_or_in_the_text(shop):
    for hits in (shop.search("http client kind:class"), shop.search("http client", kind="class")):
        assert names(hits) == ["HttpClient"]


def test_filters_alone_list_what_they_let_through(shop):
    assert set(names(shop.search("kind:method"))) == {"__init__", "send", "connect"}


def test_an_exact_phrase_holds_as_it_stands(shop):
    assert names(shop.search('"sent", client')) != []
    assert names(shop.search('"HttpClient sent"')) == ["report"]
    assert names(shop.search('"reuse sockets, since"')) == ["__init__"]
    assert shop.search('"sent HttpClient"') == []


def test_signs_are_found_as_a_phrase(shop):
    assert names(shop.search("<<"))[0] == "add_item"


def test_nothing_is_an_answer(shop):
    assert shop.search("zebra") == []


def test_highlights_mark_what_was_asked_for(shop):
    hit = shop.search("backoff attempts")[0]
    lines = CLIENT.split("\n")
    marked = {lines[h.line][h.column : h.end_column].lower() for h in hit.highlights}
    assert {"backoff", "attempts"} <= marked


def test_the_snippet_is_text_of_the_file_at_its_line(shop):
    hit = shop.search("create_connection")[0]
    lines = CLIENT.split("\n")
    shown = hit.snippet.split("\n")
    assert lines[hit.snippet_line : hit.snippet_line + len(shown)] == shown


def test_scores_fall(shop):
    scores = [hit.score for hit in shop.search("send request client")]
    assert scores == sorted(scores, reverse=True)


def test_a_cancelled_search_stops(shop):
    other = memory_index({"a.py": "x = 1\n"})
    other.cancelled = Cancelled("nobody waits")
    with pytest.raises(Cancelled):
        other.search("x")


# --- vectors ----------------------------------------------------------------------------------


def passage_of(index, name):
    for file in index.files:
        for fact, parts in zip(file.facts.symbols, file.passages, strict=True):
            if fact.name == name:
                return parts[0][0]
    raise KeyError(name)


def test_vectors_find_what_shares_no_word(shop):
    near = [(passage_of(shop, "retry_with_backoff"), 0.8)]
    assert names(shop.search("resilience", nearest=near)) == ["retry_with_backoff"]
    assert shop.search("resilience", nearest=near, mode="lexical") == []


def test_semantic_orders_by_vectors_alone(shop):
    near = [(passage_of(shop, "add_item"), 0.9), (passage_of(shop, "parse_args"), 0.5)]
    hits = shop.search("parse args", nearest=near, mode="semantic")
    assert names(hits) == ["add_item", "parse_args"]
    assert hits[0].why[0].signal == "meaning"


def test_a_name_is_found_first_whatever_the_vectors_say(shop):
    near = [(passage_of(shop, "add_item"), 0.95)]
    assert names(shop.search("parse_args", nearest=near))[0] == "parse_args"


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(max_size=60) | st.sampled_from(["*", '"', "kind:", "a:b", "-", "()", "::", "x" * 9999])
)
def test_any_text_is_answered_or_refused(shop, text):
    with contextlib.suppress(UsageError):
        assert len(shop.search(text)) <= 10

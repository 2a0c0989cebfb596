"""Questions in words that a workspace does not know: little or nothing, rather than anything."""

import numpy as np
import pytest
from search_memory import memory_index

from codearch.embedding.shipped import shipped_encoder

SOURCES = {
    "auth.py": 'def sign_in(account, password):\n    """Check the password; open a session."""\n'
    "    if digest(password) != account.secret:\n        raise ValueError\n",
    "mail.py": "def send_mail(to, subject, body):\n    server = smtplib.SMTP(HOST)\n"
    "    server.sendmail(ME, to, body)\n",
    "archive.py": "def unpack_archive(path, folder):\n    with zipfile.ZipFile(path) as opened:\n"
    "        opened.extractall(folder)\n",
    "retry.py": 'def retry(call, attempts):\n    """Call again, waiting longer each time."""\n'
    "    for number in range(attempts):\n        sleep(2**number)\n",
}


@pytest.fixture(scope="module")
def shop():
    return memory_index(SOURCES)


@pytest.fixture(scope="module")
def vectors(shop):
    """All passages, as the encoder that ships sees them."""
    passages = [each for file in shop.files for parts in file.passages for each in parts]
    rows = shipped_encoder().encode_passages([text for _, text in passages])
    return [number for number, _ in passages], rows


def found(shop, vectors, query, mode="hybrid"):
    numbers, rows = vectors
    cosines = rows @ shipped_encoder().encode_queries([query])[0]
    near = [(numbers[at], float(cosines[at])) for at in np.argsort(-cosines)]
    return [hit.symbol.path for hit in shop.search(query, nearest=near, mode=mode)]


@pytest.mark.parametrize("mode", ["hybrid", "semantic"])
@pytest.mark.parametrize("query", ["zzqxv blorptang", "flumox", "giraffe", "wibbit snorgle"])
def test_words_that_mean_nothing_here_find_nothing(shop, vectors, query, mode):
    assert found(shop, vectors, query, mode) == []


@pytest.mark.parametrize("mode", ["hybrid", "semantic"])
@pytest.mark.parametrize(
    ("query", "path"),
    [("login", "auth.py"), ("email notification", "mail.py"), ("exponential delay", "retry.py")],
)
def test_other_words_for_what_is_there_find_it(shop, vectors, query, path, mode):
    assert found(shop, vectors, query, mode)[0] == path


def test_where_a_word_is_known_meaning_alone_lists_all_that_is_near(shop, vectors):
    assert len(found(shop, vectors, "unpack wibbit", "semantic")) > 1
    assert found(shop, vectors, "unpack wibbit")[0] == "archive.py"


def test_the_more_passages_the_nearer_must_a_neighbour_be(shop):
    many = {
        f"n{at}.py": "\n".join(f"def f{at}_{each}(): ..." for each in range(40)) for at in range(40)
    }
    crowd = memory_index(SOURCES | many)
    for index, expected in ((shop, 1), (crowd, 0)):
        (file,) = (file for file in index.files if file.path == "retry.py")
        near = [(file.passages[-1][0][0], 0.3)]
        assert len(index.search("zzqxv", nearest=near)) == expected


def test_a_slip_of_the_finger_still_finds_the_word(shop):
    for query in ("pasword", "passwrod", "passsword", "passwotd"):
        hits = shop.search(query, mode="lexical")
        assert [hit.symbol.path for hit in hits] == ["auth.py"]
        assert any(f"password ({query})" in why.detail for why in hits[0].why)
    assert shop.search("teh", mode="lexical") == []

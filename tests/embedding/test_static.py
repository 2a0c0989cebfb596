"""The shipped encoder: what it understands, and that its vectors can be relied on."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from codearch.embedding.encoder import Encoder
from codearch.embedding.shipped import shipped_encoder, shipped_folder
from codearch.embedding.static import FILES, load
from codearch.errors import EncoderError
from codearch.facts import Passage

RETRY = Passage(
    "HttpSender send_with_retry",
    "def send_with_retry(self, request, attempts=3)",
    "",
    "for attempt in range(attempts): try: return self.send(request) "
    "except TimeoutError: time.sleep(2 ** attempt) raise",
)
PARSE = Passage(
    "readConfig",
    "function readConfig(path)",
    "",
    "const text = fs.readFileSync(path, 'utf8'); return JSON.parse(text);",
)
PIXELS = Passage(
    "ImageBlur apply",
    "public void apply(Bitmap image, int radius)",
    "",
    "for (int y = 0; y < image.height(); y++) for (int x = 0; x < image.width(); x++) "
    "out.setPixel(x, y, average(image, x, y, radius));",
)
LOGIN = Passage(
    "checkPassword",
    "func checkPassword(user *User, password string) bool",
    "",
    "hash := sha256.Sum256([]byte(password)); return subtle.Compare(hash[:], user.Hash) == 1",
)
CORPUS = [RETRY, PARSE, PIXELS, LOGIN]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return shipped_encoder()


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("try again with exponential backoff when a call times out", RETRY),
        ("load settings from a json file", PARSE),
        ("smooth a picture by averaging neighbouring pixels", PIXELS),
        ("verify user credentials when logging in", LOGIN),
    ],
)
def test_a_question_finds_the_code_that_shares_few_of_its_words(encoder, query, wanted):
    scores = encoder.encode_passages(CORPUS) @ encoder.encode_queries([query])[0]
    assert CORPUS[int(scores.argmax())] is wanted


def test_rows_are_unit_vectors_of_the_stated_shape(encoder):
    found = encoder.encode_passages(CORPUS)
    assert found.dtype == np.float32
    assert found.shape == (len(CORPUS), encoder.dimension)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)


def test_no_items_give_no_rows(encoder):
    assert encoder.encode_passages([]).shape == (0, encoder.dimension)
    assert encoder.encode_queries([]).shape == (0, encoder.dimension)


@pytest.mark.parametrize("text", ["", "   ", "+-*/ {}", "\x00\x00", "\U0001f40d", "a" * 100_000])
def test_text_without_words_still_gives_a_unit_row(encoder, text):
    passage = Passage("", "", "", text)
    for row in (encoder.encode_passages([passage])[0], encoder.encode_queries([text])[0]):
        assert np.isfinite(row).all()
        assert np.isclose(np.linalg.norm(row), 1, atol=1e-6)


def test_a_vector_is_the_same_to_the_bit_alone_in_a_batch_and_in_any_order(encoder):
    together = encoder.encode_passages(CORPUS)
    backwards = encoder.encode_passages(CORPUS[::-1])[::-1]
    alone = np.vstack([encoder.encode_passages([passage]) for passage in CORPUS])
    assert together.tobytes() == alone.tobytes() == backwards.tobytes()


def test_a_vector_is_the_same_to_the_bit_in_a_fresh_process(encoder):
    program = (
        "from codearch.embedding.shipped import shipped_encoder as s;"
        "print(s().id, s().encode_queries(['open a file and read its lines']).tobytes().hex())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2] / "server",
    )
    row = encoder.encode_queries(["open a file and read its lines"]).tobytes().hex()
    assert done.stdout.split() == [encoder.id, row]


def test_it_needs_no_package_but_numpy_and_the_reader_of_its_description():
    program = (
        "import sys; from codearch.embedding.shipped import shipped_encoder as s;"
        "s().encode_queries(['open a file']);"
        "print(*{name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path += {sys.path!r}; {program}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2] / "server",
    )
    assert set(done.stdout.split()) <= {
        "__main__",
        "codearch",
        "msgspec",
        "typing_extensions",
        "numpy",
    }


def test_spelling_of_identifiers_does_not_matter(encoder):
    rows = encoder.encode_queries(["parse http header", "parseHTTPHeader", "PARSE_HTTP_HEADER"])
    assert rows[0].tobytes() == rows[1].tobytes() == rows[2].tobytes()


def test_accents_and_other_scripts_are_taken(encoder):
    plain, accented = encoder.encode_queries(["resume of the cafe", "résumé of the café"])
    assert plain.tobytes() == accented.tobytes()
    assert np.isclose(np.linalg.norm(encoder.encode_queries(["ファイルを読む"])[0]), 1, atol=1e-6)


def test_the_artifact_is_small(encoder):
    assert sum((shipped_folder() / name).stat().st_size for name in FILES) <= 10_000_000


@pytest.fixture
def copied(tmp_path):
    for name in FILES:
        shutil.copy(shipped_folder() / name, tmp_path / name)
    return tmp_path


def test_the_id_changes_with_the_artifact(encoder, copied):
    assert load(copied).id == encoder.id
    described = json.loads((copied / "model.json").read_text())
    (copied / "model.json").write_text(json.dumps(described | {"name": "other"}))
    assert load(copied).id != encoder.id


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ["missing", "cut", "empty", "noise"])
def test_a_broken_artifact_is_named_with_its_mend(copied, name, harm):
    path = copied / name
    content = path.read_bytes()
    path.unlink()
    if harm != "missing":
        path.write_bytes(
            {"cut": content[: len(content) // 2], "empty": b"", "noise": b"\xff" * 999}[harm]
        )
    with pytest.raises(EncoderError) as caught:
        load(copied)
    assert str(copied) in str(caught.value)
    assert caught.value.mend


def test_an_artifact_of_another_form_is_refused(copied):
    described = json.loads((copied / "model.json").read_text())
    (copied / "model.json").write_text(json.dumps(described | {"format": 99}))
    with pytest.raises(EncoderError, match="not of the form"):
        load(copied)

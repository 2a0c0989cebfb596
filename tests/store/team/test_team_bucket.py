"""A team's vectors in a bucket: a real S3 server on the loopback interface, and ones that fail."""

from __future__ import annotations

import socket
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from moto.server import ThreadedMotoServer

from codearch.errors import AbsentError, RefusedError, TeamStoreError
from codearch.settings import VectorsSettings
from codearch.store.team.bucket import BucketPlace
from codearch.store.team.places import place_of
from store.team.packs import FORM, asked, keys, put, team, vectors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHERE = "s3://tea/of/ours"


@pytest.fixture(autouse=True)
def amazon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Who we are for Amazon's programs, whatever the machine says."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tester")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server that speaks S3, for this module."""
    running = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str) -> Iterator[Any]:
    """An empty bucket named tea, as Amazon's own library for it sees it."""
    import boto3

    client = boto3.client("s3", endpoint_url=server)
    client.create_bucket(Bucket="tea")
    yield client
    for name in names(client):
        client.delete_object(Bucket="tea", Key=name)
    client.delete_bucket(Bucket="tea")


def names(client: Any, suffix: str = "") -> list[str]:
    """Return the objects in the bucket."""
    found = client.list_objects_v2(Bucket="tea").get("Contents", [])
    return [one["Key"] for one in found if one["Key"].endswith(suffix)]


@pytest.mark.usefixtures("bucket")
def test_another_clone_finds_what_one_has_made(server: str, tmp_path: Path) -> None:
    rows = vectors(300)
    mine = team(WHERE, tmp_path / "mine", endpoint=server)
    put(mine, keys(300), rows)
    assert not mine.problems()
    theirs = team(WHERE, tmp_path / "theirs", endpoint=server)
    found = asked(theirs, keys(400)).vectors
    assert sorted(found) == sorted(keys(300))
    assert (found[keys(300)[7]] == rows[7]).all()
    mine.close()
    theirs.close()


def test_objects_lie_below_the_prefix_and_small_packs_are_merged(
    server: str, bucket: Any, tmp_path: Path
) -> None:
    store = team(WHERE, tmp_path / "mine", endpoint=server)
    for at in range(0, 100, 5):
        put(store, keys(5, at), vectors(5, at))
    store.close()
    assert all(name.startswith("of/ours/codearch-vectors-1/") for name in names(bucket))
    assert len(names(bucket, ".keys")) == len(names(bucket, ".vectors")) < 16
    reader = team(WHERE, tmp_path / "theirs", endpoint=server)
    assert len(asked(reader, keys(100)).vectors) == 100
    reader.close()


@pytest.mark.parametrize("suffix", [".keys", ".vectors"])
@pytest.mark.parametrize("left", [0, 100])
def test_an_object_cut_short_is_refused(
    server: str, bucket: Any, tmp_path: Path, suffix: str, left: int
) -> None:
    store = team(WHERE, tmp_path / "mine", endpoint=server)
    put(store, keys(50), vectors(50))
    store.close()
    (name,) = names(bucket, suffix)
    data = bucket.get_object(Bucket="tea", Key=name)["Body"].read()
    bucket.put_object(Bucket="tea", Key=name, Body=data[:left])
    reader = team(WHERE, tmp_path / "theirs", endpoint=server, read_only=True)
    assert not asked(reader, keys(50)).vectors
    (problem,) = reader.problems()
    assert "1 object" in problem.message
    reader.close()


def test_who_only_reads_puts_nothing_there(server: str, bucket: Any, tmp_path: Path) -> None:
    store = team(WHERE, tmp_path / "mine", endpoint=server, read_only=True)
    put(store, keys(50), vectors(50))
    store.close()
    assert not names(bucket)


@pytest.mark.usefixtures("bucket")
def test_an_object_has_a_greatest_size_and_may_be_absent(server: str) -> None:
    place = BucketPlace(WHERE, server)
    place.write("a/b", b"12345")
    assert place.read("a/b", 5) == b"12345"
    with pytest.raises(RefusedError):
        place.read("a/b", 4)
    with pytest.raises(AbsentError):
        place.read("a/c", 5)
    assert place.names("a") == ["b"]
    assert place.names("elsewhere") == []
    place.delete("a/b")
    place.delete("a/b")
    assert place.names("a") == []


@pytest.mark.usefixtures("server")
def test_a_bucket_that_is_not_there_is_said(server: str, tmp_path: Path) -> None:
    store = team("s3://coffee", tmp_path / "mine", endpoint=server, read_only=True)
    assert not asked(store, keys(5)).vectors
    (problem,) = store.problems()
    assert "s3://coffee" in problem.message
    store.close()


# --- servers that fail, and settings that must not be obeyed -----------------------------------------


def test_an_unreachable_server_is_said_and_left_alone(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{closed.getsockname()[1]}"
    store = team(WHERE, tmp_path / "mine", endpoint=endpoint)
    assert not asked(store, keys(5)).vectors
    (problem,) = store.problems()
    assert WHERE in problem.message
    assert "left alone" in problem.message
    put(store, keys(5), vectors(5))
    store.close()


def impatient(endpoint: str) -> BucketPlace:
    """Return a bucket that is ready to be asked, and waits for half a second."""
    place = BucketPlace(WHERE, endpoint)
    place._disk.connect()  # most of a second, which a busy machine makes longer
    place._patience = 0.5
    return place


def test_a_server_that_never_answers_costs_its_patience_and_nobody_waits(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        endpoint = f"http://127.0.0.1:{listening.getsockname()[1]}"
        place = impatient(endpoint)
        store = team(WHERE, tmp_path / "mine", make=lambda: place)
        store.remember(keys(5), vectors(5))
        assert store.known(keys(5)).vectors == {}  # at once: its answer is not waited for
        assert not asked(store, keys(5)).vectors
        (problem,) = store.problems()
        assert "in time" in problem.message
        store.close()


def test_an_answer_that_comes_in_drops_is_not_waited_for(tmp_path: Path) -> None:
    ended = threading.Event()

    def drop(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            while not ended.wait(0.05):
                try:
                    connection.sendall(b"<")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drop, args=(listening,), daemon=True)
        thread.start()
        endpoint = f"http://127.0.0.1:{listening.getsockname()[1]}"
        place = impatient(endpoint)
        store = team(WHERE, tmp_path / "mine", make=lambda: place, read_only=True)
        assert not asked(store, keys(5)).vectors
        assert "in time" in store.problems()[0].message
        store.close()
        ended.set()
        thread.join()


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        ("http://vectors.example.com", "not encrypted"),
        ("http://127.0.0.1.example.com:9000", "not encrypted"),
        ("http://10.0.0.1:9000", "not encrypted"),
        ("ftp://vectors.example.com", "not encrypted"),
        ("vectors.example.com", "not encrypted"),
        ("https://me:secret@vectors.example.com", "belong into ~/.aws"),
    ],
)
def test_an_address_that_can_be_read_along_is_refused(endpoint: str, said: str) -> None:
    with pytest.raises(TeamStoreError, match=said) as told:
        place_of(VectorsSettings(store=WHERE, endpoint=endpoint))
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    "endpoint", ["https://vectors.example.com", "http://localhost:9000", "http://[::1]:9000"]
)
def test_an_encrypted_address_or_one_of_this_machine_is_obeyed(endpoint: str) -> None:
    assert place_of(VectorsSettings(store=WHERE, endpoint=endpoint)).name == WHERE


def test_an_address_from_amazons_own_configuration_must_be_encrypted_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://vectors.example.com")
    place = place_of(VectorsSettings(store=WHERE))
    with pytest.raises(TeamStoreError, match="not encrypted"):
        place.names(FORM.folder)


@pytest.mark.parametrize("where", ["s3://", "gs://tea", "https://vectors.example.com/tea"])
def test_what_is_no_place_is_said_with_its_mend(where: str) -> None:
    with pytest.raises(TeamStoreError, match=r"s3://"):
        place_of(VectorsSettings(store=where))


def test_without_the_extra_it_is_said_what_brings_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    store = team(WHERE, tmp_path / "mine")
    assert not asked(store, keys(5)).vectors
    assert "codearchaeologist[remote]" in store.problems()[0].mend
    store.close()

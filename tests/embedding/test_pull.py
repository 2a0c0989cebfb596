"""Models are fetched whole or not at all, whatever the network does."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import shutil
import threading
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING

import model_files
import pytest
import urllib3
from loopback_hub import Corrupt, Cut, Hang, LoopbackHub, Plain, Redirect, Status, serving, sha256

from codearch.embedding.backends import Backend, backend
from codearch.embedding.hub import manifest, model_problems
from codearch.embedding.hub.breaker import Hosts
from codearch.embedding.hub.client import Hub, onward
from codearch.embedding.hub.installed import weights_folder, workshop
from codearch.embedding.hub.patience import Clock
from codearch.embedding.hub.pull import Pulled, pull
from codearch.errors import ModelError
from codearch.settings import ModelSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOON = 1_700_000_000.0
WEIGHTS = "pytorch_model.bin"
TAKEN = [
    "config.json",
    "merges.txt",
    "pytorch_model.bin",
    "special_tokens_map.json",
    "tokenizer_config.json",
    "vocab.json",
]


@dataclass
class Told:
    """What a user would see."""

    said: list[str] = field(default_factory=list)
    total: int = 0
    done: int = 0
    stop_at: int = 1 << 60

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def begin(self, total: int) -> None:
        self.total = total

    def moved(self, count: int) -> None:
        self.done += count
        if self.done >= self.stop_at:
            raise KeyboardInterrupt


@dataclass
class Place:
    """A user's folder of models and a hub to fetch from, in a time that passes by sleeping."""

    home: Path
    hub: LoopbackHub
    model: Backend
    now: float = NOON
    slept: list[float] = field(default_factory=list)
    told: Told = field(default_factory=Told)
    patience: float = 20.0  # seconds that the first answer may take

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        self.client.timeout = urllib3.Timeout(20.0)

    def pull(self, endpoint: str = "") -> Pulled:
        self.told = Told(stop_at=self.told.stop_at)
        clock = Clock(lambda: self.now, self.sleep, lambda: 1.0)
        hosts = Hosts(workshop(self.home))
        address = endpoint or self.hub.endpoint
        self.client = Hub(address, hosts, mend="Mend it.", clock=clock, say=self.told.say)
        self.client.timeout = urllib3.Timeout(self.patience)
        return pull(self.model, self.home, self.client, self.told)

    @property
    def folder(self) -> Path:
        return weights_folder(self.home, self.model.name)

    def there(self) -> list[str]:
        if not self.folder.is_dir():
            return []
        return sorted(path.name for path in self.folder.iterdir() if path.name != "pulled.json")

    def left_behind(self) -> list[str]:
        known = workshop(self.home)
        paths = sorted(path.relative_to(known).as_posix() for path in known.rglob("*"))
        return [path for path in paths if not path.endswith((".lock", ".json"))]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    files = model_files.roberta()
    known = backend("codebert")
    model = dataclasses.replace(known, checksums={WEIGHTS: sha256(files[WEIGHTS])})
    model = dataclasses.replace(model, lengths=known.lengths[:1])
    with serving(LoopbackHub(model.repository, model.revision, files)) as hub:
        yield Place(tmp_path / "models", hub, model)


# --- all goes well ------------------------------------------------------------------------------


def test_the_wanted_files_come_with_their_origin_and_checksums(place: Place) -> None:
    done = place.pull()
    assert place.there() == TAKEN
    for name in TAKEN:
        assert (place.folder / name).read_bytes() == place.hub.files[name]
    made = manifest(place.home, "codebert")
    assert made == done.manifest
    assert (made.revision, made.licence) == (place.model.revision, "MIT")
    assert made.origin == f"{place.hub.endpoint}/microsoft/codebert-base"
    assert {one.path: one.sha256 for one in made.files} == {
        name: sha256(place.hub.files[name]) for name in TAKEN
    }
    assert place.told.done == place.told.total == made.bytes
    assert place.left_behind() == []
    assert place.slept == []


def test_nothing_is_sent_but_the_names_of_files(place: Place) -> None:
    place.pull()
    for asked in place.hub.asked:
        names = {name.lower() for name in asked.headers}
        assert names <= {"host", "user-agent", "accept-encoding", "range", "if-range"}
        assert asked.headers["User-Agent"].startswith("codearch/")
        assert "?" not in asked.target


def test_a_second_pull_asks_nobody(place: Place) -> None:
    place.pull()
    asked = len(place.hub.asked)
    assert not place.pull().fetched
    assert len(place.hub.asked) == asked


def test_a_model_that_was_damaged_is_fetched_again(place: Place) -> None:
    place.pull()
    (place.folder / WEIGHTS).write_bytes(b"half")
    assert place.pull().fetched
    assert (place.folder / WEIGHTS).read_bytes() == place.hub.files[WEIGHTS]


def test_safetensors_are_preferred_where_nothing_else_was_published(place: Place) -> None:
    place.model = dataclasses.replace(place.model, checksums={})
    place.hub.files["model.safetensors"] = model_files.safetensors()
    place.pull()
    assert "model.safetensors" in place.there()
    assert WEIGHTS not in place.there()


def test_a_mirror_cannot_offer_other_weights_under_another_name(place: Place) -> None:
    place.hub.files["model.safetensors"] = model_files.safetensors()
    place.pull()
    assert place.there() == TAKEN


# --- transfers that break off -------------------------------------------------------------------


def test_an_interrupted_file_goes_on_where_it_stopped(place: Place) -> None:
    place.hub.faults = {f"large {WEIGHTS}": [Cut(200_000), Cut(100_000)]}
    place.pull()
    ranges = [one.headers.get("Range") for one in place.hub.of_kind(f"large {WEIGHTS}")]
    assert ranges == [None, "bytes=200000-", "bytes=300000-"]
    mark = place.hub.mark(WEIGHTS)
    marks = [one.headers.get("If-Range") for one in place.hub.of_kind(f"large {WEIGHTS}")]
    assert marks == [None, mark, mark]
    assert place.slept == [1.0, 1.0], "what brings something does not wait ever longer"
    assert (place.folder / WEIGHTS).read_bytes() == place.hub.files[WEIGHTS]
    assert place.told.done == place.told.total


def test_ctrl_c_keeps_what_has_arrived_for_the_next_time(place: Place) -> None:
    place.told.stop_at = 350_000
    with pytest.raises(KeyboardInterrupt):
        place.pull()
    assert place.there() == []
    (part,) = workshop(place.home).rglob("*.part")
    have = part.stat().st_size
    assert have > 0
    place.told.stop_at = 1 << 60
    place.pull()
    assert place.hub.of_kind(f"large {WEIGHTS}")[-1].headers["Range"] == f"bytes={have}-"
    assert place.there() == TAKEN
    assert place.told.done == place.told.total


def test_a_file_that_changed_meanwhile_is_fetched_from_its_beginning(place: Place) -> None:
    place.told.stop_at = 350_000
    with pytest.raises(KeyboardInterrupt):
        place.pull()
    place.told.stop_at = 1 << 60
    place.hub.marks[WEIGHTS] = '"another"'
    place.pull()
    assert (place.folder / WEIGHTS).read_bytes() == place.hub.files[WEIGHTS]
    assert place.told.done == place.told.total


def test_a_host_without_ranges_sends_all_of_it_again(place: Place) -> None:
    place.hub.faults = {f"large {WEIGHTS}": [Cut(200_000), Plain()]}
    place.pull()
    assert (place.folder / WEIGHTS).read_bytes() == place.hub.files[WEIGHTS]
    assert place.told.done == place.told.total


def test_a_weak_mark_is_not_trusted_with_bytes(place: Place) -> None:
    place.hub.marks[WEIGHTS] = 'W/"soft"'
    place.hub.faults = {f"large {WEIGHTS}": [Cut(200_000)]}
    place.pull()
    (_, second) = place.hub.of_kind(f"large {WEIGHTS}")
    assert (second.headers["Range"], second.headers.get("If-Range")) == ("bytes=200000-", None)


def test_a_range_that_cannot_be_served_begins_anew(place: Place) -> None:
    place.hub.faults = {f"large {WEIGHTS}": [Cut(200_000), Status(416)]}
    place.pull()
    assert (place.folder / WEIGHTS).read_bytes() == place.hub.files[WEIGHTS]
    assert place.told.done == place.told.total


def test_files_that_came_whole_are_not_fetched_again(place: Place) -> None:
    place.hub.faults = {f"large {WEIGHTS}": [Status(500)] * 5}
    with pytest.raises(ModelError):
        place.pull()
    place.now += 3600
    place.pull()
    assert place.hub.kinds().count("resolve vocab.json") == 1


# --- contents that are wrong --------------------------------------------------------------------


def test_a_wrong_byte_is_noticed_and_the_file_fetched_again(place: Place) -> None:
    place.hub.faults = {f"large {WEIGHTS}": [Corrupt()]}
    place.pull()
    assert (place.folder / WEIGHTS).read_bytes() == place.hub.files[WEIGHTS]
    assert place.told.done == place.told.total


@pytest.mark.parametrize("kind", [f"large {WEIGHTS}", "resolve vocab.json"])
def test_what_stays_wrong_is_not_kept(place: Place, kind: str) -> None:
    place.hub.faults = {kind: [Corrupt(), Corrupt()]}
    with pytest.raises(ModelError, match="checksum differs") as raised:
        place.pull()
    assert kind.split()[1] in raised.value.message
    assert "--from" in raised.value.mend
    assert place.there() == []
    assert not list(workshop(place.home).rglob("*.part"))


def test_the_published_checksum_counts_more_than_the_hub_s_own(place: Place) -> None:
    """A mirror that serves other weights, and their checksum, is found out before it sends them."""
    place.hub.files[WEIGHTS] = model_files.pytorch(count=300_000)
    with pytest.raises(ModelError, match="not what was published"):
        place.pull()
    assert place.hub.kinds() == ["tree"]
    assert place.there() == []


def test_a_file_that_is_replaced_after_the_listing_is_not_taken(place: Place) -> None:
    listed = place.hub.listing()
    place.model = dataclasses.replace(place.model, checksums={})
    place.hub.files[WEIGHTS] = model_files.pytorch(count=300_000)
    place.hub.extra_entries = [one for one in listed if one["path"] == WEIGHTS]
    with pytest.raises(ModelError, match="the hub gives it another checksum"):
        place.pull()


def test_a_host_cannot_send_more_than_the_listing_says(place: Place) -> None:
    listed = place.hub.listing()
    place.hub.extra_entries = [{**one, "size": 3} for one in listed if one["path"] == "merges.txt"]
    with pytest.raises(ModelError, match=r"more of merges\.txt"):
        place.pull()


def test_a_listing_cannot_name_a_place_outside(place: Place) -> None:
    evil = b"#!/bin/sh\n"
    for path in ("../../evil.json", "/tmp/evil.json", "config.json/../../../evil.json"):
        place.hub.extra_entries.append(
            {"type": "file", "path": path, "size": len(evil), "oid": "0" * 40}
        )
    place.pull()
    assert place.there() == TAKEN
    assert not list(place.home.parent.rglob("*evil*"))


def test_a_model_of_another_kind_is_refused_and_not_kept(place: Place) -> None:
    place.hub.files["config.json"] = model_files.config(model_type="t5")
    with pytest.raises(ModelError, match=r"t5 model, and codebert is roberta"):
        place.pull()
    assert place.there() == []


def test_a_missing_file_is_named(place: Place) -> None:
    del place.hub.files[WEIGHTS]
    with pytest.raises(ModelError, match=r"has no pytorch_model\.bin"):
        place.pull()
    place.model = dataclasses.replace(place.model, checksums={})
    with pytest.raises(ModelError, match=r"has no model\.safetensors or pytorch_model\.bin"):
        place.pull()


def test_a_page_that_is_no_listing_is_no_hub(place: Place) -> None:
    place.hub.extra_entries = [{"welcome": "to the hotel's network"}]
    with pytest.raises(ModelError, match="is no hub") as raised:
        place.pull()
    assert "--endpoint" in raised.value.mend


# --- hosts that refuse or fail ------------------------------------------------------------------


def test_an_unknown_repository_is_named_and_not_asked_for_again(place: Place) -> None:
    place.model = dataclasses.replace(place.model, repository="microsoft/nothing")
    with pytest.raises(ModelError, match=r"has no microsoft/nothing at revision 3b0952f") as raised:
        place.pull()
    assert raised.value.mend == "Mend it."
    assert place.slept == []
    assert place.hub.kinds() == ["unknown"]


@pytest.mark.parametrize(
    ("code", "headers", "said"),
    [
        (401, {"X-Error-Code": "GatedRepo", "X-Error-Message": "Access is restricted."}, "restr"),
        (403, {}, "does not give microsoft/codebert-base"),
        (401, {"X-Error-Code": "RepoNotFound"}, "has no microsoft/codebert-base"),
        (451, {}, "answers 451"),
    ],
)
def test_a_refusal_is_not_asked_for_again(
    place: Place, code: int, headers: dict[str, str], said: str
) -> None:
    place.hub.faults = {"tree": [Status(code, headers)]}
    with pytest.raises(ModelError, match=said) as raised:
        place.pull()
    assert str(code) in raised.value.message
    assert place.slept == []


def test_a_busy_host_is_asked_again_when_it_says_in_seconds(place: Place) -> None:
    place.hub.faults = {"tree": [Status(429, {"Retry-After": "17"})]}
    place.pull()
    assert place.slept == [17.0]
    assert "asked too often (429). Trying again in 17 s." in place.told.said[0]


def test_a_busy_host_is_asked_again_when_it_says_as_a_date(place: Place) -> None:
    date = formatdate(NOON + 90, usegmt=True)
    place.hub.faults = {f"large {WEIGHTS}": [Status(429, {"Retry-After": date})]}
    place.pull()
    assert place.slept == [90.0]


def test_who_wants_a_long_rest_gets_it(place: Place) -> None:
    place.hub.faults = {"tree": [Status(429, {"Retry-After": "7200"})]}
    with pytest.raises(ModelError, match="nothing is asked of it before"):
        place.pull()
    assert place.slept == []
    asked = len(place.hub.asked)
    with pytest.raises(ModelError, match="nothing is asked of it before"):
        place.pull()
    assert len(place.hub.asked) == asked
    place.now += 7201
    assert place.pull().fetched


def test_waits_grow_while_a_host_fails(place: Place) -> None:
    place.hub.faults = {"tree": [Status(503), Status(502), Status(504), Status(500)]}
    place.pull()
    assert place.slept == [1.0, 2.0, 4.0, 8.0]


def test_a_host_that_keeps_failing_is_left_alone_and_tried_later(place: Place) -> None:
    place.hub.faults = {"tree": [Status(503)] * 6}
    with pytest.raises(ModelError, match="fails \\(503\\); nothing is asked of it before"):
        place.pull()
    assert len(place.hub.asked) == 5
    with pytest.raises(ModelError, match="has failed too often"):
        place.pull()
    assert len(place.hub.asked) == 5, "an open breaker asks nothing"

    place.now += 61
    with pytest.raises(ModelError, match="fails"):
        place.pull()
    assert len(place.hub.asked) == 6, "one trial after the rest"
    place.now += 61
    with pytest.raises(ModelError, match="has failed too often"):
        place.pull()
    place.now += 61
    assert place.pull().fetched
    assert Hosts(workshop(place.home)).resting(place.now) == {}


def test_the_status_says_which_host_rests_and_which_model_answers(place: Place) -> None:
    place.hub.faults = {"tree": [Status(503)] * 5}
    with pytest.raises(ModelError):
        place.pull()
    wanted = ModelSettings(name="codebert", dir=str(place.home))
    replaced, resting = model_problems(Settings(model=wanted), place.now)
    assert (replaced.severity, resting.severity) == (4, 3)
    assert "codebert is not on this machine, so static is used" in replaced.message
    assert replaced.mend == "`codearch models pull codebert` fetches it."
    assert resting.message.startswith(f"No models are fetched from {place.hub.host} before")
    usual = ModelSettings(dir=str(place.home))
    assert [one.severity for one in model_problems(Settings(model=usual), place.now)] == [3]
    assert model_problems(Settings(model=usual), place.now + 61) == []


def test_a_host_that_hangs_is_given_up(place: Place) -> None:
    place.patience = 0.05
    place.hub.faults = {"tree": [Hang()]}
    place.pull()
    assert place.slept == [1.0]
    assert "does not answer in time" in place.told.said[0]


def test_a_redirect_that_leads_nowhere_is_refused(place: Place) -> None:
    place.hub.faults = {f"resolve {WEIGHTS}": [Redirect("file:///etc/passwd")]}
    with pytest.raises(ModelError, match="sends to file:///etc/passwd"):
        place.pull()


def test_an_encrypted_host_cannot_send_to_one_that_is_not() -> None:
    assert onward("https://hub.example/a", "/b") == "https://hub.example/b"
    assert onward("http://127.0.0.1/a", "http://127.0.0.1/b") == "http://127.0.0.1/b"
    with pytest.raises(ModelError, match="not encrypted"):
        onward("https://hub.example/a", "http://hub.example/b")


def test_redirects_end(place: Place) -> None:
    path = f"/{place.model.repository}/resolve/{place.model.revision}/{WEIGHTS}"
    place.hub.faults = {f"resolve {WEIGHTS}": [Redirect(path)] * 9}
    with pytest.raises(ModelError, match="without end"):
        place.pull()


def test_no_network_is_said_at_once(place: Place) -> None:
    with pytest.raises(ModelError, match="no address is known for it") as raised:
        place.pull("https://hub.invalid")
    assert raised.value.mend == "Mend it."
    assert place.slept == []
    assert Hosts(workshop(place.home)).resting(place.now) == {}, "being offline is nobody's fault"


def test_a_mirror_s_password_is_for_the_mirror_and_shown_nowhere(place: Place) -> None:
    with serving(LoopbackHub("other", "0" * 40, place.hub.files)) as elsewhere:
        large = f"{elsewhere.endpoint}/large/{WEIGHTS}"
        place.hub.faults = {f"resolve {WEIGHTS}": [Redirect(large)]}
        done = place.pull(place.hub.endpoint.replace("//", "//ada:secret@"))
        keys = {one.headers.get("authorization") for one in place.hub.asked}
        assert keys == {"Basic YWRhOnNlY3JldA=="}
        assert [one.headers.get("authorization") for one in elsewhere.asked] == [None]
    assert "secret" not in (place.folder / "pulled.json").read_text()
    assert "secret" not in done.manifest.origin


def test_failures_of_the_hub_are_forgotten_once_it_sends_on(place: Place) -> None:
    place.hub.faults = {f"resolve {WEIGHTS}": [Status(503)] * 3, f"large {WEIGHTS}": [Cut(100)]}
    place.pull()
    assert Hosts(workshop(place.home)).resting(place.now) == {}
    assert (workshop(place.home) / "hosts.json").read_text() == "{}"


# --- proxies ------------------------------------------------------------------------------------


def test_the_environment_s_proxy_is_used(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loopback hub serves as the proxy of a hub that does not exist."""
    monkeypatch.setenv("http_proxy", place.hub.endpoint.replace("//", "//ada:s%40crate@"))
    place.pull("http://hub.invalid")
    assert place.there() == TAKEN
    first = place.hub.asked[0]
    assert first.target.startswith("http://hub.invalid/api/models/")
    assert first.headers["proxy-authorization"] == "Basic YWRhOnNAY3JhdGU="


def test_hosts_that_need_no_proxy_are_asked_directly(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.invalid:3128")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert place.pull().fetched


@pytest.mark.parametrize("endpoint", ["http://hub.invalid", "https://hub.invalid"])
def test_a_proxy_that_wants_a_password_says_so(
    place: Place, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    place.hub.faults = {"tree": [Status(407)], "connect": [Status(407)]}
    monkeypatch.setenv("http_proxy", place.hub.endpoint)
    monkeypatch.setenv("https_proxy", place.hub.endpoint)
    with pytest.raises(ModelError, match="wants a name and a password") as raised:
        place.pull(endpoint)
    assert raised.value.mend.endswith("http://name:password@proxy:port.")
    assert place.slept == []


@pytest.mark.parametrize(
    ("proxy", "said"),
    [
        ("http://proxy.invalid:3128", "The proxy proxy.invalid:3128 cannot be reached"),
        ("socks5://127.0.0.1:1080", "The proxy 127.0.0.1:1080 cannot be used"),
    ],
)
def test_a_useless_proxy_is_blamed(
    place: Place, monkeypatch: pytest.MonkeyPatch, proxy: str, said: str
) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    with pytest.raises(ModelError, match=said) as raised:
        place.pull("http://hub.invalid")
    assert "HTTPS_PROXY" in raised.value.mend


# --- the disk, and others -----------------------------------------------------------------------


def test_a_disk_without_room_is_noticed_first(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(place.home.parent)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=500_000))
    with pytest.raises(ModelError, match=r"is full: 10\.1 MB more are needed"):
        place.pull()
    assert place.hub.of_kind(f"resolve {WEIGHTS}") == []


def test_a_disk_that_fills_up_keeps_what_has_arrived(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(ModelError, match="is full") as raised:
            place.pull()
    assert "what has arrived is kept" in raised.value.mend
    assert place.there() == []
    place.pull()
    assert place.there() == TAKEN


def test_two_pulls_at_once_fetch_one_model(place: Place) -> None:
    done: list[Pulled] = []
    both = [threading.Thread(target=lambda: done.append(place.pull())) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(one.fetched for one in done) == [False, True]
    assert place.hub.kinds().count(f"large {WEIGHTS}") == 1
    assert place.there() == TAKEN


def test_a_folder_that_cannot_be_written_to_is_named(place: Place) -> None:
    place.home.write_text("a file where the folder should be")
    with pytest.raises(ModelError, match="cannot be written to") as raised:
        place.pull()
    assert "CODEARCH_MODEL_DIR" in raised.value.mend


def test_what_is_remembered_of_hosts_may_be_broken(place: Place) -> None:
    workshop(place.home).mkdir(parents=True)
    (workshop(place.home) / "hosts.json").write_text(json.dumps(["not", "a", "table"]))
    assert place.pull().fetched

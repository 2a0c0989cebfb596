"""What the recipe must not train on: other licences, copies of what stays apart, the test split."""

import hashlib
import io
import itertools
import json
import sys
import tarfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "models"))

import corpus
import gather
from corpus import Rules, Seen, package_pairs, training_pairs, within
from evaluate import RECORD, refused
from extract import Pair
from licences import copyleft_folders, permissive
from sieve import Sieve, long_lines, named, sketch

from codearch.embedding.shipped import shipped_encoder

MIT = b"// Permission is hereby granted, free of charge, to any person obtaining a copy\n"
GPL = b"""/*
 * This program is free software; you can redistribute it and/or modify
 * it under the terms of the GNU General
 * Public License as published by the Free Software Foundation; either version 2
 * of the License, or (at your option) any later version.
 */
"""


@pytest.mark.parametrize(
    ("head", "free"),
    [
        (b"int main(void) { return 0; }", True),
        (MIT, True),
        (GPL, False),
        (b"# GNU Lesser General Public License, version 2.1", False),
        (b"// This Source Code Form is subject to the terms of the Mozilla Public License", False),
        (b"// SPDX-License-Identifier: Apache-2.0", True),
        (b"// SPDX-License-Identifier: GPL-2.0-only", False),
        (b"// SPDX-License-Identifier: GPL-2.0-or-later", False),
        (b"// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later", True),
        (b"// SPDX-License-Identifier: Apache-2.0 AND LGPL-2.1+", False),
        (b"// SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0)", True),
        (b"# Alternatively, under the GNU General Public License 2\n" + MIT, True),
        (GPL + b"/* parts: Redistribution and use in source and binary forms */", False),
    ],
)
def test_a_files_own_terms_decide_whether_it_is_read(head, free):
    assert permissive(head) is free


def test_a_folder_under_copyleft_is_left_out_but_not_the_packages_choice():
    gpl, mit = b"GNU GENERAL PUBLIC LICENSE Version 3", b"MIT License"
    assert copyleft_folders(
        {
            "COPYING": gpl,
            "LICENSE": mit,
            "tools/COPYING": gpl,
            "both/LICENSE-GPL": gpl,
            "both/LICENSE-MIT": mit,
        }
    ) == {"tools"}


@pytest.mark.parametrize(
    "path",
    ["lib/lodash/map.js", "src/Newtonsoft.Json/a.cs", "go/cobra@v1.2.3/c.go", "ext/click-8.1/a.py"],
)
def test_a_vendored_copy_goes_by_its_folders_name(path):
    names = Sieve(["lodash", "newtonsoft-json", "cobra", "click"]).names
    assert named(path, names)
    assert not named("src/clicked/mapper.js", names)


ORIGINAL = b"""// Copyright of somebody, with all the terms that such lines have everywhere
export function debounce(func, wait, options) {
  let lastArgs, lastThis, maxWait, result, timerId, lastCallTime;
  const useRequestFrame = !wait && wait !== 0 && typeof frame === 'function';
  const timeSinceLastInvoke = currentTime - lastInvokeTime + leading;
  return maxing ? nativeMin(timeWaiting, maxWait - timeSinceLastInvoke) : timeWaiting;
  timerId = startTimer(timerExpired, remainingWait(currentTime));
}
"""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (ORIGINAL, "file"),
        (b"var VERSION = 3;\n" + ORIGINAL.replace(b"  ", b"    "), "lines"),
        (ORIGINAL.splitlines()[0] + b"\nexport const answer = () => 42;\n", ""),
    ],
)
def test_a_copy_without_a_name_goes_by_its_text(content, reason):
    sieve = Sieve(["other"])
    sieve.learn(ORIGINAL)
    assert sieve.reason("src/helpers/later.js", content) == reason


def test_comments_imports_and_terms_are_no_long_lines_of_ones_own():
    assert not long_lines(
        b"# a comment that is a good deal longer than fifty characters (it is)\n"
        b"from package.module.submodule import (first_name, second_name, third_name)\n"
        b'    "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express;\n'
    )


def body(step: str) -> str:
    return (
        " ".join(f"total += values[{number}] * weights[{number}];" for number in range(20)) + step
    )


def pair(text: str, query: str) -> Pair:
    return Pair("c", "sum", "int sum()", text, query, "", "f")


def test_nearly_the_same_body_is_taken_once():
    seen = Seen()
    assert not seen.reason(pair(body(""), "Add up what is there."), True)
    assert seen.reason(pair(body(""), "Another word for it."), True) == "same body"
    near = pair(body(" log(total);"), "A third way to say it.")
    assert seen.reason(near, True) == "nearly the same body"
    other = pair(body("").replace("values", "prices"), "Sum up what all of it costs.")
    assert not seen.reason(other, True)
    assert sketch("return 0;") is None


def test_held_out_packages_come_before_training_and_keep_what_both_have():
    seen = Seen()
    assert not seen.reason(pair(body(""), "Add up what is there."), False)
    assert seen.reason(pair(body(";"), "ADD up, what is there"), True) == "same description"


def test_a_package_is_read_without_its_files_under_other_terms(tmp_path):
    function = b"/* Add up what the purse holds. */\nint total(purse *p) { return sum(p, 0); }\n"
    filler = b"static int zero(void) { return 0; }\n" * 8
    texts = {
        "top/own.c": function + filler,
        "top/taken.c": GPL + function + filler,
        "top/tool/COPYING": b"GNU GENERAL PUBLIC LICENSE Version 2, June 1991",
        "top/tool/main.c": function + filler + b"\n",
        "top/tests/own.c": function + filler,
    }
    with tarfile.open(tmp_path / "purse_1.0.orig.tar.gz", "w:gz") as archive:
        for name, content in texts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    rules = Rules(frozenset(), Sieve([]))
    assert [found.name for found in package_pairs(tmp_path, rules)] == ["total"]
    assert rules.left_out == {"": 1, "licence": 2}


def test_a_package_that_cannot_be_read_is_left_out_with_a_note(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(corpus, "CACHE", tmp_path)
    folder = tmp_path / "archives" / "npm" / "purse"
    rules = Rules(frozenset(), Sieve([]))
    assert training_pairs("purse", folder, rules) == []
    folder.mkdir(parents=True)
    (folder / "purse-1.0.tgz").write_bytes(b"half of an archive")
    assert training_pairs("purse", folder, rules) == []
    assert capsys.readouterr().out.count("LEFT OUT     purse") == 2


def test_what_never_ends_is_given_up():
    with pytest.raises(TimeoutError), within(0.02):
        for _ in itertools.count():
            pass


RECORDS = """Package: purse
Version: 1:1.1-2
Checksums-Sha256:
 {newer} 100 purse_1.1.orig.tar.gz

Package: purse
Version: 1:1.0-3
Checksums-Sha256:
 {older} 100 purse_1.0.orig.tar.gz
 {extra} 100 purse_1.0-3.debian.tar.xz
"""


def test_a_source_package_is_asked_for_in_the_version_that_has_the_locks_archives():
    sums = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("newer", "older", "extra")}
    told = RECORDS.format(**sums)
    assert gather.debian_version(told, {sums["older"]}) == "1:1.0-3"
    assert gather.debian_version(told, {sums["newer"]}) == "1:1.1-2"
    assert gather.debian_version(told, {sums["newer"], sums["older"]}) == ""


class Registry:
    """Offers three versions of every package, or whatever it is said to offer instead."""

    def __init__(self) -> None:
        self.altered = b""
        self.asked: list[str] = []

    def fetch(self, package: str, locked: gather.Lines, folder: Path) -> None:
        version = locked[0]["version"] if locked else "3.0.0"
        self.asked.append(version)
        (folder / f"{package}-{version}.tgz").write_bytes(version.encode() + self.altered)


@pytest.fixture
def registry(tmp_path, monkeypatch):
    made = Registry()
    monkeypatch.setattr(gather, "CACHE", tmp_path)
    monkeypatch.setitem(gather.FETCH, "npm", made.fetch)
    return made


def locked_at(version: str) -> gather.Lines:
    return [{"version": version, "sha256": hashlib.sha256(version.encode()).hexdigest()}]


def test_gathering_takes_the_locks_version_and_the_newest_where_it_is_asked_to(registry):
    (line,) = gather.gather("npm", "purse", "MIT", locked_at("2.0.0"))
    assert (line["version"], line["archive"]) == ("2.0.0", "purse-2.0.0.tgz")
    gather.gather("npm", "purse", "MIT", locked_at("2.0.0"))
    assert registry.asked == ["2.0.0"]
    (line,) = gather.gather("npm", "purse", "MIT", locked_at("1.0.0"))
    assert line["version"] == "1.0.0"
    (line,) = gather.gather("npm", "coin", "MIT", None)
    assert line["version"] == "3.0.0"
    assert registry.asked == ["2.0.0", "1.0.0", "3.0.0"]


def test_an_archive_other_than_the_locks_is_not_kept(registry, tmp_path, capsys):
    registry.altered = b" with something else inside"
    assert gather.gather("npm", "purse", "MIT", locked_at("2.0.0")) == []
    assert not list((tmp_path / "archives/npm/purse").iterdir())
    assert "1 NOT FOUND" in capsys.readouterr().out
    assert gather.gather("npm", "unlocked", "MIT", []) == []
    assert registry.asked == ["2.0.0"]


def test_reading_a_file_gives_its_definitions_in_the_files_order():
    source = b"".join(
        b"/* Add the number %d to it. */\nvoid f%d() { g(); }\n" % (n, n) for n in range(40)
    )
    names = [found.name for found in corpus.pairs(source, "c")]
    assert names == [f"f{number}" for number in range(40)]


def test_the_test_split_is_scored_once_a_release():
    record = {"1.0": {"date": "2026-01-01", "models": {"static-a": {}, "static-b": {}}}}
    assert not refused(record, "1.1", ["static-c"])
    assert not refused(record, "1.0", ["static-a"])
    assert "once a release" in refused(record, "1.0", ["static-a", "static-c"])


def test_what_ships_is_what_was_scored_on_the_test_split():
    scored = [
        name for release in json.loads(RECORD.read_text()).values() for name in release["models"]
    ]
    assert shipped_encoder().id in scored

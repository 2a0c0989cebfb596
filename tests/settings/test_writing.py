"""One value is written into the user's settings; what else stands there stays as it is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from codearch.errors import SettingsError
from codearch.settings import load_settings, user_settings_file
from codearch.settings.writing import write_user_setting

if TYPE_CHECKING:
    from pathlib import Path

HAND_WRITTEN = """\
# mine
[history]
enabled = false # too slow here

[model]
device = "cpu"
"""


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file of the test's own user."""
    path = tmp_path / "config" / "codearch" / "codearch.toml"
    monkeypatch.setattr("codearch.settings.writing.user_settings_file", lambda: path)
    monkeypatch.setattr("codearch.settings.layers.user_settings_file", lambda: path)
    return path


def test_lines_end_as_they_did(own_settings: Path) -> None:
    own_settings.parent.mkdir(parents=True)
    own_settings.write_bytes(b'[model]\r\nname = "static" # mine\r\n')
    write_user_setting("model.name", "graphcodebert")
    assert own_settings.read_bytes() == b'[model]\r\nname = "graphcodebert" # mine\r\n'


def test_a_first_value_makes_the_file(own_settings: Path, tmp_path: Path) -> None:
    assert write_user_setting("model.name", "graphcodebert") == own_settings
    assert load_settings(tmp_path, environment={}).settings.model.name == "graphcodebert"


def test_all_that_the_user_wrote_stays(own_settings: Path, tmp_path: Path) -> None:
    own_settings.parent.mkdir(parents=True)
    own_settings.write_text(HAND_WRITTEN)
    own_settings.chmod(0o640)
    write_user_setting("model.name", "unixcoder")
    text = own_settings.read_text()
    assert text == HAND_WRITTEN + 'name = "unixcoder"\n'
    assert own_settings.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in own_settings.parent.iterdir()] == ["codearch.toml"]
    settings = load_settings(tmp_path, environment={}).settings
    assert (settings.model.device, settings.model.name) == ("cpu", "unixcoder")


def test_a_value_is_replaced_in_its_place(own_settings: Path) -> None:
    own_settings.parent.mkdir(parents=True)
    own_settings.write_text('[model]\nname = "a" # the old one\ndevice = "cpu"\n')
    write_user_setting("model.name", "b")
    assert own_settings.read_text() == '[model]\nname = "b" # the old one\ndevice = "cpu"\n'


def test_a_link_to_a_file_elsewhere_stays_a_link(own_settings: Path, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles.toml"
    kept.write_text("")
    own_settings.parent.mkdir(parents=True)
    own_settings.symlink_to(kept)
    write_user_setting("model.name", "b")
    assert own_settings.is_symlink()
    assert "b" in kept.read_text()


@pytest.mark.parametrize("broken", ["[model\n", 'model = "static"\n', "\xff"])
def test_a_file_that_is_no_settings_is_left_alone(own_settings: Path, broken: str) -> None:
    own_settings.parent.mkdir(parents=True)
    own_settings.write_bytes(broken.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"model\.name cannot be written"):
        write_user_setting("model.name", "b")
    assert own_settings.read_bytes() == broken.encode("latin-1")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_said(own_settings: Path) -> None:
    own_settings.parent.mkdir(parents=True, mode=0o500)
    with pytest.raises(SettingsError, match="cannot be written"):
        write_user_setting("model.name", "b")


def test_the_file_is_the_one_that_is_read() -> None:
    assert user_settings_file().name == "codearch.toml"

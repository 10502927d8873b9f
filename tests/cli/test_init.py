"""`spv-sim init`: files that read without fault, and nothing overwritten."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from spv_sim.scenario.json_schema import make_json_schema
from spv_sim.scenario.read import read
from tests.cli.invoke import Shell


def test_the_files_are_sound(shell: Shell, tmp_path: Path) -> None:
    done = shell("init", tmp_path / "new" / "deal")
    assert (done.status, done.err) == (0, "")
    folder = tmp_path / "new" / "deal"
    assert sorted(path.name for path in folder.iterdir()) == ["scenario.schema.json", "scenario.toml"]
    assert f"next: spv-sim run {folder / 'scenario.toml'}" in done.out
    assert read(folder / "scenario.toml").warnings == ()
    assert (folder / "scenario.toml").read_text().startswith("#:schema ./scenario.schema.json\n")
    assert json.loads((folder / "scenario.schema.json").read_text()) == make_json_schema()


def test_the_current_folder_is_the_default(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shell("init").status == 0
    assert (tmp_path / "scenario.toml").exists()


@pytest.mark.parametrize("name", ["scenario.toml", "scenario.schema.json"])
def test_nothing_is_overwritten(shell: Shell, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    done = shell("init", tmp_path)
    assert done.status == 2
    assert f"{tmp_path / name}: error[exists]" in done.err
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_a_dangling_link_is_not_followed(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").symlink_to(tmp_path / "elsewhere")
    assert shell("init", tmp_path).status == 2
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_where_the_folder_should_be(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "deal").write_text("")
    done = shell("init", tmp_path / "deal")
    assert done.status == 4
    assert "cannot write" in done.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_no_permission(shell: Shell, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = shell("init", tmp_path / "deal")
    tmp_path.chmod(0o700)
    assert done.status == 4

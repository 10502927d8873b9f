"""The manifest names what made a run, and finds every change to it."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spv_sim.errors import UserError
from spv_sim.store.files import write_file
from spv_sim.store.manifest import git_hash, package_versions, provenance, relative_command, seal, verify

STARTED = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


def _run(folder: Path) -> Path:
    folder.mkdir()
    write_file(folder / "run.json", b"{}\n")
    (folder / "charts").mkdir()
    write_file(folder / "charts" / "a.svg", "<svg/>")
    made = provenance(kernel_digest="ab", seed=1, paths=10, command=["run", "x.toml"])
    seal(folder, made, started=STARTED, seconds=1.23456)
    return folder


def test_contents(tmp_path: Path) -> None:
    told = json.loads((_run(tmp_path / "r") / "manifest.json").read_text())
    assert told["generator"] == "Philox4x32-10"
    assert told["packages"]["numpy"]
    assert told["command"] == ["spv-sim", "run", "x.toml"]
    assert told["started"] == "2026-11-24T18:00:00+00:00"
    assert told["seconds"] == 1.235
    assert set(told["files"]) == {"run.json", "charts/a.svg"}
    assert all(told[name] for name in ("version", "python", "cpu", "os"))


def test_provenance_is_equal_for_equal_runs() -> None:
    made = [provenance(kernel_digest="ab", seed=1, paths=10, command=["run"]) for _ in range(2)]
    assert made[0] == made[1]


def test_verify_finds_every_kind_of_change(tmp_path: Path) -> None:
    folder = _run(tmp_path / "r")
    assert verify(folder) == ()
    (folder / "charts" / "a.svg").write_text("<svg></svg>")
    (folder / "new.txt").write_text("x")
    (folder / "run.json").unlink()
    faults = verify(folder)
    assert sorted(faults) == [
        "charts/a.svg was changed",
        "new.txt is not in the manifest",
        "run.json is missing",
    ]


def test_verify_does_not_trust_a_link(tmp_path: Path) -> None:
    folder = _run(tmp_path / "r")
    (tmp_path / "same").write_bytes((folder / "run.json").read_bytes())
    (folder / "run.json").unlink()
    (folder / "run.json").symlink_to(tmp_path / "same")
    assert verify(folder) == ("run.json is a link",)


@pytest.mark.parametrize("content", [None, b"", b"[]", b"{}", b'{"files": 3}', b"\xff", b"[" * 100_000])
def test_a_broken_manifest_is_a_user_error(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(UserError, match="manifest"):
        verify(tmp_path)


def test_git_hash_never_fails(tmp_path: Path) -> None:
    assert git_hash(tmp_path) is None
    (tmp_path / ".git").mkdir()
    assert git_hash(tmp_path) is None
    assert git_hash(tmp_path / "absent") is None


def test_git_hash_tells_commit_and_change(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        return subprocess.run(
            ["git", "-C", str(tmp_path), *who, *words], check=True, capture_output=True, text=True
        ).stdout.strip()

    git("init", "-q")
    (tmp_path / "a").write_text("1")
    git("add", "a")
    git("commit", "-q", "-m", "one")
    head = git("rev-parse", "HEAD")
    assert git_hash(tmp_path) == head
    (tmp_path / "a").write_text("2")
    assert git_hash(tmp_path) == f"{head}-dirty"


def test_command_tells_no_absolute_path(tmp_path: Path) -> None:
    words = [
        "run",
        str(tmp_path / "deal.toml"),
        f"--output={tmp_path / 'out'}",
        "--set",
        "lease.rate=2 USD/GPU-hour",
    ]
    told = relative_command(words, tmp_path)
    assert told == ["spv-sim", "run", "deal.toml", "--output=out", "--set", "lease.rate=2 USD/GPU-hour"]


def test_an_absent_package_has_no_version() -> None:
    assert package_versions(["no-such-package-here"]) == {"no-such-package-here": None}

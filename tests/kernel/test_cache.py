"""The cache of compiled kernels: found again, never stale, never believed when broken, and done without."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from numba.core.errors import NumbaError

from spv_sim.kernel import cache, jit

ROOT = Path(__file__).parents[2]

# A package of its own with the real kernel room's cache and compiler settings, and nothing else to compile.
CALLEE = "from spv_sim.kernel.jit import jit\n\n@jit\ndef part(x):\n    return x * {factor}\n"
CALLER = """
from spv_sim.kernel.jit import CACHE, guarded, kernel
from spv_sim.market.part import part

@kernel
def whole(x):
    return part(x) + 1.0

if __name__ == "__main__":
    answer = guarded(lambda: whole(1.0))
    stats = getattr(whole, "stats", None)
    print(answer, sum(stats.cache_hits.values()) if stats else 0, CACHE)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small copy of the package: settings, one callee, one caller."""
    package = tmp_path / "project" / "spv_sim"
    for room in ("kernel", "market"):
        (package / room).mkdir(parents=True)
        (package / room / "__init__.py").touch()
    (package / "__init__.py").touch()
    for name in ("cache", "jit", "numba_patches"):
        (package / "kernel" / f"{name}.py").write_text((ROOT / f"spv_sim/kernel/{name}.py").read_text())
    (package / "market" / "part.py").write_text(CALLEE.format(factor=2.0))
    (package / "market" / "whole.py").write_text(CALLER)
    return package.parent


def run(project: Path, **environment: str) -> tuple[str, int, str, str]:
    """Answer, cache hits, cache folder and stderr of one process of the small package."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("NUMBA_CACHE_DIR", "SPV_SIM_CACHE_DIR", "NUMBA_DISABLE_JIT")
    }
    home = str(project.parent / "cache")
    done = subprocess.run(
        [sys.executable, "-m", "spv_sim.market.whole"],
        cwd=project,
        env={**kept, "PYTHONPATH": str(project), "XDG_CACHE_HOME": home, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer, hits, folder = done.stdout.split()
    return answer, int(hits), folder, done.stderr


def compiled_files(folder: str, ending: str) -> list[Path]:
    found = sorted(Path(folder).rglob(f"*.{ending}"))
    assert found
    return found


def test_found_again_by_a_second_process_in_a_private_folder(project: Path) -> None:
    first = run(project)
    assert first[:2] == ("3.0", 0)
    folder = Path(first[2])
    assert folder.parent == project.parent / "cache" / "spv-sim"
    assert folder.stat().st_mode & 0o077 == 0
    assert run(project) == ("3.0", 1, first[2], "")


def test_an_edited_callee_is_seen(project: Path) -> None:
    before = run(project)
    (project / "spv_sim" / "market" / "part.py").write_text(CALLEE.format(factor=20.0))
    after = run(project)
    assert after[:2] == ("21.0", 0)
    assert after[2] != before[2]


FAULTS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "cut": lambda content: content[: len(content) // 2],
    "garbage": lambda content: b"\x80\x04garbage" * 40,
    "flipped": lambda content: (
        content[:200] + bytes([content[200] ^ 0x10]) + content[201:]  # past the header, inside what is kept
    ),
}


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
def test_a_broken_file_is_compiled_again(project: Path, ending: str) -> None:
    folder = run(project)[2]
    for name, fault in FAULTS.items():
        for file in compiled_files(folder, ending):
            file.write_bytes(fault(file.read_bytes()))
        assert run(project)[:2] == ("3.0", 0), name
    assert run(project)[:2] == ("3.0", 1)


def test_a_file_that_cannot_be_read_at_all(project: Path) -> None:
    folder = run(project)[2]
    for file in compiled_files(folder, "nbi"):
        file.unlink()
        file.mkdir()
    answer, _, _, note = run(project)
    assert answer == "3.0"
    assert "compiling again" in note
    # What was compiled before the fault was met is kept by the next process.
    assert run(project)[:2] == ("3.0", 0)
    assert run(project)[:2] == ("3.0", 1)


def test_where_nothing_can_be_written_kernels_last_one_run(project: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    answer, _, folder, note = run(project, XDG_CACHE_HOME=str(tmp_path / "file" / "below"))
    assert answer == "3.0"
    assert note.count("note:") == 1
    assert "for this run only" in note
    assert not Path(folder).exists()


def test_the_root_can_be_named_and_a_child_process_shares_it(project: Path, tmp_path: Path) -> None:
    named = run(project, SPV_SIM_CACHE_DIR=str(tmp_path / "mine"))[2]
    assert Path(named).parent == tmp_path / "mine" / "spv-sim"
    # What the first process leaves in its environment for its children.
    child = run(project, NUMBA_CACHE_DIR=named)
    assert child[1:3] == (1, named)
    under = run(project, NUMBA_CACHE_DIR=str(tmp_path / "other"))[2]
    assert Path(under).parent == tmp_path / "other" / "spv-sim"


def test_plain_python_keeps_nothing(project: Path) -> None:
    assert run(project, NUMBA_DISABLE_JIT="1")[:3] == ("3.0", 0, "None")
    assert not (project.parent / "cache").exists()


def test_old_folders_go_and_strangers_stay(tmp_path: Path) -> None:
    for age in range(7):
        folder = tmp_path / f"{age:064x}"
        folder.mkdir()
        os.utime(folder, (1e9 - age, 1e9 - age))
    (tmp_path / "notes").mkdir()
    cache.drop_old(tmp_path)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [
        *(f"{age:064x}" for age in range(4)),
        "notes",
    ]


def test_a_folder_others_may_write_to_is_closed_and_a_link_refused(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    cache.make_private(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(NotADirectoryError):
        cache.make_private(tmp_path / "link")


def test_another_owner_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(PermissionError, match="another user"):
        cache.make_private(tmp_path)


def test_without_a_temporary_folder_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SPV_SIM_CACHE_DIR", str(tmp_path / "file" / "below"))
    monkeypatch.setattr(cache.tempfile, "mkdtemp", lambda prefix: (_ for _ in ()).throw(OSError("full")))
    assert cache.open_cache() is None
    assert "not kept" in capsys.readouterr().err


def test_guarded_tries_again_without_the_cache_and_then_gives_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = []

    def fail() -> None:
        calls.append(1)
        raise ValueError("my own")

    class Kept:
        _cache: object = None

    kept = Kept()
    (tmp_path / "code").touch()
    monkeypatch.setattr(jit, "CACHE", tmp_path)
    monkeypatch.setattr(jit, "kept", [kept])
    with pytest.raises(ValueError, match="my own"):
        jit.guarded(fail)
    assert len(calls) == 3
    assert list(tmp_path.iterdir()) == []
    assert kept._cache is not None
    assert "compiling again" in capsys.readouterr().err


def test_guarded_leaves_a_fault_of_the_kernel_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def fail() -> None:
        calls.append(1)
        raise NumbaError("does not type")

    with pytest.raises(NumbaError):
        jit.guarded(fail)
    monkeypatch.setattr(jit, "CACHE", None)
    with pytest.raises(NumbaError):
        jit.guarded(fail)
    assert len(calls) == 2

"""A run folder appears whole or not at all, and never destroys what is not a run."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from spv_sim.errors import UserError
from spv_sim.store.files import write_file
from spv_sim.store.manifest import seal, verify
from spv_sim.store.run_folder import check_target, staged, sweep_stale

STARTED = datetime(2026, 1, 1, tzinfo=UTC)


def fill(folder: Path, content: str) -> None:
    write_file(folder / "run.json", content)
    (folder / "charts").mkdir()
    write_file(folder / "charts" / "a.svg", content * 100)
    seal(folder, {"paths": 1}, started=STARTED, seconds=0.0)


def publish(final: Path, content: str = "one", *, automatic: bool = True) -> None:
    with staged(final, automatic=automatic) as folder:
        fill(folder, content)


def hidden(parent: Path) -> list[str]:
    return [name for name in os.listdir(parent) if name.startswith(".")]


def test_published_whole_and_replaced(tmp_path: Path) -> None:
    final = tmp_path / "runs" / "a-12345678"
    publish(final)
    assert verify(final) == ()
    publish(final, "two")
    assert (final / "run.json").read_text() == "two"
    assert verify(final) == ()
    assert hidden(final.parent) == []


def test_an_error_inside_leaves_the_old_run(tmp_path: Path) -> None:
    final = tmp_path / "a"
    publish(final)

    def stumble() -> None:
        with staged(final) as folder:
            fill(folder, "two")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    assert (final / "run.json").read_text() == "one"
    assert hidden(tmp_path) == []


def test_an_empty_folder_of_the_user_is_taken(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    publish(tmp_path / "out", automatic=False)
    assert verify(tmp_path / "out") == ()


@pytest.mark.parametrize("case", ["folder", "file", "stranger", "link", "dangling", "nested empty"])
def test_what_is_not_a_run_is_left_alone(tmp_path: Path, case: str) -> None:
    final = tmp_path / "out"
    if case == "folder":
        final.mkdir()
        (final / "thesis.txt").write_text("mine")
    elif case == "file":
        final.write_text("mine")
    elif case == "stranger":
        publish(final)
        (final / "notes.txt").write_text("mine")
    elif case == "link":
        (tmp_path / "real").mkdir()
        final.symlink_to(tmp_path / "real")
    elif case == "dangling":
        final.symlink_to(tmp_path / "nowhere")
    else:
        (final / "inner").mkdir(parents=True)
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    with pytest.raises(UserError) as told:
        publish(final, automatic=False)
    assert told.value.exit_code == 2
    assert "-o DIR" in str(told.value)
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


def test_an_automatic_place_behind_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "runs").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="link"):
        check_target(tmp_path / "runs" / "a")
    check_target(tmp_path / "runs" / "a", automatic=False)  # the user typed that path


class Breaker:
    """Fails the n-th of the calls that touch the disk."""

    def __init__(self, number: int, code: int) -> None:
        self.left, self.code = number, code

    def wrap(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                raise OSError(self.code, os.strerror(self.code))
            return call(*args, **kwargs)

        return counted


def attempt(final: Path, content: str) -> UserError | None:
    try:
        publish(final, content)
    except UserError as told:
        return told
    return None


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO])
@pytest.mark.parametrize("old", [False, True])
def test_every_failing_call_leaves_a_whole_folder_or_none(tmp_path: Path, code: int, old: bool) -> None:
    failures = 0
    for number in range(1, 200):
        final = tmp_path / f"{number}" / "run"
        if old:
            publish(final, "old")
        breaker = Breaker(number, code)
        with pytest.MonkeyPatch.context() as patch:
            for name in ("open", "write", "fsync", "rename", "mkdir"):
                patch.setattr(os, name, breaker.wrap(getattr(os, name)))
            told = attempt(final, "new")
        if breaker.left > 0:
            break
        if told is not None:
            failures += 1
            assert told.exit_code == 4
            assert str(final) in str(told)
        if final.exists():
            assert verify(final) == ()
            assert (final / "run.json").read_text() in (("old", "new") if old else ("new",))
        else:
            assert not old
        if final.parent.exists():
            sweep_stale(final.parent)
            assert hidden(final.parent) == []
    else:
        pytest.fail("the loop never got through")
    assert failures >= 15  # opens, writes, fsyncs of three files and two folders, and the renames


def test_a_full_disk_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="free some space") as told, staged(tmp_path / "a"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert told.value.exit_code == 4


CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.store.test_run_folder import publish
print("ready", flush=True)
for number in range(100000):
    publish(Path({final!r}), str(number))
"""


def test_sigkill_at_any_instant(tmp_path: Path) -> None:
    root, final = str(Path(__file__).parents[2]), tmp_path / "runs" / "a"
    rng = random.Random(1)
    left = 0
    for _ in range(12):
        code = CHILD.format(root=root, final=str(final))
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(rng.uniform(0.002, 0.06))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        if final.exists():
            assert verify(final) == ()
        left += len(hidden(final.parent)) if final.parent.exists() else 0
    publish(final, "last")
    assert verify(final) == ()
    assert hidden(final.parent) == []
    assert left > 0, "no kill hit a run in the middle: the test saw nothing"


def test_a_retired_run_returns_when_its_replacement_never_came(tmp_path: Path) -> None:
    publish(tmp_path / "a", "old")
    (tmp_path / "a").rename(tmp_path / ".old-spv-sim-a-0123456789ab")
    sweep_stale(tmp_path)
    assert (tmp_path / "a" / "run.json").read_text() == "old"


def test_half_a_retired_run_does_not_return(tmp_path: Path) -> None:
    publish(tmp_path / "a", "old")
    (tmp_path / "a" / "charts" / "a.svg").unlink()
    (tmp_path / "a").rename(tmp_path / ".old-spv-sim-a-0123456789ab")
    sweep_stale(tmp_path)
    assert os.listdir(tmp_path) == []


def test_a_live_staging_folder_is_not_stale(tmp_path: Path) -> None:
    with staged(tmp_path / "a") as folder:
        sweep_stale(tmp_path)
        fill(folder, "one")
    assert verify(tmp_path / "a") == ()


def test_racing_threads_publish_whole_folders(tmp_path: Path) -> None:
    final, faults = tmp_path / "a", []

    def race(name: str) -> None:
        for _ in range(10):
            try:
                publish(final, name)
            except UserError as fault:
                faults.append(str(fault))

    threads = [threading.Thread(target=race, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert verify(final) == ()
    assert hidden(tmp_path) == []

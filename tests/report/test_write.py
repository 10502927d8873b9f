"""The files of a report: there, new, equal in every process, and quick."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from spv_sim.report.write import write
from tests.report.example import example

ROOT = str(Path(__file__).parents[2])
CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.report.example import example
from spv_sim.report.write import write
write(*example(800, 64), Path({folder!r}))
loaded = {{"matplotlib.pyplot", "numba", "pydantic", "click"}} & set(sys.modules)
sys.exit(str(loaded) if loaded else 0)
"""


def test_files_are_written_once(tmp_path: Path) -> None:
    files = write(*example(800, 64), tmp_path)
    assert [path.name for path in files][-1] == "report.html"
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(files)
    assert files[0].name == "01-sources-and-uses.svg"
    with pytest.raises(FileExistsError):
        write(*example(800, 64), tmp_path)


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "report.html").symlink_to(tmp_path / "victim")
    with pytest.raises(FileExistsError):
        write(*example(800, 64), tmp_path / "run")
    assert not (tmp_path / "victim").exists()


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", "1"), ("b", "2")):
        (tmp_path / name).mkdir()
        code = CHILD.format(root=ROOT, folder=str(tmp_path / name))
        environment = {
            "PYTHONHASHSEED": seed,
            "PATH": "/usr/bin",
            "HOME": str(tmp_path),
            "MPLCONFIGDIR": str(tmp_path),
        }
        subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, env=environment)
    names = sorted(str(path.relative_to(tmp_path / "a")) for path in (tmp_path / "a").rglob("*.*"))
    assert len(names) == 10
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name

"""The wheel holds what the program reads beside its sources."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_wheel_holds_tables_templates_and_types(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    beside = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "spv_sim").rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert "spv_sim/results/idealised_loss.json" in beside
    assert beside <= names

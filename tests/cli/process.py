"""Runs the command line in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[2]
BASE = ROOT / "scenarios" / "vci-h100.toml"
PUBLISHED = ROOT / "scenarios" / "vci-h100-published.toml"


def _restore_signals() -> None:
    """What a shell gives a command in the foreground, however these tests were started."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def begin(
    *arguments: object,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdout: int | IO[Any] = subprocess.PIPE,
    before: Any = _restore_signals,
) -> subprocess.Popen[str]:
    """Start `python -m spv_sim` in a folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "spv_sim", *(str(argument) for argument in arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=before,
    )


def finish(process: subprocess.Popen[str], seconds: float = 120) -> subprocess.CompletedProcess[str]:
    """Wait for a process and what it wrote."""
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return subprocess.CompletedProcess(process.args, process.returncode, out or "", err)


def spv_sim(*arguments: object, cwd: Path, **how: Any) -> subprocess.CompletedProcess[str]:
    """Run `python -m spv_sim` in a folder to its end."""
    return finish(begin(*arguments, cwd=cwd, **how))


def below(folder: Path) -> list[str]:
    """Everything in a folder, hidden or not."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))

"""Whole processes: how they are started, and that their failure is ours."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

INTERRUPTED = 128 + signal.SIGINT


def run_process(
    arguments: Sequence[str],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.CompletedProcess[str]:
    """A whole process, run in `folder` to its good end.

    Raises
    ------
    RuntimeError : it ended with another status than 0.
    KeyboardInterrupt : it was interrupted, as this process then is too.
    """
    done = subprocess.run(  # noqa: S603
        arguments,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode in (-signal.SIGINT, INTERRUPTED):
        raise KeyboardInterrupt
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
    return done


def run_tied_process(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """The same for a long process that calls `end_with_parent`.

    A signal that comes while the process is being started would leave it behind.
    """
    theirs, ours = os.pipe()
    try:
        return run_process(arguments, stdin=theirs)
    finally:
        os.close(theirs)
        os.close(ours)


def end_with_parent() -> None:
    """End this process, as if interrupted, as soon as its standard input does."""

    def wait() -> None:
        while os.read(0, 1):
            pass
        os._exit(INTERRUPTED)

    threading.Thread(target=wait, daemon=True).start()


def spv_sim(*arguments: str) -> list[str]:
    """Command line of the installed program, else of the module."""
    script = Path(sys.executable).with_name("spv-sim")
    return [str(script), *arguments] if script.exists() else [sys.executable, "-m", "spv_sim", *arguments]


def python(statement: str) -> list[str]:
    """Command line of one statement."""
    return [sys.executable, "-c", statement]

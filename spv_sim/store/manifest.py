"""Says what a result was made by and of, so that it can be made again and checked."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import spv_sim
from spv_sim.errors import Problem, UserError
from spv_sim.store.document import document
from spv_sim.store.files import contents, digest, write_file

GENERATOR = "Philox4x32-10"
PACKAGES = ("numpy", "numba", "llvmlite", "scipy")
MANIFEST = "manifest.json"


def git_hash(root: Path | None = None) -> str | None:
    """Commit of the source checkout, with `-dirty` when it differs; None outside one. Never fails."""
    root = Path(__file__).parents[2] if root is None else root
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return None
    command = [git, "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=2, check=True)  # noqa: S603
        return done.stdout.decode("ascii").strip() or None
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def cpu_model() -> str:
    """Name of the processor as the operating system gives it, else its architecture."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as listing:
            for line in listing:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def package_versions(names: Sequence[str] = PACKAGES) -> dict[str, str | None]:
    """Installed version of each package; None where it is not installed."""
    from importlib import metadata

    found: dict[str, str | None] = {}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    return found


def shown_path(path: str, start: Path | None = None) -> str:
    """A path as results tell it: relative to `start`, else the current folder, so that no home is told."""
    return os.path.relpath(path, Path.cwd() if start is None else start) if os.path.isabs(path) else path


def relative_command(arguments: Sequence[str], start: Path | None = None) -> list[str]:
    """Command line with absolute paths written relative to `start`, so that no home folder is told.

    Parameters
    ----------
    arguments : words of the command after the program's name.
    start : folder that paths are made relative to; the current one if None.
    """

    def shorten(word: str) -> str:
        head, equals, tail = word.rpartition("=")
        return head + equals + shown_path(tail, start)

    return ["spv-sim", *(shorten(word) for word in arguments)]


def provenance(
    *,
    kernel_digest: str,
    seed: int,
    paths: int,
    command: Sequence[str],
    columns: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What decides the numbers and where they were made: equal for equal runs on one machine.

    Parameters
    ----------
    kernel_digest : digest of the compiled sources [hex].
    seed : key of the generator [uint64].
    paths : number of paths.
    command : words after the program's name; absolute paths are made relative.
    columns : name -> sha256 of a kept column (`columns.column_digest`).
    """
    return {
        "version": spv_sim.__version__,
        "git": git_hash(),
        "kernel_digest": kernel_digest,
        "generator": GENERATOR,
        "seed": seed,
        "paths": paths,
        "python": platform.python_version(),
        "packages": package_versions(),
        "cpu": cpu_model(),
        "os": f"{platform.system()} {platform.release()} {platform.machine()}",
        "command": relative_command(command),
        "columns": dict(columns or {}),
    }


def seal(folder: Path, made: Mapping[str, Any], *, started: datetime, seconds: float) -> str:
    """Write `manifest.json`: provenance, start, duration [s], sha256 of each other file; return its own.

    Only this file differs between two equal runs.
    """
    files = {name: digest(path) for name, path in contents(folder) if name != MANIFEST}
    when = started.isoformat(timespec="seconds")
    body = {**made, "started": when, "seconds": round(seconds, 3), "files": files}
    return write_file(folder / MANIFEST, document(body))


def files_told(folder: Path) -> dict[str, str]:
    """Name -> sha256 of each file that a folder's manifest lists.

    Raises
    ------
    UserError : no manifest, or one that cannot be read.
    """
    try:
        told = json.loads((folder / MANIFEST).read_bytes())["files"]
        return {str(name): str(value) for name, value in told.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        message = f"{folder} has no readable {MANIFEST}"
        raise UserError(Problem("run-folder", message)) from fault


def verify(folder: Path) -> tuple[str, ...]:
    """Every way in which a run folder differs from its manifest, as sentences; empty when it agrees."""
    told = files_told(folder)
    found = {name: path for name, path in contents(folder) if name != MANIFEST}
    faults = [f"{name} is missing" for name in told if name not in found]
    for name, path in found.items():
        if name not in told:
            faults.append(f"{name} is not in the manifest")
        elif path.is_symlink():
            faults.append(f"{name} is a link")
        elif digest(path) != told[name]:
            faults.append(f"{name} was changed")
    return tuple(faults)

"""Where compiled kernels are kept: a private folder named by the digest of everything they depend on."""

from __future__ import annotations

import atexit
import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import llvmlite.binding

# The rooms whose source ends up in machine code; numba itself looks at the outermost function's file alone.
ROOMS = ("kernel", "market", "spv", "engine")
FAMILY = "spv-sim"
KEPT = 4
DIGEST = re.compile(r"[0-9a-f]{64}")


@lru_cache(maxsize=1)
def kernel_digest() -> str:
    """Digest of the kernel sources, the compiler's versions and the processor: names the cache folder."""
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parent.parent
    for room in ROOMS:
        for source in sorted((package / room).rglob("*.py")):
            digest.update(f"{source.relative_to(package).as_posix()}\0".encode())
            digest.update(hashlib.sha256(source.read_bytes()).digest())
    for name in ("numba", "llvmlite", "numpy"):
        digest.update(f"{name} {version(name)}\0".encode())
    digest.update(f"{sys.version}\0{llvmlite.binding.get_host_cpu_name()}\0".encode())
    digest.update(llvmlite.binding.get_host_cpu_features().flatten().encode())
    return digest.hexdigest()


def cache_root() -> Path:
    """Folder under which the user's caches lie.

    SPV_SIM_CACHE_DIR, else NUMBA_CACHE_DIR, else XDG_CACHE_HOME, else ~/.cache.
    """
    named = os.environ.get("SPV_SIM_CACHE_DIR")
    if named:
        return Path(named)
    named = os.environ.get("NUMBA_CACHE_DIR")
    if named:
        folder = Path(named)
        # A parent process of ours has set it to its own digest folder already.
        ours = folder.parent.name == FAMILY and DIGEST.fullmatch(folder.name)
        return folder.parent.parent if ours else folder
    named = os.environ.get("XDG_CACHE_HOME")
    return Path(named) if named and os.path.isabs(named) else Path.home() / ".cache"


def make_private(folder: Path) -> None:
    """Makes a folder that nobody else can write to; OSError where that cannot be had.

    Cache files are executed when they are loaded: a folder that others may write to is never used.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(f"{folder} is not a folder")
    if hasattr(os, "getuid") and status.st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user")
    if status.st_mode & 0o077:
        folder.chmod(0o700)
    with tempfile.TemporaryFile(dir=folder):
        pass


def drop_old(family: Path, kept: int = KEPT) -> None:
    """Deletes all but the most recently used digest folders."""
    folders = [entry for entry in family.iterdir() if DIGEST.fullmatch(entry.name) and not entry.is_symlink()]
    folders.sort(key=lambda entry: entry.stat().st_mtime, reverse=True)
    for folder in folders[kept:]:
        shutil.rmtree(folder, ignore_errors=True)


def open_cache() -> Path | None:
    """The cache folder of these sources, made if need be; else, with a note, a temporary one or None."""
    try:
        family = cache_root() / FAMILY
        make_private(family)
        folder = family / kernel_digest()
        fresh = not folder.exists()
        make_private(folder)
        os.utime(folder)
        if fresh:
            drop_old(family)
        return folder
    except (OSError, RuntimeError) as fault:
        reason = fault
    try:
        folder = Path(tempfile.mkdtemp(prefix=f"{FAMILY}-"))
    except OSError:
        note(f"compiled kernels are not kept ({reason})")
        return None
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    note(f"compiled kernels are kept for this run only ({reason})")
    return folder


def note(text: str) -> None:
    """One line on stderr."""
    print(f"spv-sim: note: {text}", file=sys.stderr)


def empty(folder: Path) -> None:
    """Deletes what a cache folder holds; what cannot be deleted stays."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)

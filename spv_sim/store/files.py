"""Creates files that did not exist before, never through a link, and makes them durable."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_BLOCK = 1 << 20


class NewFile(io.RawIOBase):
    """A write-only file created by this object; `sha256` is that of the bytes written so far.

    Raises
    ------
    FileExistsError : something, a dangling link included, has the name already.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._fd = -1
        self._hash = hashlib.sha256()
        self._fd = os.open(path, _NEW, 0o666)

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        view = memoryview(content).cast("B")
        self._hash.update(view)
        done = 0
        while done < len(view):
            done += os.write(self._fd, view[done:])
        return done

    def close(self) -> None:
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)
        super().close()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


def write_file(path: Path, content: bytes | str) -> str:
    """Create a file with this content and return its sha256; text is written as UTF-8."""
    with NewFile(path) as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)
        return file.sha256


def digest(path: Path) -> str:
    """sha256 [64 hex digits] of a file's bytes, read in blocks."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def contents(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each entry below a folder that is not itself a folder, as (relative name with /, path), sorted."""
    for entry in sorted(os.scandir(folder), key=lambda found: found.name):
        if entry.is_dir(follow_symlinks=False):
            for name, path in contents(Path(entry.path)):
                yield f"{entry.name}/{name}", path
        else:
            yield entry.name, Path(entry.path)


def settle(path: Path) -> None:
    """Push a file or folder to the disk; returns when the device says it is there."""
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def settle_tree(folder: Path) -> None:
    """Push every file of a folder, then the folders, to the disk."""
    for entry in sorted(os.scandir(folder), key=lambda found: found.name):
        if entry.is_dir(follow_symlinks=False):
            settle_tree(Path(entry.path))
        else:
            settle(Path(entry.path))
    settle(folder)

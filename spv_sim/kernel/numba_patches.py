"""Two things done otherwise than numba does them: its look for a BLAS, and its trust in cache files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from numba.core.caching import IndexDataCacheFile

SEAL = hashlib.sha256().digest_size


def import_without_blas() -> None:
    """Lets numba put off its look for a BLAS, which imports scipy.linalg (0.2 s), until matrices multiply."""
    if find_spec("scipy") is None:
        return
    from numba.np import linalg

    look = linalg.ensure_blas
    linalg.ensure_blas = lambda: None
    try:
        from numba.np import arraymath
    finally:
        linalg.ensure_blas = look
    arraymath.ensure_blas = look


class SealedCacheFile(IndexDataCacheFile):  # type: ignore[misc]
    """Numba's index and code files with a digest at their end; one that does not fit counts as no file."""

    def _load_index(self) -> Any:
        return super()._load_index() if is_sealed(Path(self._index_path)) else {}

    def _load_data(self, name: str) -> Any:
        if not is_sealed(Path(self._data_path(name))):
            raise OSError(f"{name} is broken")  # which numba takes for a missing file
        return super()._load_data(name)

    @contextmanager
    def _open_for_write(self, filepath: str) -> Iterator[IO[bytes]]:
        with super()._open_for_write(filepath) as file:
            yield file
            file.flush()
            # What numba reads ends by itself, so the digest behind it is not seen.
            file.write(hashlib.sha256(Path(file.name).read_bytes()).digest())


def is_sealed(path: Path) -> bool:
    """Whether a file is there and ends in the digest of the rest of it."""
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return hashlib.sha256(content[:-SEAL]).digest() == content[-SEAL:]


def seal(compiled: Any) -> None:
    """Makes a compiled function keep its code in sealed files."""
    file = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if type(file) is IndexDataCacheFile:
        file.__class__ = SealedCacheFile

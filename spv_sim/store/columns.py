"""Keeps per-path columns in an npz file whose bytes depend on the numbers alone."""

from __future__ import annotations

import hashlib
import io
import math
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
from numpy.lib import format as npy

from spv_sim.errors import Problem, UserError
from spv_sim.store.files import NewFile

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold
LARGEST = 1 << 34  # bytes that one column may claim to hold, checked before any memory is taken


def column_digest(column: np.ndarray[Any, Any]) -> str:
    """sha256 [64 hex digits] of a column's type, shape and little-endian bytes."""
    array = np.ascontiguousarray(column)
    array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    found = hashlib.sha256(f"{array.dtype.str}{array.shape}".encode())
    found.update(array.reshape(-1).view(np.uint8).data if array.size else b"")
    return found.hexdigest()


def write_columns(path: Path, columns: Mapping[str, np.ndarray[Any, Any]]) -> str:
    """Write columns, sorted by name and uncompressed, and return the file's sha256.

    Parameters
    ----------
    path : file to create, ending `.npz`; it must not exist.
    columns : name -> array of numbers, usually (n_paths,) float64.

    Raises
    ------
    ValueError : a column of Python objects.
    """
    with NewFile(path) as file:
        with zipfile.ZipFile(cast(IO[bytes], file), "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            for name in sorted(columns):
                member = zipfile.ZipInfo(f"{name}.npy", _EPOCH)
                member.create_system = 3
                member.external_attr = 0o644 << 16
                with archive.open(member, "w", force_zip64=True) as target:
                    npy.write_array(target, np.asanyarray(columns[name]), allow_pickle=False)
        return file.sha256


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> np.ndarray[Any, Any]:
    if member.compress_type != zipfile.ZIP_STORED or member.file_size > LARGEST:
        raise ValueError("a compressed or oversized column")
    with archive.open(member) as source:
        version = npy.read_magic(source)
        if version != (1, 0):
            raise ValueError(f"npy version {version}")
        shape, _, dtype = npy.read_array_header_1_0(source)
        claimed = math.prod(shape) * dtype.itemsize
        if dtype.hasobject or claimed != member.file_size - source.tell():
            raise ValueError("a header that does not fit its content")
        source.seek(0)
        return cast("np.ndarray[Any, Any]", npy.read_array(io.BytesIO(source.read()), allow_pickle=False))


def read_columns(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """Read what `write_columns` wrote, without unpickling and without trusting any claimed size.

    Raises
    ------
    UserError : the file is missing, is no such file, or claims more than it holds.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            return {member.filename.removesuffix(".npy"): _read_member(archive, member) for member in members}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, NotImplementedError) as fault:
        raise UserError(Problem("columns", f"{path}: not a readable file of columns ({fault})")) from fault

"""Columns keep their numbers, and equal numbers give equal bytes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from spv_sim.errors import UserError
from spv_sim.store.columns import column_digest, read_columns, write_columns
from spv_sim.store.files import digest

COLUMNS = {
    "equity.irr": np.array([0.1, -1.0, np.nan, np.inf]),
    "lessee.default_month": np.array([np.inf, 3.0, 4.0, -0.0]),
    "empty": np.zeros(0),
}


def test_round_trip_is_exact(tmp_path: Path) -> None:
    told = write_columns(tmp_path / "c.npz", COLUMNS)
    found = read_columns(tmp_path / "c.npz")
    assert told == digest(tmp_path / "c.npz")
    assert set(found) == set(COLUMNS)
    for name, column in COLUMNS.items():
        assert column.tobytes() == found[name].tobytes()
        assert column_digest(column) == column_digest(found[name])
    with np.load(tmp_path / "c.npz", allow_pickle=False) as plain:  # any numpy reads it
        np.testing.assert_array_equal(plain["equity.irr"], COLUMNS["equity.irr"])


def test_equal_content_gives_equal_bytes(tmp_path: Path) -> None:
    write_columns(tmp_path / "a.npz", COLUMNS)
    write_columns(tmp_path / "b.npz", dict(reversed(COLUMNS.items())))
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_digest_sees_a_single_bit() -> None:
    one, other = np.ones(5), np.ones(5)
    other[3] = np.nextafter(1.0, 2.0)
    assert column_digest(one) != column_digest(other)
    assert column_digest(one) != column_digest(np.ones((5, 1)))


def test_objects_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="allow_pickle"):
        write_columns(tmp_path / "c.npz", {"a": np.array([object()])})


def _archive(path: Path, content: bytes, compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("a.npy", content)
    return path


def _header(shape: str, descr: str = "<f8") -> bytes:
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


@pytest.mark.parametrize("case", ["claims", "pickle", "compressed", "short", "no zip", "missing"])
def test_files_that_lie_are_refused(tmp_path: Path, case: str) -> None:
    path = tmp_path / "c.npz"
    if case == "claims":
        _archive(path, _header("(1000000000000,)"))
    elif case == "pickle":
        _archive(path, _header("(1,)", "|O") + b"\x80\x04N.")
    elif case == "compressed":
        buffer = io.BytesIO()
        np.save(buffer, np.zeros(1000))
        _archive(path, buffer.getvalue(), zipfile.ZIP_DEFLATED)
    elif case == "short":
        write_columns(path, COLUMNS)
        path.write_bytes(path.read_bytes()[:200])
    elif case == "no zip":
        path.write_bytes(b"hello")
    with pytest.raises(UserError, match=r"c\.npz"):
        read_columns(path)

"""Writes and reads tables of values as CSV: numbers to their last bit, nothing where there is none."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from spv_sim.errors import printable

Cell = float | str | None


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A header and rows as RFC 4180 says, with plain line ends; a number that is not finite leaves a gap."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow([_text(name) for name in header])
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return target.getvalue()


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return _text(cell)
    return "" if cell is None or not math.isfinite(cell) else repr(float(cell))


def _text(text: str) -> str:
    """One printable line that no spreadsheet takes for a formula."""
    plain = printable(text)
    return f"'{plain}" if plain[:1] in {"=", "+", "-", "@"} else plain


def read_csv(path: Path) -> tuple[list[str], list[list[float | str | None]]]:
    """Read what `as_csv` wrote: header and rows."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, [[_read(cell) for cell in row] for row in rows]


def _read(cell: str) -> float | str | None:
    if not cell:
        return None
    try:
        return float(cell)
    except ValueError:
        return cell

"""Tables as CSV: what is written is read back to the bit, and nothing in it is obeyed."""

from __future__ import annotations

import math
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from spv_sim.store.table import as_csv, read_csv

WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1).map(
    lambda text: f"w{text}"
)
CELLS = st.none() | st.floats(allow_nan=False, allow_infinity=False) | WORDS


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=5))
def test_round_trip(tmp_path_factory: object, rows: list[tuple[float | str | None, ...]]) -> None:
    path = Path(str(tmp_path_factory.mktemp("t"))) / "t.csv"  # type: ignore[attr-defined]
    path.write_text(as_csv(["a", "b, c", 'd"'], rows), encoding="utf-8")
    header, found = read_csv(path)
    assert header == ["a", "b, c", 'd"']
    assert [tuple(row) for row in found] == [tuple(map(shown, row)) for row in rows]


def shown(cell: float | str | None) -> float | str | None:
    from spv_sim.errors import printable

    return printable(cell) if isinstance(cell, str) else cell


def test_gaps_formulas_and_control_codes() -> None:
    text = as_csv(["a"], [[math.nan], [math.inf], [None], ["=cmd|x"], ["a\nb\x1b[0m"], [-1.5]])
    assert text == 'a\n""\n""\n""\n\'=cmd|x\na\\nb\\x1b[0m\n-1.5\n'

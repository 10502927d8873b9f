"""The edge cases of model §19 by number: each has a test that carries its number, or is not built."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CASES = {
    1: "cash flow of nothing in a sculpted period",
    2: "debt above the uses",
    3: "negative gearing",
    4: "default before completion, at the first rent, at the last",
    5: "downtime beyond the end",
    6: "claim after the end",
    7: "price at its floor, no units left",
    8: "event of default with the debt repaid",
    9: "sweep repays before maturity",
    10: "two covenants breached in one month",
    11: "negative base rate with and without a floor",
    12: "swap larger than the debt after a default",
    13: "mezzanine bullet not covered at the end",
    14: "equity cures used up",
    15: "no path has a rate of return",
    16: "no loss given default without default",
    17: "all equity",
    18: "no rent, escalation beyond the term",
    19: "closing on a leap day or a month's end",
    20: "default for sure",
    21: "one path",
    22: "answer of a solver that does not rise or fall alone",
    23: "correlation of exactly one",
    24: "lessee buys while the debt is outstanding",
    25: "refinancing into a worse market",
    26: "default of the guarantor",
    27: "cross-default of two vehicles",
    28: "tax losses left at exit",
    29: "return of a tranche never drawn",
    30: "distribution at completion",
}
NOT_BUILT: dict[int, str] = {}


def numbered() -> dict[int, list[str]]:
    """Names of the tests that carry a number of the list."""
    found: dict[int, list[str]] = {}
    for file in Path(__file__).parents[1].rglob("test_*.py"):
        for name, number in re.findall(r"def (test_(?:edge_)?(\d\d)_\w+)", file.read_text()):
            found.setdefault(int(number), []).append(f"{file.stem}.{name}")
    return found


FOUND = numbered()


@pytest.mark.parametrize("number", CASES, ids=lambda number: f"{number:02d} {CASES[number]}")
def test_every_edge_case_has_a_test(number: int) -> None:
    assert FOUND.get(number) or number in NOT_BUILT


def test_no_test_carries_another_number() -> None:
    assert set(FOUND) <= set(CASES)

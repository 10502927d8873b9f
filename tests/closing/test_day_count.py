"""Day counts against the given numbers; dates of the grid at the ends of months."""

from __future__ import annotations

from datetime import date

import pytest

from spv_sim.closing.day_count import DAY_COUNTS, actual_actual_isda, add_months, thirty_360
from tests.given import agrees, given

NAMES = {
    "ACT/360": "ACT/360",
    "ACT/365F": "ACT/365F",
    "30/360 bond basis": "30/360",
    "ACT/ACT ISDA": "ACT/ACT",
}


def test_daycount_given() -> None:
    inputs, expected, tolerance = given("daycount_given")
    for pair in ("a", "b"):
        start, end = (date.fromisoformat(text) for text in inputs[pair])
        for name, wanted in zip(inputs["conventions"], expected[pair], strict=True):
            assert agrees(DAY_COUNTS[NAMES[name]](start, end), wanted, tolerance)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-02-28", 1, "2026-03-31"),
        ("2024-02-28", 12, "2025-02-28"),
        ("2025-02-28", 36, "2028-02-29"),
        ("2026-01-30", 1, "2026-02-28"),
        ("2026-01-30", 2, "2026-03-30"),
        ("2026-11-15", 2, "2027-01-15"),
        ("2026-03-15", -3, "2025-12-15"),
    ],
)
def test_months_are_added_by_the_rule_of_month_ends(start: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(expected)


def test_thirty_360_counts_months_of_thirty_days() -> None:
    assert thirty_360(date(2026, 10, 31), date(2027, 10, 31)) == 1
    assert thirty_360(date(2026, 10, 15), date(2026, 11, 15)) == 1 / 12
    assert thirty_360(date(2026, 10, 15), date(2026, 10, 31)) == 16 / 360


def test_isda_splits_by_calendar_year() -> None:
    # ISDA's own memorandum: 1 November 2003 to 1 May 2004 is 61/365 + 121/366.
    assert actual_actual_isda(date(2003, 11, 1), date(2004, 5, 1)) == pytest.approx(61 / 365 + 121 / 366)
    assert actual_actual_isda(date(2003, 11, 1), date(2006, 5, 1)) == pytest.approx(61 / 365 + 2 + 120 / 365)
    assert actual_actual_isda(date(2004, 5, 1), date(2003, 11, 1)) == pytest.approx(-61 / 365 - 121 / 366)

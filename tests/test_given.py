"""Every given check is met by a test, or said not to be built; and what is compared is remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import given
from tests.given import NOT_BUILT, Allowed, Comparison, agrees, checks, is_same, table

SOURCES = "\n".join(file.read_text() for file in Path(__file__).parent.rglob("test_*.py"))


@pytest.mark.parametrize("name", checks())
def test_every_check_is_read_by_a_test_or_not_built(name: str) -> None:
    stem = name.rpartition("rho")[0] if "_rho" in name else name  # read by its parameter
    assert f'"{stem}' in SOURCES or any(name in names for names in NOT_BUILT.values())


def test_comparisons_are_remembered_under_their_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given, "MADE", [])
    _, expected, tolerance = given.given("breakeven_rate_X_irr15")
    assert agrees(expected, expected, tolerance)
    assert not agrees(expected + 1e-6, expected, tolerance)
    assert agrees(1.0, 1.0, 1e-9)  # of no check
    assert not is_same("no", "yes", given.given("philox4x32_10_kat")[2])
    allowed = Allowed(given.given("X1_base_no_default")[2], 2e10)
    assert allowed.amount(5e9 + 49.0, 5e9)
    assert not allowed.ratio(1.0 + 2e-8, 1.0)
    assert allowed.estimate(1.0, 1.3, 0.1)
    assert [(one.check, one.passed) for one in given.MADE] == [
        ("breakeven_rate_X_irr15", True),
        ("breakeven_rate_X_irr15", False),
        ("philox4x32_10_kat", False),
        ("X1_base_no_default", True),
        ("X1_base_no_default", False),
        ("X1_base_no_default", True),
    ]


def test_the_table_has_a_line_for_each_check_and_shows_the_worst_value() -> None:
    made = [Comparison("ndtri", got, 1.0, "1e-13", got == 1.0) for got in (1.0, 1.5)]
    lines = table(made)
    assert len(lines) == len(checks()) + 2
    (line,) = (line for line in lines if line.startswith("ndtri"))
    assert line.split() == ["ndtri", "core", "1/2", "1", "1.5", "1e-13", "FAILS"]
    assert any("not built: tax" in line for line in lines)
    assert lines[-1] == f"1 of {len(checks())} checks, 2 values, 1 not met"

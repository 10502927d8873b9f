"""Depreciation curves: the given values, PCHIP against scipy, and what every kind keeps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given as draw
from hypothesis import settings
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from spv_sim.scenario.curves import (
    Curve,
    DecliningBalance,
    Exponential,
    Hedonic,
    Points,
    StraightLine,
    SumOfYears,
)
from spv_sim.scenario.monotone_cubic import interpolate_monotone
from spv_sim.scenario.starter import STARTER
from tests.given import given
from tests.scenario.base import faults, spoil

KINDS: list[Curve] = [
    Exponential(kind="exponential", decay="24.5 %/year"),
    Exponential(kind="exponential", decay="0 %"),
    Exponential(kind="exponential", decay="30 %", floor="5 %"),
    StraightLine(kind="straight_line", life="5 years", salvage="10 %"),
    StraightLine(kind="straight_line", life="1 month", salvage=0),
    Points(kind="table", points={"60 months": "20 %", "1 year": "75 %", "3 years": 0.4}),
    Points(kind="table", points={"60 months": "20 %"}),
    DecliningBalance(kind="declining_balance", life="5 years", salvage="10 %"),
    DecliningBalance(kind="declining_balance", life="30 months", factor="1.5x", salvage="0 %"),
    SumOfYears(kind="sum_of_years", life="5 years", salvage="10 %"),
    SumOfYears(kind="sum_of_years", life="1 year", salvage="0 %"),
    Hedonic(
        kind="hedonic",
        decline="12 %",
        elasticity="35 %",
        release={f"r{at}": {"at": f"{at} months", "gain": "2.2x"} for at in (18, 36, 54)},
    ),
]
TABLE, SHORT_TABLE = (curve for curve in KINDS if isinstance(curve, Points))


def test_the_given_curves() -> None:
    inputs, expected, tolerance = given("dep_curves_given")
    life, salvage = f"{inputs['L']} years", inputs["salvage"]
    kinds: dict[str, Curve] = {
        "sl": StraightLine(kind="straight_line", life=life, salvage=salvage),
        "exp": Exponential(kind="exponential", decay="40 %/year"),
        "ddb": DecliningBalance(kind="declining_balance", life=life, salvage=salvage),
        "syd": SumOfYears(kind="sum_of_years", life=life, salvage=salvage),
        "hedonic": KINDS[-1],
    }
    assert kinds.keys() == expected.keys()
    for name, curve in kinds.items():
        got = curve.share(np.array(inputs["t"], dtype=float))
        np.testing.assert_allclose(got, expected[name], rtol=tolerance, atol=tolerance, err_msg=name)


@pytest.mark.parametrize("years", [1, 2, 5, 17])
def test_the_digits_of_the_years_add_up(years: int) -> None:
    """Against the definition: year y of n takes (n - y + 1) / (1 + … + n) of what is lost."""
    curve = SumOfYears(kind="sum_of_years", life=f"{years} years", salvage=0.25)
    values = curve.share(np.arange(years + 2, dtype=float))
    taken = [0.75 * (years - y) / sum(range(years + 1)) for y in range(years)]
    np.testing.assert_allclose(-np.diff(values), [*taken, 0.0], rtol=0, atol=1e-15)


def test_a_declining_balance_loses_the_same_share_every_year() -> None:
    curve = DecliningBalance(kind="declining_balance", life="4 years", factor="1.5x", salvage="1 %")
    values = curve.share(np.arange(8, dtype=float))
    np.testing.assert_allclose(values[1:] / values[:-1], 1 - 1.5 / 4, rtol=1e-14)


@pytest.mark.parametrize("curve", KINDS, ids=lambda curve: repr(curve)[:50])
def test_every_kind_starts_at_one_and_never_rises(curve: Curve) -> None:
    values = curve.share(np.arange(0, 601) / 12)
    assert values.shape == (601,)
    assert values.dtype == np.float64
    assert values[0] == 1
    assert (np.diff(values) <= 1e-15).all()
    assert (values >= 0).all()
    assert not list(curve.cautions(12))


def test_a_table_goes_through_its_points_and_keeps_the_last_decline() -> None:
    curve = TABLE
    years = np.array([1, 3, 5, 7, 9])
    values = curve.share(years)
    # exp(log(x)) costs an ulp or two
    np.testing.assert_allclose(values[:3], [0.75, 0.4, 0.2], rtol=1e-15)
    # constant decline after the last point: that of the last segment, a half in two years
    np.testing.assert_allclose(values[3:], [0.1, 0.05], rtol=1e-14)


def test_two_points_decline_at_a_constant_rate() -> None:
    np.testing.assert_allclose(SHORT_TABLE.share(np.array([2.5])), np.sqrt(0.2), rtol=1e-15)


knots = st.lists(
    st.tuples(st.integers(1, 120), st.integers(-4000, 0).map(lambda n: n / 1000)),
    min_size=1,
    max_size=8,
    unique_by=lambda knot: knot[0],
)


@draw(points=knots)
@settings(max_examples=300)
def test_interpolation_equals_scipy(points: list[tuple[int, float]]) -> None:
    x, y = (np.array(column, dtype=float) for column in zip(*sorted([(0, 0.0), *points]), strict=True))
    at = np.linspace(0, x[-1], 200)
    # Both evaluate the same cubic in another order of operations; values lie within [-4, 0].
    np.testing.assert_allclose(
        interpolate_monotone(x, y, at), PchipInterpolator(x, y)(at), rtol=0, atol=1e-13
    )


@draw(points=knots)
@settings(max_examples=100)
def test_interpolation_stays_between_its_knots(points: list[tuple[int, float]]) -> None:
    x, y = (np.array(column, dtype=float) for column in zip(*sorted([(0, 0.0), *points]), strict=True))
    for left in range(len(x) - 1):
        values = interpolate_monotone(x, y, np.linspace(x[left], x[left + 1], 50))
        low, high = sorted((y[left], y[left + 1]))
        assert (values >= low - 1e-14).all()
        assert (values <= high + 1e-14).all()


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ({"x": 0.5}, "is not a duration"),
        ({"12": 0.5}, "has no unit"),
        ({"601 months": 0.5}, "outside 0 to 600 months"),
        ({"1 year": 0}, "greater than 0"),
        ({"1 year": 1.5}, "less than or equal to 1"),
        ({}, "at least 1"),
    ],
)
def test_bad_points(points: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Points(kind="table", points=points)


CURVE = 'kind = "exponential" # or "straight_line", "table" and others\ndecay = "25 %/year"'
FAULTS = [
    ('kind = "declining_balance"\nlife = "1 year"\nsalvage = 0', "factor", "more than the value in a year"),
    ('kind = "sum_of_years"\nlife = "30 months"\nsalvage = 0', "life", "not a whole number of years"),
    ('kind = "sum_of_years"\nlife = "6 months"\nsalvage = 0', "life", "below 1 year"),
    (
        'kind = "hedonic"\ndecline = "9 %"\nelasticity = 0.3\nrelease = {}',
        "release",
        "at least 1",
    ),
    (
        'kind = "hedonic"\ndecline = "9 %"\nelasticity = 0.3\n'
        'release = { a = { at = "0 months", gain = "2x" } }',
        "at",
        "below 1 month",
    ),
    (
        'kind = "hedonic"\ndecline = "9 %"\nelasticity = 0.3\n'
        'release = { a = { at = "9 months", gain = "0.5x" } }',
        "gain",
        "below 1",
    ),
    (
        'kind = "exponential"\ndecay = "9 %"\nfloor = "120 %"',
        "floor",
        "above",
    ),
]


@pytest.mark.parametrize(("lines", "key", "words"), FAULTS, ids=[row[2] for row in FAULTS])
def test_faults_of_a_curve(lines: str, key: str, words: str) -> None:
    (found,) = faults(spoil(CURVE, lines, STARTER))
    assert found.key is not None
    assert found.key.endswith(key)
    assert found.line is not None
    assert words in found.message

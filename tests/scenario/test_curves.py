"""Depreciation curves: the given values, PCHIP against scipy, and what every kind keeps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given as draw
from hypothesis import settings
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from spv_sim.scenario.curves import Curve, Exponential, Points, StraightLine, interpolate_monotone
from tests.given import given

KINDS: list[Curve] = [
    Exponential(kind="exponential", decay="24.5 %/year"),
    Exponential(kind="exponential", decay="0 %"),
    StraightLine(kind="straight_line", life="5 years", salvage="10 %"),
    StraightLine(kind="straight_line", life="1 month", salvage=0),
    Points(kind="table", points={"60 months": "20 %", "1 year": "75 %", "3 years": 0.4}),
    Points(kind="table", points={"60 months": "20 %"}),
]


def test_the_given_curves() -> None:
    inputs, expected, tolerance = given("dep_curves_given")
    years = np.array(inputs["t"], dtype=float)
    straight = StraightLine(kind="straight_line", life=f"{inputs['L']} years", salvage=inputs["salvage"])
    falling = Exponential(kind="exponential", decay="40 %/year")
    np.testing.assert_allclose(straight.share(years), expected["sl"], rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(falling.share(years), expected["exp"], rtol=tolerance, atol=tolerance)


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
    curve = KINDS[4]
    years = np.array([1, 3, 5, 7, 9])
    values = curve.share(years)
    # exp(log(x)) costs an ulp or two
    np.testing.assert_allclose(values[:3], [0.75, 0.4, 0.2], rtol=1e-15)
    # constant decline after the last point: that of the last segment, a half in two years
    np.testing.assert_allclose(values[3:], [0.1, 0.05], rtol=1e-14)


def test_two_points_decline_at_a_constant_rate() -> None:
    np.testing.assert_allclose(KINDS[5].share(np.array([2.5])), np.sqrt(0.2), rtol=1e-15)


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

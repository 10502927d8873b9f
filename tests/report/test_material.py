"""Payment periods and quantiles against slow, obvious versions."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.report.material import Material, payment_dates, per_period, quantiles


@pytest.mark.parametrize("every", [1, 3])
@pytest.mark.parametrize("construction", [0, 4])
@pytest.mark.parametrize("first", [0, 1])
def test_periods_sum_every_month_after_completion_once(every: int, construction: int, first: int) -> None:
    months = np.arange(first, construction + 12 + 1.0)
    flow = np.random.default_rng(0).integers(-5, 50, (months.size, 4)).astype(float)  # exact sums
    material = Material(fan_months=months, payment_every=every, construction=construction)
    dates, rows = payment_dates(material)
    sums = per_period(flow, material)
    np.testing.assert_array_equal(dates, np.arange(construction + every, construction + 13, every))
    np.testing.assert_array_equal(months[rows], dates)
    for date, row in zip(dates, sums, strict=True):
        inside = (months > date - every) & (months <= date)
        np.testing.assert_array_equal(row, flow[inside].sum(axis=0))
    np.testing.assert_array_equal(per_period(flow[:, 0], material), sums[:, 0])


def test_nan_flows_count_as_nothing() -> None:
    material = Material(fan_months=np.arange(4.0), payment_every=3)
    np.testing.assert_array_equal(per_period(np.array([9.0, 1.0, np.nan, 2.0]), material), [3.0])


def test_quantiles_equal_numpy_row_by_row() -> None:
    values = np.random.default_rng(1).normal(size=(6, 101))
    values[1, :40] = np.nan
    values[2, 1:] = np.nan
    values[3, 5] = np.inf
    levels = (0.05, 0.5, 0.95)
    found = quantiles(values, levels)
    for row, line in enumerate(values):
        np.testing.assert_allclose(found[:, row], np.nanquantile(line, levels), rtol=1e-12)
    assert np.isnan(quantiles(np.full((2, 3), np.nan), levels)).all()

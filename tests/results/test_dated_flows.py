"""Dated flows: the spreadsheet vendor's documented examples, and what must hold for any dates."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from spv_sim.kernel.irr_roots import OK, TOTAL_LOSS, UNDEFINED
from spv_sim.results.dated_flows import xirr, xnpv
from tests.given import agrees, given


def test_xirr_of_the_documented_example() -> None:
    inputs, expected, tolerance = given("xirr_microsoft")
    rates = xirr(inputs["values"], [date.fromisoformat(day) for day in inputs["dates"]])
    assert agrees(rates.rate, expected, tolerance)
    assert rates.flag == OK


def test_xnpv_of_the_documented_example() -> None:
    inputs, expected, tolerance = given("xnpv_microsoft")
    dates = [date.fromisoformat(day) for day in inputs["dates"]]
    assert agrees(xnpv(inputs["rate"], inputs["values"], dates), expected, tolerance)


def test_order_of_dates_does_not_matter() -> None:
    dates = [date(2026, 1, 1) + timedelta(days=int(d)) for d in (0, 40, 300, 700)]
    flows = [-100.0, 30.0, 50.0, 60.0]
    assert xirr(flows, dates).rate == xirr(flows[::-1], dates[::-1]).rate


def test_value_at_the_rate_is_nothing() -> None:
    dates = [date(2026, 1, 1) + timedelta(days=int(d)) for d in (0, 40, 300, 700)]
    flows = [-100.0, 30.0, 50.0, 60.0]
    # The root is good to a few ulp; the value then to that times a duration below two years.
    assert abs(xnpv(xirr(flows, dates).rate, flows, dates)) < 1e-12 * np.sum(np.abs(flows))


def test_flags() -> None:
    dates = [date(2026, 1, 1), date(2027, 1, 1)]
    assert xirr([-1.0, -1.0], dates)[:2] == (-1.0, TOTAL_LOSS)
    assert xirr([1.0, 1.0], dates).flag == UNDEFINED


def test_mismatched_inputs_are_refused() -> None:
    with pytest.raises(ValueError, match="one date for each flow"):
        xirr([1.0, -1.0], [date(2026, 1, 1)])
    with pytest.raises(ValueError, match="not above -1"):
        xnpv(-1.0, [1.0], [date(2026, 1, 1)])

"""What a deal is to the seller of its hardware: margin, investment and guarantee, with the sums by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.analysis.base_case import run_base_case
from spv_sim.analysis.enumerate_defaults import enumerate_defaults
from spv_sim.analysis.expectations import expectations
from spv_sim.analysis.simulation import deal_facts, run_simulation, vendor_stake
from spv_sim.closing.close import close
from spv_sim.closing.sheet import closing_sheet
from tests.closing.deals import base

CLASSES = (
    'capital.equity={ sponsor = { share = "45 %" }, nvidia = { share = "35 %", vendor = true }, '
    'affiliate = { share = "20 %", vendor = true } }'
)
SELLER = 'vendor={ gross_margin = "10 %", revenue_share = "80 %" }'
GUARANTEE = 'lease.residual_value_guarantee={ amount = "9,000 USD", guarantor = "vendor" }'
SPENT = [4e9] * 5
"""What deal X pays for hardware in months 0 to 4 [USD]."""


def test_the_seller_at_closing() -> None:
    closed = close(base("e1", CLASSES, SELLER))
    rate = 0.03 / 12
    stake = vendor_stake(closed)
    assert stake is not None
    margin = math.fsum(0.1 * 0.8 * spent / (1 + rate) ** month for month, spent in enumerate(SPENT))
    assert stake.margin == pytest.approx(margin, rel=1e-12)
    assert stake.parts == {"nvidia.pv": 1.0, "affiliate.pv": 1.0}
    sheet = closing_sheet(closed)
    calls = float(closed.table.equity.sum())
    assert sheet["vendor"]["gross_margin"] == pytest.approx(0.08 * 20e9)
    assert sheet["vendor"]["invested"] == pytest.approx(0.55 * calls)
    assert sheet["vendor"]["margin_reinvested"] == pytest.approx(0.55 * calls / 1.6e9)
    assert [of["contributed"] for of in sheet["equity_class"].values()] == pytest.approx(
        [0.45 * calls, 0.35 * calls, 0.20 * calls]
    )
    assert closing_sheet(close(base("e1")))["equity_class"] == {}


def test_its_value_is_margin_and_stake_less_guarantee_on_every_path() -> None:
    """Deal E1: exact over the months of default, and by simulation within four standard errors."""
    closed = close(base("e1", CLASSES, SELLER, GUARANTEE))
    exact = enumerate_defaults(closed)
    columns = exact.columns
    stake = vendor_stake(closed)
    assert stake is not None
    value = stake.margin + 0.55 * columns["equity.pv"] - columns["guarantor.pv_paid"]
    np.testing.assert_allclose(stake.value(columns), value, rtol=1e-10)
    assert columns["guarantor.pv_paid"].min() > 0.0
    found = expectations(exact)
    mean = float(exact.weights @ value)
    assert found["vendor.adjusted_npv"] == pytest.approx(mean, rel=1e-10)
    defaults = np.isfinite(exact.months)
    without = value[~defaults][0]
    with_it = float(exact.weights[defaults] @ value[defaults] / exact.weights[defaults].sum())
    broken = found["vendor.break_even_default_probability"]
    assert (1 - broken) * without + broken * with_it == pytest.approx(0.0, abs=1e-6 * without)
    assert 0.0 < broken < 1.0
    assert found["vendor.probability_of_negative_npv"] == pytest.approx(exact.weights[value < 0].sum())
    done = run_simulation(closed, 16_384, 3, 16_384, base=run_base_case(closed).values)
    for name in ("adjusted_npv", "probability_of_negative_npv", "break_even_default_probability"):
        estimate = done.estimates[f"vendor.{name}"]
        assert abs(estimate.value - found[f"vendor.{name}"]) <= 4 * estimate.standard_error, name
    assert done.facts.bearers == ("lessee", "senior", "sponsor", "vendor")


@pytest.mark.parametrize(("keep", "note"), [(8_192, "from the first 8,192 paths"), (0, "no path's values")])
def test_a_break_even_tells_of_the_paths_that_it_rests_on(keep: int, note: str) -> None:
    closed = close(base("e1", CLASSES, SELLER, GUARANTEE))
    values = run_base_case(closed).values
    name = "vendor.break_even_default_probability"
    found = run_simulation(closed, 16_384, 3, keep, base=values).estimates[name]
    whole = run_simulation(closed, max(keep, 1), 3, keep, base=values).estimates[name]
    assert note in found.note
    assert found.value == pytest.approx(whole.value, rel=0, abs=0, nan_ok=True)


def test_a_seller_that_only_sells_has_its_margin() -> None:
    closed = close(base("e1", SELLER))
    done = run_simulation(closed, 256, 3, 256, base=run_base_case(closed).values)
    stake = vendor_stake(closed)
    assert stake is not None
    assert done.estimates["vendor.adjusted_npv"].value == pytest.approx(stake.margin, rel=1e-12)
    assert done.estimates["vendor.adjusted_npv"].standard_error <= 1e-12 * stake.margin
    assert "positive with a default too" in done.estimates["vendor.break_even_default_probability"].note


def test_without_its_margin_nothing_is_said_of_it() -> None:
    closed = close(base("e1", CLASSES))
    facts = deal_facts(closed, run_base_case(closed).values)
    assert facts.vendor is None
    assert not any(metric.name.startswith("vendor.adjusted") for metric in facts.metrics)

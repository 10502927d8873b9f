"""Every metric against a plain calculation from the columns."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.engine.summing import BLOCK
from spv_sim.results.estimate import LEVELS, as_record
from spv_sim.results.estimate_all import estimate_all
from spv_sim.results.metric import MEAN
from spv_sim.results.metrics import find_metric, metrics_of
from spv_sim.results.metrics_covenant import CAUSES
from spv_sim.results.variables import DealFacts
from tests.results.invented import FACTS, collect, invent_columns

PATHS = 5 * BLOCK + 77


@pytest.fixture(scope="module")
def columns():
    return invent_columns(PATHS)


def worst(values, share):
    """Mean of the worst share of the values, the boundary split."""
    ordered = np.sort(values)[::-1]
    full, part = divmod(share * len(ordered), 1.0)
    return (ordered[: int(full)].sum() + part * ordered[int(full)]) / (share * len(ordered))


def plain(columns):
    """Each metric in one obvious line; the rates of mean flows are tested beside their estimator."""
    loss, moic = columns["senior.loss"], columns["equity.moic"]
    shortfall, loss_pv = 1.0 - moic, columns["senior.loss_pv"]
    return {
        "lessee.default_probability": np.mean(columns["lessee.default_month"] < np.inf),
        "equity.irr": np.nanmean(columns["equity.irr"]),
        "equity.moic": np.mean(moic),
        "equity.npv": np.mean(columns["equity.npv"]),
        "equity.payback": np.sort(columns["equity.payback"])[math.ceil(0.5 * PATHS) - 1],
        "equity.probability_of_total_loss": np.mean(columns["equity.irr_flag"] == 1.0),
        "equity.probability_of_loss": np.mean(moic < 1.0),
        "equity.value_at_risk_95": np.sort(shortfall)[math.ceil(0.95 * PATHS) - 1],
        "equity.expected_shortfall_95": worst(shortfall, 0.05),
        "equity.expected_shortfall_99": worst(shortfall, 0.01),
        "equity.probability_below_hurdle": np.sum(columns["equity.irr"] < FACTS.hurdle)
        / np.sum(~np.isnan(columns["equity.irr"])),
        "senior.probability_of_loss": np.mean(loss > 1e-6),
        "senior.expected_loss": np.mean(loss) / 600.0,
        "senior.expected_loss_usd": np.mean(loss),
        "senior.expected_loss_pv": np.mean(loss_pv),
        "senior.loss_given_default": np.mean(loss[loss > 1e-6]) / 600.0,
        "senior.wal": np.mean(columns["senior.wal"]),
        "senior.yield": np.mean(columns["senior.yield"]),
        "senior.yield_loss": np.mean(0.12 - columns["senior.yield"]),
        "senior.value_at_risk_99": np.sort(loss_pv)[math.ceil(0.99 * PATHS) - 1],
        "senior.expected_shortfall_99": worst(loss_pv, 0.01),
        "senior.value_at_risk_95": np.sort(loss_pv)[math.ceil(0.95 * PATHS) - 1],
        "senior.expected_shortfall_95": worst(loss_pv, 0.05),
        "senior.probability_of_event_of_default": np.mean(columns["senior.event_of_default_month"] < np.inf),
        "spv.min_dscr": np.nanmean(columns["spv.min_dscr"]),
        "spv.average_dscr": np.nanmean(columns["spv.average_dscr"]),
        "spv.llcr": np.mean(columns["spv.llcr"]),
        "spv.lock_up_months": np.mean(columns["spv.lock_up_months"]),
        "spv.probability_of_lock_up": np.mean(columns["spv.lock_up_months"] > 0.0),
        "equity.cures": np.mean(columns["equity.cures"]),
        **{
            f"spv.probability_of_{cause}_default": np.mean(columns["spv.event_of_default_cause"] == value)
            for cause, (value, _) in CAUSES.items()
        },
    }


def test_every_metric_is_what_its_definition_says(columns):
    estimates = estimate_all(collect(columns), FACTS)
    expected = plain(columns)
    assert list(estimates) == [metric.name for metric in metrics_of(["senior"])]
    assert set(estimates) - set(expected) == {
        "equity.irr_of_mean_cash_flow",
        "senior.yield_of_mean_cash_flow",
    }
    for name, value in expected.items():
        # Two orders of summing 20,000 numbers.
        assert estimates[name].value == pytest.approx(float(value), rel=1e-11), name


def test_every_metric_survives_the_summary(columns):
    kept = estimate_all(collect(columns), FACTS)
    streamed = estimate_all(collect(columns, keep=BLOCK), FACTS)
    for name, exact in kept.items():
        read = streamed[name]
        metric = find_metric(name)
        assert read.count == exact.count
        # Means and probabilities are exact; quantiles and shortfalls of shares are known to a bin of 10/8192.
        tolerance = (
            10.0 / 8192.0
            if metric.estimator in ("quantile", "expected_shortfall")
            else 1e-11 * abs(exact.value)
        )
        assert read.value == pytest.approx(exact.value, abs=tolerance), name
        if metric.estimator == MEAN:
            assert read.standard_error == pytest.approx(exact.standard_error, rel=1e-9), name


def test_every_number_has_its_error_interval_and_unit(columns):
    for name, estimate in estimate_all(collect(columns), FACTS).items():
        # A median of whole months may be certain, and so is the tail of an equity of which a seventh is lost.
        certain = name == "equity.payback" or name.startswith(("equity.value_at", "equity.expected_short"))
        assert estimate.standard_error > 0.0 or certain, name
        assert estimate.ci95[0] < estimate.value < estimate.ci95[1] or certain, name
        assert estimate.unit == find_metric(name).unit
        assert set(estimate.quantiles) <= set(LEVELS)


def test_notes_count_what_is_not_plain(columns):
    estimates = estimate_all(collect(columns), FACTS)
    total = int(np.sum(columns["equity.irr_flag"] == 1.0))
    undefined = int(np.sum(np.isnan(columns["equity.irr"])))
    assert estimates["equity.irr"].note == f"{total:,} total losses, {undefined} undefined"
    never = np.mean(np.isinf(columns["equity.payback"]))
    assert estimates["equity.payback"].note == f"never on {never:.2%} of the paths"
    missing = int(np.sum(np.isnan(columns["spv.min_dscr"])))
    assert estimates["spv.min_dscr"].note == f"{missing} undefined"


def test_one_path(columns):
    estimates = estimate_all(collect({name: column[:1] for name, column in columns.items()}), FACTS)
    assert all(not estimate.standard_error >= 0.0 for estimate in estimates.values())
    assert estimates["equity.moic"].value == columns["equity.moic"][0]


@pytest.mark.parametrize("keep", [10**6, 0])
def test_columns_without_a_value_are_estimated_without_a_warning(columns, keep):
    void = {name: np.full(300, np.nan) for name in columns}
    for name, estimate in estimate_all(collect(void, keep), FACTS).items():
        if "mean_cash_flow" not in name:
            assert math.isnan(estimate.value), name
            assert all(number is None for number in as_record(estimate)["ci95"]) or "probability" in name


@pytest.mark.parametrize("keep", [10**6, 0])
def test_a_deal_without_a_loss(columns, keep):
    calm = {name: column[:5000] for name, column in columns.items()}
    calm |= {"senior.loss": np.zeros(5000), "lessee.default_month": np.full(5000, np.inf)}
    estimates = estimate_all(collect(calm, keep), FACTS)
    assert math.isnan(estimates["senior.loss_given_default"].value)
    assert estimates["senior.probability_of_loss"].value == 0.0
    assert 0.0 < estimates["senior.probability_of_loss"].ci95[1] < 0.001
    assert estimates["senior.expected_loss"].value == 0.0
    assert estimates["lessee.default_probability"].value == 0.0


def test_a_deal_without_debt(columns):
    unlevered = DealFacts({"senior": 0.0}, 1000.0, 0.12, FACTS.months)
    estimates = estimate_all(collect(columns), unlevered)
    assert math.isnan(estimates["senior.expected_loss"].value)
    assert "nothing was lent" in estimates["senior.expected_loss"].note
    assert math.isnan(estimates["senior.loss_given_default"].value)


def test_dust_is_no_loss(columns):
    dust = {name: column[:4] for name, column in columns.items()}
    dust["senior.loss"] = np.array([0.0, 0.9e-6, 1.1e-6, 5.0])
    assert estimate_all(collect(dust), FACTS)["senior.probability_of_loss"].value == 0.5

"""The table of metrics: complete, well named, in words, and light to read."""

from __future__ import annotations

import subprocess
import sys

import pytest

from spv_sim.results.estimate_all import ESTIMATORS
from spv_sim.results.metric import PROBABILITY
from spv_sim.results.metrics import METRICS, find_metric, metrics_of

BORNE = ("lost_value", "loss_share", "tail_loss_share_95", "unexpected_loss_95", "variance_share")

REPORTED = [
    "lessee.default_probability",
    "equity.irr",
    "equity.irr_of_mean_cash_flow",
    "equity.moic",
    "equity.npv",
    "equity.cures",
    "equity.payback",
    "equity.probability_of_total_loss",
    "equity.probability_of_loss",
    "equity.value_at_risk_95",
    "equity.expected_shortfall_95",
    "equity.expected_shortfall_99",
    "equity.probability_below_hurdle",
    "senior.probability_of_loss",
    "senior.expected_loss",
    "senior.expected_loss_usd",
    "senior.expected_loss_pv",
    "senior.loss_given_default",
    "senior.wal",
    "senior.yield",
    "senior.yield_of_mean_cash_flow",
    "senior.yield_loss",
    "senior.value_at_risk_95",
    "senior.value_at_risk_99",
    "senior.expected_shortfall_95",
    "senior.expected_shortfall_99",
    "senior.probability_of_event_of_default",
    "spv.min_dscr",
    "spv.average_dscr",
    "spv.llcr",
    "spv.lock_up_months",
    "spv.probability_of_lock_up",
    "spv.probability_of_lease_default",
    "spv.probability_of_payment_default",
    "spv.probability_of_maturity_default",
    "spv.probability_of_covenant_default",
]


def test_every_promised_metric_is_reported_in_order():
    assert [metric.name for metric in metrics_of(["senior"])] == REPORTED


def test_two_tranches_have_their_own():
    names = [metric.name for metric in metrics_of(["senior", "mezzanine"])]
    assert len(names) == len(set(names)) == len(REPORTED) + 14
    assert "mezzanine.expected_loss" in names


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
def test_definition_is_one_sentence_with_a_known_unit(metric):
    assert metric.unit in {"1/year", "x", "USD", "share", "months", "years", "units"}
    assert metric.definition.endswith(".")
    assert metric.definition[0].isupper()
    assert metric.estimator in ESTIMATORS
    assert (metric.event != "") == (metric.estimator == PROBABILITY)
    assert metric.variable


def test_a_reported_name_finds_its_metric():
    assert find_metric("equity.irr") is METRICS["equity.irr"]
    found = find_metric("senior.expected_loss")
    assert found is not None
    assert (found.name, found.variable) == ("senior.expected_loss", "senior.loss")


def test_shares_of_the_loss_come_last_and_only_where_they_are_estimated():
    names = [metric.name for metric in metrics_of(["senior"], ["lessee", "senior", "equity"])]
    assert names[: len(REPORTED)] == REPORTED
    rest = [f"{of}.{what}" for of in ("lessee", "senior", "equity") for what in BORNE]
    assert names[len(REPORTED) :] == ["spv.lost_value", "spv.unexpected_loss_95", *rest]


def test_classes_of_equity_follow_the_equity_and_the_seller_follows_them():
    names = [metric.name for metric in metrics_of(["senior"], classes=["sponsor", "pref"], vendor=True)]
    first = names.index("equity.probability_below_hurdle") + 1
    of = (
        "irr",
        "irr_of_mean_cash_flow",
        "moic",
        "npv",
        "probability_of_total_loss",
        "probability_of_shortfall",
    )
    assert names[first : first + 12] == [f"{name}.{what}" for name in ("sponsor", "pref") for what in of]
    assert names[first + 12] == "vendor.adjusted_npv"
    assert find_metric("sponsor.irr_of_mean_cash_flow").variable == "sponsor"
    assert find_metric("vendor.moic").name == "vendor.moic"


@pytest.mark.parametrize("name", ["class a.loss_given_default", "class.a.expected_loss", "Senior.wal"])
def test_any_name_of_a_tranche_finds_its_metric(name):
    found = find_metric(name)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("holder", ["lessee", "equity", "sponsor", "vendor", "mezzanine"])
def test_every_stakeholder_has_a_share_of_the_loss(holder):
    found = find_metric(f"{holder}.loss_share")
    assert found is not None
    assert found.variable == f"{holder}.lost_value"


@pytest.mark.parametrize(
    "name",
    ["equity.expected_loss", "vendor.yield", "spv.loss_share", "lessee.moic", "irr", "", "spv.", ".wal"],
)
def test_an_unknown_name_finds_nothing(name):
    assert find_metric(name) is None


def test_reading_the_definitions_imports_nothing_heavy():
    code = (
        "import sys, spv_sim.results.metrics\n"
        "print(sorted({'numpy', 'numba', 'scipy', 'pydantic'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_estimating_imports_neither_numba_nor_scipy():
    code = (
        "import sys, spv_sim.results.estimate_all, spv_sim.results.convergence, spv_sim.results.checks\n"
        "print(sorted({'numba', 'scipy', 'matplotlib', 'pydantic'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"

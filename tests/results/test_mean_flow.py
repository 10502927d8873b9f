"""The rate of the mean flow: by hand, by the spread of whole runs, and in the cases that have no rate."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.kernel.irr_roots import MULTIPLE, Rates
from spv_sim.results.collect import FlowSums
from spv_sim.results.mean_flow import irr_of_mean
from tests.results.invented import FACTS, collect, invent_columns, invent_flows, sum_blocks


def gather(flows) -> FlowSums:
    paths = len(flows)
    sums = {"equity": sum_blocks(flows), "senior": sum_blocks(flows)}
    return collect(invent_columns(paths), flows=sums).flows["equity"]


def test_rate_of_two_payments_by_hand(solver):
    flows = np.zeros((2, 13))
    flows[:, 0], flows[:, 12] = -100.0, (100.0, 130.0)
    estimate = irr_of_mean(gather(flows), 0.12, roots=solver)
    # Mean 115 after a year; dr = d(payment)/100, and the standard error of the payment is 15.
    assert estimate.value == pytest.approx(0.15, rel=1e-12)
    assert estimate.standard_error == pytest.approx(0.15, rel=1e-12)
    assert estimate.count == 2


def test_error_is_the_spread_of_whole_runs(solver):
    estimates = []
    for run in range(200):
        flows = invent_flows(320, seed=1000 + run)["equity"]
        estimates.append(irr_of_mean(gather(flows), FACTS.hurdle, roots=solver))
    spread = float(np.std([estimate.value for estimate in estimates], ddof=1))
    stated = float(np.mean([estimate.standard_error for estimate in estimates]))
    # The spread of 200 runs is known to 1/sqrt(2·199) = 5 %; four of these.
    assert stated == pytest.approx(spread, rel=0.2)
    truth = irr_of_mean(gather(invent_flows(40_000, seed=5)["equity"]), FACTS.hurdle, roots=solver).value
    covered = sum(estimate.ci95[0] <= truth <= estimate.ci95[1] for estimate in estimates)
    # Four binomial standard deviations of 200 intervals at 95 % are 12.
    assert 178 <= covered <= 200


def test_one_batch_has_no_error(solver):
    flows = invent_flows(500)["equity"]
    sums = FlowSums(flows.sum(axis=0)[:, None], np.array([500]))
    estimate = irr_of_mean(sums, FACTS.hurdle, roots=solver)
    assert math.isfinite(estimate.value)
    assert math.isnan(estimate.standard_error)
    assert "single batch" in estimate.note


def test_nothing_back_is_a_total_loss(solver):
    flows = np.zeros((4, 13))
    flows[:, 0] = -1.0
    estimate = irr_of_mean(gather(flows), 0.12, roots=solver)
    assert (estimate.value, estimate.note) == (-1.0, "total loss")
    assert math.isnan(estimate.standard_error)


def test_nothing_paid_in_has_no_rate(solver):
    estimate = irr_of_mean(gather(np.zeros((4, 13))), 0.12, roots=solver)
    assert math.isnan(estimate.value)
    assert "nothing was paid in" in estimate.note


def test_hurdle_reaches_the_solver_by_the_month():
    seen = []

    def record(flows, hurdle):
        seen.append(hurdle)
        return Rates(0.01, MULTIPLE, (0.01, 0.5))

    estimate = irr_of_mean(gather(invent_flows(64)["equity"]), 0.12, roots=record)
    assert seen[0] == pytest.approx(1.12 ** (1.0 / 12.0) - 1.0, rel=1e-14)
    assert estimate.note == "several rates solve the mean flow"
    assert estimate.value == pytest.approx(1.01**12 - 1.0, rel=1e-14)


def test_the_kernels_solver_finds_the_same(solver):
    flows = gather(invent_flows(5000)["equity"])
    found = irr_of_mean(flows, FACTS.hurdle)
    independent = irr_of_mean(flows, FACTS.hurdle, roots=solver)
    # A residual of 1e-10 of the sum of the flows, over a slope of some ten times that sum, annualised.
    assert found.value == pytest.approx(independent.value, abs=1e-9)
    assert found.standard_error == pytest.approx(independent.standard_error, rel=1e-6)

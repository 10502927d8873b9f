"""Losses of the stakeholders add up to the deal's, and their shares are what their definitions say."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from spv_sim.engine.summing import BLOCK
from spv_sim.results.checks import check_lost_values
from spv_sim.results.collect import Collector
from spv_sim.results.estimate_all import estimate_all
from spv_sim.results.loss_share_estimates import (
    from_tail,
    share_of_mean,
    share_of_variance,
    tail_weights,
    worst_paths,
)
from spv_sim.results.loss_shares import lost_values, path_shares, stakeholders, whole_loss
from spv_sim.results.sample import KeptSample
from spv_sim.results.stakeholder import Stakeholder
from spv_sim.results.variables import variables
from tests.given import agrees, given
from tests.results.invented import FACTS, invent_columns

BASE = {
    "equity.pv": 300.0,
    "senior.pv": 90.0,
    "mezzanine.pv": 40.0,
    "lessee.pv_paid": 0.0,
    "guarantor.pv_paid": 0.0,
    "spv.pv_outside": 1430.0,
}
TRANCHES = ("senior", "mezzanine")
PATHS = 3 * BLOCK + 5


def invent_values(paths: int, seed: int = 3) -> dict[str, np.ndarray]:
    """Present values of a deal in which senior is paid before mezzanine, mezzanine before equity."""
    draw = np.random.default_rng(seed)
    defaulted = draw.uniform(size=paths) < 0.3
    claim = np.where(defaulted, draw.uniform(0.0, 60.0, paths), 0.0)
    support = np.where(defaulted, 10.0, 0.0)
    outside = 1430.0 - np.where(defaulted, draw.uniform(0.0, 900.0, paths), draw.normal(0.0, 20.0, paths))
    cash = outside + claim + support - 1000.0
    senior = np.minimum(cash + 910.0, 1000.0) - 910.0
    mezzanine = np.minimum(cash - senior + 110.0, 150.0) - 110.0
    return {
        "equity.pv": cash - senior - mezzanine,
        "senior.pv": senior,
        "mezzanine.pv": mezzanine,
        "lessee.pv_paid": claim,
        "guarantor.pv_paid": support,
        "bank.pv_paid": np.zeros(paths),
        "spv.pv_outside": outside,
    }


@pytest.fixture(scope="module")
def columns() -> dict[str, np.ndarray]:
    return invent_values(PATHS)


SPLIT = {"sponsor": {"equity.pv": 0.75}, "vendor": {"equity.pv": 0.25}}
HOLDERS = stakeholders(BASE, TRANCHES, SPLIT, "vendor")


def test_the_stakeholders_are_named_in_order() -> None:
    assert [holder.name for holder in HOLDERS] == ["lessee", "senior", "mezzanine", "sponsor", "vendor"]
    assert [holder.base for holder in HOLDERS] == [0.0, 90.0, 40.0, 225.0, 75.0]
    whole = stakeholders(BASE, TRANCHES)
    assert [holder.name for holder in whole] == ["lessee", "senior", "mezzanine", "equity"]
    assert stakeholders(BASE, TRANCHES, guarantor="guarantor")[-1].parts == {"guarantor.pv_paid": -1.0}
    assert stakeholders(BASE, TRANCHES, SPLIT, "vendor")[-1].parts == {
        "equity.pv": 0.25,
        "guarantor.pv_paid": -1.0,
    }
    lessee = stakeholders(BASE, TRANCHES, guarantor="lessee")[0]
    assert lessee.parts == {"lessee.pv_paid": -1.0, "guarantor.pv_paid": -1.0}


@pytest.mark.parametrize("missing", ["equity.pv", "mezzanine.pv", "lessee.pv_paid"])
def test_there_are_none_without_their_columns(missing: str) -> None:
    assert stakeholders({name: value for name, value in BASE.items() if name != missing}, TRANCHES) == ()


def test_losses_sum_to_the_deals_exactly_and_to_the_outside_loss(columns: dict[str, np.ndarray]) -> None:
    lost, whole = lost_values(columns, HOLDERS), whole_loss(columns, HOLDERS)
    running = np.zeros(PATHS)
    for row in lost:
        running = running + row
    assert np.array_equal(running, whole)
    # Sums of a dozen terms of at most 1,500 USD.
    np.testing.assert_allclose(whole, 1430.0 - columns["spv.pv_outside"], atol=12 * 1500 * 2.0**-52)


def test_path_shares_make_one(columns: dict[str, np.ndarray]) -> None:
    shares = path_shares(columns, HOLDERS, 1e-6)
    defined = np.isfinite(shares).all(axis=0)
    assert defined.mean() > 0.999
    lost = np.abs(lost_values(columns, HOLDERS)).sum(axis=0) / np.abs(whole_loss(columns, HOLDERS))
    assert (np.abs(shares.sum(axis=0) - 1.0)[defined] <= 8 * 2.0**-52 * (1.0 + lost[defined])).all()
    calm = {name: np.full(2, value) for name, value in BASE.items()}
    assert np.isnan(path_shares(calm, HOLDERS, 1e-6)).all()


def test_what_is_a_transfer_is_no_loss_of_the_deal() -> None:
    """A claim of 50 moves 50 from the lessee to the senior tranche."""
    columns = {name: np.array([value]) for name, value in BASE.items()}
    columns["senior.pv"] = columns["senior.pv"] + 50.0
    columns["lessee.pv_paid"] = np.array([50.0])
    lost = dict(zip((holder.name for holder in HOLDERS), lost_values(columns, HOLDERS)[:, 0], strict=True))
    assert (lost["lessee"], lost["senior"]) == (50.0, -50.0)
    assert whole_loss(columns, HOLDERS)[0] == 0.0


def test_share_of_the_mean_has_the_delta_methods_error() -> None:
    draw = np.random.default_rng(1)
    own = draw.exponential(2.0, 5000)
    others = 0.5 * own + draw.exponential(1.0, 5000)
    whole = own + others
    found = share_of_mean(*(KeptSample(values) for values in (own, others, whole)))
    ratio = own.mean() / whole.mean()
    assert found.value == pytest.approx(ratio, rel=1e-14)
    error = np.std(own - ratio * whole, ddof=1) / math.sqrt(5000) / whole.mean()
    # The covariance is a difference of sums of squares of the same size.
    assert found.standard_error == pytest.approx(error, rel=1e-12)


def test_nothing_lost_has_no_share() -> None:
    gain = KeptSample(np.array([-1.0, -2.0]))
    assert math.isnan(share_of_mean(gain, gain, gain).value)
    assert "loses nothing" in share_of_mean(gain, gain, gain).note
    for flat in (np.zeros(10), np.array([])):
        assert math.isnan(from_tail(flat, worst_paths(flat, 0.95), "share").value)
        assert math.isnan(share_of_variance(flat, flat).value)


def test_ties_at_the_value_at_risk_share_the_edge() -> None:
    """Of ten paths the worst 25 % are the one that loses 5 and three halves of the four that lose 3."""
    whole = np.array([0.0, 3.0, 1.0, 3.0, 5.0, 3.0, 0.0, 3.0, 2.0, 1.0])
    weights = tail_weights(whole, 0.75)
    assert weights.sum() == pytest.approx(2.5)
    assert set(weights[whole == 3.0]) == {1.5 / 4.0}
    assert weights[4] == 1.0


def toy_values(of: dict) -> dict[str, np.ndarray]:
    """Values of model 12.7's vehicle on 40 equally likely paths, as many in each state as it is likely."""
    alive = np.repeat([False, False, True, True], [3, 7, 18, 12])
    resale = np.repeat(of["R"] * 2, [3, 7, 18, 12])
    proceeds = np.maximum(resale * (1.0 - of["liq"]) - of["enf"], 0.0) + of["claim"]
    cash = np.where(alive, of["rent"] + resale, proceeds)
    senior = np.minimum(cash, of["Fs"])
    equity = cash - senior - (of["cost"] - of["Ls"])
    return {
        "xAI": np.where(alive, of["s"] - of["rent"], -of["claim"]),
        "senior": senior - of["Ls"],
        "sponsor": (1.0 - of["vs"]) * equity,
        "vendor": of["vs"] * equity,
    }


def test_the_given_toy_of_risk_transfer() -> None:
    """Euler's parts of the worst tenth, measured against the means as the check does."""
    inputs, expected, tolerance = given("risk_transfer_toy_given")
    shares = expected["structure"]["euler"]
    values = toy_values(inputs)
    holders = [Stakeholder(name, {name: 1.0}, float(worth.mean())) for name, worth in values.items()]
    for holder in holders:
        assert agrees(holder.base, expected["structure"]["mean"][holder.name], tolerance)
    whole = whole_loss(values, holders)
    shortfall = float(tail_weights(whole, inputs["alpha"]) @ whole) / (0.1 * whole.size)
    assert agrees(shortfall, expected["structure"]["cvar_total"], tolerance)
    for holder in holders:
        lost = holder.lost_value(values)
        part = from_tail(lost, worst_paths(whole, inputs["alpha"]), "USD").value
        assert agrees(part, shares[holder.name], tolerance), holder.name
        ratio = from_tail(lost, worst_paths(whole, inputs["alpha"]), "share").value
        assert agrees(ratio * shortfall, shares[holder.name], tolerance), holder.name
        beta = share_of_variance(lost, whole).value
        assert agrees(beta, expected["structure"]["beta"][holder.name], tolerance), holder.name


def toy_purchase(of: dict) -> dict[str, np.ndarray]:
    """Values of the same units bought outright with corporate debt, on the same 40 paths."""
    alive = np.repeat([False, False, True, True], [3, 7, 18, 12])
    resale = np.repeat(of["R"] * 2, [3, 7, 18, 12])
    proceeds = resale * (1.0 - of["liq"])
    lender = np.where(alive, of["Fb"], np.minimum(of["Fb"], proceeds)) - of["Lb"]
    owner = np.where(alive, of["s"] + resale - of["Fb"], np.maximum(proceeds - of["Fb"], 0.0))
    return {"xAI": owner - (of["cost"] - of["Lb"]), "lender": lender}


def test_the_given_toy_of_risk_transfer_from_an_outright_purchase() -> None:
    """The parts of both worlds by the same estimators, and how much less the lessee bears in the vehicle."""
    inputs, expected, tolerance = given("risk_transfer_toy_given")
    borne, spread, means = {}, {}, {}
    for world, values in (("baseline", toy_purchase(inputs)), ("structure", toy_values(inputs))):
        holders = [Stakeholder(name, {name: 1.0}, 0.0) for name in values]
        whole = whole_loss(values, holders)
        for holder in holders:
            lost = holder.lost_value(values)
            told = expected[world]
            part = from_tail(lost, worst_paths(whole, inputs["alpha"]), "USD").value
            assert agrees(part, told["euler"][holder.name], tolerance), (world, holder.name)
            assert agrees(share_of_variance(lost, whole).value, told["beta"][holder.name], tolerance)
            assert agrees(lost.std(), told["sd"][holder.name], tolerance)
        lessee = holders[0].lost_value(values)
        borne[world] = from_tail(lessee, worst_paths(whole, inputs["alpha"]), "USD").value
        spread[world], means[world] = lessee.std(), -whole.mean()
    assert agrees(1.0 - borne["structure"] / borne["baseline"], expected["RTR_cvar"], tolerance)
    assert agrees(1.0 - spread["structure"] / spread["baseline"], expected["RTR_sd"], tolerance)
    deadweight = means["baseline"] - means["structure"]
    assert agrees(deadweight, expected["expected_deadweight_increase"], tolerance)


def test_the_tails_error_is_that_of_many_runs() -> None:
    """Standard deviation of the share over 200 samples against the mean of the stated errors, to a fifth."""
    draw = np.random.default_rng(9)
    values, errors = [], []
    for _ in range(200):
        own = draw.exponential(1.0, 6400)
        found = from_tail(own, worst_paths(own + draw.exponential(1.0, 6400), 0.95), "share")
        values.append(found.value)
        errors.append(found.standard_error)
    assert np.std(values) == pytest.approx(np.mean(errors), rel=0.2)
    assert np.mean(values) == pytest.approx(0.5, abs=4 * np.mean(errors) / math.sqrt(200))


def test_the_error_of_the_variance_share_is_that_of_many_runs() -> None:
    """The same of the covariance share of one of two alike, a half; errors of errors are small here."""
    draw = np.random.default_rng(10)
    found = []
    for _ in range(200):
        own = draw.normal(size=2000)
        found.append(share_of_variance(own, own + draw.normal(size=2000)))
    values = [one.value for one in found]
    errors = [one.standard_error for one in found]
    assert np.std(values) == pytest.approx(np.mean(errors), rel=0.2)
    assert np.mean(values) == pytest.approx(0.5, abs=4 * np.mean(errors) / math.sqrt(200))


@pytest.mark.parametrize("keep", [10**6, BLOCK], ids=["kept", "streamed"])
def test_a_run_estimates_shares_that_sum_to_one(columns: dict[str, np.ndarray], keep: int) -> None:
    facts = dataclasses.replace(
        FACTS,
        commitments={"senior": 600.0, "mezzanine": 100.0},
        stakeholders=HOLDERS,
        outside=BASE["spv.pv_outside"],
    )
    everything = invent_columns(PATHS) | columns
    everything |= {
        name.replace("senior", "mezzanine"): column
        for name, column in everything.items()
        if name.startswith("senior.") and name != "senior.pv"
    }
    collector = Collector(variables(facts), keep)
    flows = {name: np.tile(np.array([-5.0, 6.0])[None], (4, 1)) for name in ("equity", *TRANCHES)}
    collector.add(0, everything, flows)
    collected = collector.finish()
    estimates = estimate_all(collected, facts)
    bearers = [holder.name for holder in HOLDERS]
    lost = lost_values(columns, HOLDERS)
    for which in ("loss_share", "tail_loss_share_95", "variance_share"):
        shares = [estimates[f"{name}.{which}"] for name in bearers]
        assert sum(share.value for share in shares) == pytest.approx(1.0, abs=1e-12)
        assert all(share.standard_error > 0.0 for share in shares)
    for name, row in zip(bearers, lost, strict=True):
        expected = row.mean() / lost.sum(axis=0).mean()
        assert estimates[f"{name}.loss_share"].value == pytest.approx(expected, rel=1e-10)
        assert estimates[f"{name}.lost_value"].value == pytest.approx(row.mean(), rel=1e-10)
    assert estimates["spv.lost_value"].value == pytest.approx(lost.sum(axis=0).mean(), rel=1e-10)
    parts = [estimates[f"{name}.unexpected_loss_95"].value for name in bearers]
    assert sum(parts) == pytest.approx(estimates["spv.unexpected_loss_95"].value, rel=1e-12)
    assert check_lost_values(collected.sample("spv.lost_value_breach")).passed
    broken = {**columns, "senior.pv": columns["senior.pv"] + 1e-3}
    assert not check_lost_values(
        KeptSample(np.abs(whole_loss(broken, HOLDERS) - whole_loss(columns, HOLDERS)))
    ).passed

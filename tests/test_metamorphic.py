"""Relations between runs that hold whatever the numbers are: change one term, know which way it goes."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from spv_sim.analysis.find_paths import column_unit
from spv_sim.analysis.replay import CONTRACT_CASH
from spv_sim.closing.close import close
from spv_sim.engine.columns import column_names
from spv_sim.engine.cpu import Chunk, run_chunk, simulate
from spv_sim.scenario.model import Scenario
from spv_sim.scenario.read import read
from tests.months import months_of
from tests.oracle import run_deal

DEAL_X = Path(__file__).parent / "golden" / "x-base.toml"
MARKET = (
    "gpu_price.volatility=35 %/sqrt(year)",
    "lease_rate.volatility=30 %/sqrt(year)",
    "credit.hazard=25 %/year",
)
LIQUIDATE = "workout.mode=liquidate"
BATCHES = ("first", "second", "third", "fourth", "fifth")
PATHS = 256
MODES = pytest.mark.parametrize("mode", ["remarket", "liquidate"])

Columns = dict[str, NDArray[np.float64]]


def load(*sets: str) -> Scenario:
    """Deal X on a random market, with some terms changed."""
    return read(DEAL_X, [*MARKET, *sets]).scenario


def simulate_paths(*sets: str, paths: int = PATHS) -> Columns:
    """Columns of deal X with some terms changed, on the same draws."""
    return simulate_scenario(load(*sets), paths)


def simulate_scenario(scenario: Scenario, paths: int = PATHS) -> Columns:
    """Columns of a scenario by name."""
    closed = close(scenario)
    columns = run_chunk(closed.terms, scenario.monte_carlo.seed, 0, paths).columns
    return dict(zip(column_names(closed.tranches), columns, strict=True))


def equal(one: Columns, other: Columns, *but: str) -> None:
    """Equal to the bit, NaN included."""
    for name in one.keys() - set(but):
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


def usd(scenario: Scenario) -> float:
    """What counts as nothing [USD]."""
    return 1e-9 * float(close(scenario).table.uses.sum())


@MODES
def test_currency_has_no_meaning(mode: str) -> None:
    """All prices x 1000: amounts x 1000, ratios and rates unchanged."""
    scale = 1000
    sets = [f"workout.mode={mode}", "workout.claim_mitigation=true", "lease.first_payment=100 m USD"]
    priced = [f"fleet.batch.{b}.unit_cost={40_000 * scale} USD" for b in BATCHES]
    priced += [
        f"lease.rate={1.30 * scale} USD/GPU-hour",
        f"lease.first_payment={100 * scale} m USD",
        f"lease_rate.initial={2.20 * scale} USD/GPU-hour",
        f"lease_rate.mean_level={1468.8837357831148 * scale / 1000} USD/GPU-hour",
        f"workout.enforcement_cost={15 * scale} m USD/month",
        f"workout.merchant_opex={0.35 * scale} USD/GPU-hour",
        f"opex.per_month={7 * scale} m USD/month",
        f"capital.other_costs={40 * scale} m USD",
    ]
    one, thousand = simulate_paths(*sets), simulate_paths(*sets, *priced)
    for name in one:
        money = column_unit(name) == "USD"
        factor, room = (scale, scale * usd(load(*sets))) if money else (1, 1e-9)
        np.testing.assert_allclose(thousand[name], one[name] * factor, rtol=1e-9, atol=room, err_msg=name)


def test_no_hazard_no_default() -> None:
    """Without a hazard nobody defaults, and nobody loses."""
    columns = simulate_paths("credit.hazard=0 %/year")
    assert np.isinf(columns["lessee.default_month"]).all()
    assert np.isinf(columns["senior.event_of_default_month"]).all()
    assert not columns["senior.loss"].any()
    assert not columns["spv.claim"].any()


@pytest.mark.parametrize(("timing", "first"), [("arrears", 5), ("advance", 5)])
def test_a_certain_default_is_at_the_first_rent_after_completion(timing: str, first: int) -> None:
    """At 100 a year from closing on the chance of surviving to the first rent date is e^-42."""
    certain = ("credit.hazard=10000 %/year", "credit.clock=closing", f"lease.timing={timing}")
    columns = simulate_paths(*certain, "credit.draw_stop=false")
    np.testing.assert_array_equal(columns["lessee.default_month"], first)
    # Where a default stops the draws it is met in the month itself: e^-8 survive the first.
    met = simulate_paths(*certain, "credit.draw_stop=true")["lessee.default_month"]
    assert set(met) <= {1.0, 2.0}


def test_without_noise_every_path_is_the_deterministic_deal() -> None:
    """No volatility, no jumps, a scheduled default: all paths are one path, and that is the oracle's."""
    calm = ("gpu_price.volatility=0 %/sqrt(year)", "lease_rate.volatility=0 %/sqrt(year)")
    scenario = read(DEAL_X, [*calm, "credit.default_month=29 months"]).scenario
    columns = simulate_scenario(scenario)
    months = range(65)
    price = [40_000 * 0.62 * math.exp(-0.40 * k / 12) for k in months]
    rate = [2.20 * math.exp(-0.28 * k / 12) for k in months]
    deal = run_deal(scenario, price, rate, 29)
    for name, values in columns.items():
        assert values[0] == pytest.approx(values[-1], abs=0, rel=0, nan_ok=True), name
    for name in ("equity.irr", "equity.moic", "spv.average_dscr", "spv.sale"):
        np.testing.assert_allclose(columns[name], deal.summary[name], rtol=1e-8)


@MODES
def test_a_better_resale_price_harms_nobody(mode: str) -> None:
    """A dearer new unit raises every sale; without mitigation the claim stays."""
    sets = (f"workout.mode={mode}", "grid.tail=24 months")
    low, high = (simulate_paths(*sets, f"gpu_price.new_price={price} USD") for price in (40_000, 44_000))
    nothing = usd(load(*sets))
    np.testing.assert_allclose(high["spv.sale"], 1.1 * low["spv.sale"], rtol=1e-12)
    assert (high["senior.loss"] <= low["senior.loss"] + nothing).all()
    assert (high["equity.moic"] >= low["equity.moic"] - 1e-9).all()
    assert high["senior.loss"].sum() < low["senior.loss"].sum()
    assert high["equity.moic"].sum() > low["equity.moic"].sum()


@MODES
def test_a_better_recovery_on_the_claim_harms_nobody(mode: str) -> None:
    """More of the claim is paid: no lender loses more, no equity earns less."""
    sets = (f"workout.mode={mode}", "grid.tail=24 months")
    low, high = (simulate_paths(*sets, f"workout.claim_recovery={share} %") for share in (10, 40))
    np.testing.assert_allclose(high["spv.claim"], 4 * low["spv.claim"], rtol=1e-12)
    assert (high["senior.loss"] <= low["senior.loss"] + usd(load(*sets))).all()
    assert (high["equity.moic"] >= low["equity.moic"] - 1e-9).all()


def test_dearer_debt_costs_equity_return() -> None:
    """Without default and lock-up a higher coupon lowers the return of every path."""
    sets = ("credit.hazard=0 %/year", "capital.tranche.senior.lock_up_dscr=0.01")
    cheap, dear = (simulate_paths(*sets, f"capital.tranche.senior.coupon={rate} %") for rate in (10.5, 11.5))
    assert (dear["equity.irr"] < cheap["equity.irr"]).all()
    assert (dear["senior.yield"] > cheap["senior.yield"]).all()
    assert (dear["spv.average_dscr"] < cheap["spv.average_dscr"]).all()


def test_no_reserve() -> None:
    """Without a reserve its account is empty in every month, less debt is drawn, and all is defined."""
    scenario = load("capital.tranche.senior.dsra=0 months")
    closed = close(scenario)
    assert not np.nansum(months_of(closed, 0, 0, 64)["dsra"])
    assert closed.table.commitment < close(load()).table.commitment
    assert np.isfinite(simulate_scenario(scenario)["spv.min_dscr"]).all()


@MODES
def test_all_equity(mode: str) -> None:
    """Without debt its figures are undefined, nothing is lost on it, and equity gets all cash."""
    scenario = load("capital.debt_share=0 %", f"workout.mode={mode}")
    columns = simulate_scenario(scenario)
    assert np.isfinite(columns["equity.irr"]).all()
    assert not columns["senior.loss"].any()
    for name in (
        "spv.min_dscr",
        "spv.average_dscr",
        "spv.llcr",
        "senior.yield",
        "senior.wal",
        "senior.loss_pv",
    ):
        assert np.isnan(columns[name]).all(), name
    assert (columns["senior.yield_flag"] == 2).all()
    rows = months_of(close(scenario), scenario.monte_carlo.seed, 0, 64)
    inflows = ("rent", "merchant", "claim", "sale", *CONTRACT_CASH, "account_interest")
    received = sum(np.nansum(rows[name], axis=0) for name in inflows)
    spent = np.nansum(rows["costs_paid"], axis=0)
    calls = float(close(scenario).table.equity.sum())
    np.testing.assert_allclose(columns["equity.moic"][:64], (received - spent) / calls, rtol=1e-9)


def test_no_rent_at_all() -> None:
    """All rent waived: the lender lives on the sale, equity on nothing; everything stays defined."""
    waived = (
        "lease.holiday.all.start=5 months",
        "lease.holiday.all.end=64 months",
        "lease.holiday.all.paid=0 %",
    )
    columns = simulate_paths("credit.hazard=0 %/year", *waived)
    assert (columns["senior.loss"] > 0).all()
    assert (columns["spv.min_dscr"] < 0).all()
    np.testing.assert_array_equal(columns["equity.irr"], -1)
    np.testing.assert_array_equal(columns["equity.irr_flag"], 1)
    # The reserve pays debt service of three months, or two with the opex; the third date, month 7, is short.
    np.testing.assert_array_equal(columns["senior.event_of_default_month"], 8)


@pytest.mark.parametrize("timing", ["arrears", "advance"])
def test_the_shortest_deal(timing: str) -> None:
    """One batch, no construction, one month of lease and debt."""
    batches = [f"fleet.batch.{name}.delivery=0 months" for name in BATCHES]
    short = ["grid.construction=0 months", "lease.term=1 month", "capital.tranche.senior.tenor=1 month"]
    columns = simulate_paths(
        *batches,
        *short,
        "capital.tranche.senior.dsra=0 months",
        f"lease.timing={timing}",
        "lease.rate=30 USD/GPU-hour",
    )
    np.testing.assert_allclose(columns["senior.wal"], 1 / 12, rtol=1e-12)
    assert columns["spv.breach"].max() <= 1e-9
    assert np.isfinite(columns["equity.moic"]).all()


@MODES
def test_a_tail_changes_nothing_without_claims(mode: str) -> None:
    """Months after the lease move no cash where no claim is open and the fleet is sold by the lease's end."""
    sets = (f"workout.mode={mode}", "workout.claim_recovery=0 %", "workout.downtime=0 months")
    short, long = simulate_paths(*sets), simulate_paths(*sets, "grid.tail=24 months")
    assert np.isfinite(short["lessee.default_month"]).sum() > PATHS / 4
    # An unpaid lender still counts months, interest and a late default in the tail, and sums run longer.
    default = ("senior.event_of_default_month", "spv.event_of_default_cause")
    still = ("senior.loss", "senior.loss_pv", *default, "spv.breach")
    summed = ("equity.irr", "equity.npv", "senior.yield")
    equal(short, long, *still, *summed)
    for name in summed:
        np.testing.assert_allclose(long[name], short[name], rtol=1e-9, atol=1e-9, err_msg=name)
    begun = np.isfinite(short["senior.event_of_default_month"])
    for name in default:
        np.testing.assert_array_equal(long[name][begun], short[name][begun], err_msg=name)
    repaid = short["senior.loss"] == 0
    np.testing.assert_array_equal(long["senior.loss"][repaid], 0)


def test_two_halves_are_a_batch() -> None:
    """A batch written as two of half the size is the same deal."""
    half = ["fleet.batch.fifth.units=50_000"]
    half += [
        f"fleet.batch.sixth.{term}" for term in ("delivery=4 months", "units=50_000", "unit_cost=40,000 USD")
    ]
    equal(simulate_paths(), simulate_paths(*half), "spv.breach")


def test_features_leave_other_draws_alone() -> None:
    """Jumps, volatility or the workout's mode change neither who defaults when nor the lease rate."""
    jumps = [f"gpu_price.jump.{term}" for term in ("intensity=1 /year", "mean_log=-0.2", "sd_log=0.1")]
    plain, rich = (
        close(load(*sets)) for sets in ((), (*jumps, LIQUIDATE, "gpu_price.volatility=60 %/sqrt(year)"))
    )
    one, other = (months_of(closed, 0, 0, 64) for closed in (plain, rich))
    np.testing.assert_array_equal(one["default_month"], other["default_month"])
    np.testing.assert_array_equal(one["lease_rate"], other["lease_rate"])
    assert (one["price"] != other["price"]).any()


def run(scenario: Scenario, paths: int, workers: int, chunk_blocks: int) -> list[Chunk]:
    closed = close(scenario)
    return list(simulate(closed.terms, paths, scenario.monte_carlo.seed, workers, chunk_blocks))


def test_workers_and_chunks_change_no_bit() -> None:
    """The same columns and flow sums for one worker and several, whatever the chunks."""
    scenario, paths = load(), 10_000
    runs = [run(scenario, paths, workers, blocks) for workers, blocks in ((1, 4), (2, 1), (3, 2))]
    columns = [np.concatenate([chunk.columns for chunk in chunks], axis=1) for chunks in runs]
    sums = [np.concatenate([chunk.flow_sums for chunk in chunks]) for chunks in runs]
    assert columns[0].shape[1] == paths
    for other in (1, 2):
        np.testing.assert_array_equal(columns[0], columns[other])
        np.testing.assert_array_equal(sums[0], sums[other])


def test_a_path_is_itself_in_every_run() -> None:
    """Path 17 is the same to the bit among 100, among 10,000, and as the first of a run."""
    closed = close(load())
    few, many = (run_chunk(closed.terms, 3, 0, paths).columns[:, 17] for paths in (100, 10_000))
    np.testing.assert_array_equal(few, many)
    np.testing.assert_array_equal(few, run_chunk(closed.terms, 3, 17, 1).columns[:, 0])
    assert (run_chunk(closed.terms, 4, 0, 100).columns[:, 17] != few).any()


def test_a_path_is_itself_whatever_its_neighbours() -> None:
    """Paths run side by side that end early or late: each has the columns that it has alone."""
    early = (
        "capital.debt_share=15 %",
        "capital.tranche.senior.tenor=12 months",
        "capital.tranche.senior.grace=12",
    )
    sold = (LIQUIDATE, "workout.claim_lag=6 months", "grid.tail=24 months", "credit.hazard=12 %/year")
    closed = close(load(*early, *sold))
    together = run_chunk(closed.terms, 0, 0, 512).columns
    alone = np.concatenate([run_chunk(closed.terms, 0, path, 1).columns for path in range(512)], axis=1)
    for name, row, other in zip(column_names(closed.tranches), together, alone, strict=True):
        np.testing.assert_array_equal(row, other, err_msg=name)

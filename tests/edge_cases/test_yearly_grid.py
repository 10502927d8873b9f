"""A deal on a grid of years by hand: construction, rent, costs, account interest, default and workout."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from spv_sim.analysis.replay import Replay, replay_path
from spv_sim.closing.close import Closed, close
from spv_sim.engine.columns import column_names
from spv_sim.engine.cpu import run_chunk
from spv_sim.scenario.read import read, read_text

SAM = Path(__file__).parents[1] / "pysam" / "sam-1.toml"
HOURS = 8760
SENIOR = "capital.tranche.senior"


def closed(*sets: str) -> Closed:
    return close(read(SAM, sets).scenario)


def replay(*sets: str) -> Replay:
    return replay_path(closed(*sets), 0, 0)


def at(path: Replay, name: str, year: int) -> float:
    return float(path.months[name][path.months["k"].tolist().index(12 * year)])


def test_construction_accrues_interest_and_fees_once_a_year() -> None:
    """Two batches a year apart: interest and commitment fee of the first year fall due at completion."""
    deal = closed(
        "grid.construction=1 year",
        "fleet.batch.plant.delivery=0 years",
        "fleet.batch.second={ units = 1, unit_cost = '500,000 USD', delivery = '1 year' }",
        f"{SENIOR}.commitment_fee=1 %",
    )
    (senior,) = deal.capital.tranches
    first = 0.625 * 1e6
    assert senior.draws[0] == pytest.approx(first, rel=1e-12)
    assert senior.interest_during_construction[12] == pytest.approx(0.09 * first, rel=1e-12)
    assert senior.commitment_fee[12] == pytest.approx(0.01 * (senior.commitment - first), rel=1e-12)
    assert not senior.interest_during_construction[1:12].any()
    assert not senior.commitment_fee[1:12].any()
    assert not senior.draws[1:12].any()


def test_an_implicit_rate_compounds_once_a_year() -> None:
    """Five rents in arrears that repay the cost, less what is left of it, at the rate of a year."""
    text = SAM.read_text().replace(
        'rate = "25,000 USD/GPU-month"', 'implicit_rate = "10 %"\nimplicit_residual = "20 %"'
    )
    path = replay_path(close(read_text(text, "sam.toml").scenario), 0, 0)
    rent = at(path, "rent", 1)
    worth = sum(rent / 1.1**year for year in range(1, 6)) + 0.2e6 / 1.1**5
    assert worth == pytest.approx(1e6, rel=1e-12)


MARKET = (
    "lease_rate.initial=30 USD/GPU-hour",
    "lease_rate.mean_level=30 USD/GPU-hour",
    "lease_rate.decline=0 %/year",
    "lease_rate.half_life=12 months",
    "workout.mode=remarket",
    "workout.downtime=1 year",
    "workout.enforcement_cost=1,000 USD/month",
    "workout.utilisation=80 %",
    "workout.market_haircut=10 %",
    "workout.merchant_opex=2 USD/GPU-hour",
    "workout.claim_recovery=50 %",
    "workout.claim_lag=2 years",
    "workout.claim_mitigation=false",
)
DEFAULT = (*MARKET, "credit.default_month=2 years")


def test_a_default_is_worked_out_in_years() -> None:
    """No rent from the second year on; a year's cost of enforcement, then re-letting for 8,760 hours."""
    path = replay(*DEFAULT)
    assert [at(path, "rent", year) for year in (1, 2)] == [300_000.0, 0.0]
    assert at(path, "costs_due", 2) == pytest.approx(20_000 + 12_000)
    let = HOURS * 0.8 * (0.9 * 30 - 2)
    assert [at(path, "rent", year) for year in (3, 4, 5)] == pytest.approx([let] * 3, rel=1e-12)
    claim = 300_000 * sum(1.09**-ahead for ahead in range(4))
    assert at(path, "claim", 4) == pytest.approx(0.5 * claim, rel=1e-12)
    assert path.columns["spv.breach"] <= 1e-9


def test_mitigation_of_a_claim_counts_the_years_of_reletting() -> None:
    path = replay(*(each for each in DEFAULT if "mitigation" not in each), "workout.claim_mitigation=true")
    let = HOURS * 0.8 * (0.9 * 30 - 2)
    claim = 300_000 * sum(1.09**-ahead for ahead in range(4)) - let * sum(
        1.09**-ahead for ahead in range(1, 4)
    )
    assert at(path, "claim", 4) == pytest.approx(0.5 * claim, rel=1e-6)


def test_nothing_flows_between_the_dates_on_random_paths() -> None:
    deal = closed(
        *MARKET,
        "credit.hazard=20 %/year",
        "gpu_price.volatility=30 %/sqrt(year)",
        "lease_rate.volatility=30 %/sqrt(year)",
        "accounts.interest_rate=3 %",
        f"{SENIOR}.dsra=6 months",
        f"{SENIOR}.lock_up_dscr=1.2",
        "grid.tail=2 years",
    )
    chunk = run_chunk(deal.terms, 0, 0, 512)
    between = [month for month in range(chunk.flow_sums.shape[2]) if month % 12]
    assert not chunk.flow_sums[:, :, between].any()
    names = column_names(deal.tranches)
    columns = dict(zip(names, chunk.columns, strict=True))
    assert columns["spv.breach"].max() <= 1e-9
    defaults = columns["lessee.default_month"]
    found = defaults[defaults < math.inf]
    assert set(found % 12) == {0.0}
    for year in (1, 3, 5):
        expected = -math.expm1(-0.2 * year)
        share = float((defaults <= 12 * year).mean())
        assert abs(share - expected) <= 4 * math.sqrt(expected * (1 - expected) / len(defaults))

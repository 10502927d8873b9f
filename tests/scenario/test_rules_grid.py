"""Rules of a grid of years: each broken alone, with its place and its words."""

from __future__ import annotations

from pathlib import Path

import pytest

from spv_sim.errors import UserError
from spv_sim.scenario.read import read

SAM = Path(__file__).parents[1] / "pysam" / "sam-1.toml"
YEARLY = "does not go with grid.periods_per_year = 1"

# assignment, setting at fault, words of the message
FAULTS = [
    ("grid.tail=6 months", "grid.tail", "6 months on a grid of years"),
    ("grid.construction=1 month", "grid.construction", "1 month on a grid of years"),
    ("lease.term=66 months", "lease.term", "66 months on a grid of years"),
    ("lease.payment_every=1 month", "lease.payment_every", "1 month; 12 are allowed"),
    ("capital.tranche.senior.payment_every=3 months", "senior.payment_every", "3 months; 12 are allowed"),
    ("capital.tranche.senior.tenor=54 months", "senior.tenor", "54 months on a grid of years"),
    ("fleet.batch.plant.deposit_lead=3 months", "plant.deposit_lead", "3 months on a grid of years"),
    ("workout.downtime=4 months", "workout.downtime", "4 months on a grid of years"),
    ("workout.liquidation_months=2 months", "workout.liquidation_months", YEARLY),
    ("lease.end_of_term.renewal_months=12 months", "lease.end_of_term.renewal_months", YEARLY),
    ("lease.early_termination.month=24 months", "lease.early_termination", YEARLY),
    ("fleet.failures.annual_rate=5 %/year", "fleet.failures", YEARLY),
    ('fleet.casualty={rate = "0.02 /year", loss = "30 %"}', "fleet.casualty", YEARLY),
    ('lease.ramp=["50 %"]', "lease.ramp", YEARLY),
    ("credit.outcome.assume=20 %", "credit.outcome", YEARLY),
    ("grid.periods_per_year=4", "grid.periods_per_year", "is not one of 12, 1"),
    ("grid.periods_per_year=12", "lease.payment_every", "12 months; 1 or 3 are allowed"),
]


@pytest.mark.parametrize(("assignment", "key", "words"), FAULTS, ids=[row[0] for row in FAULTS])
def test_a_fault_of_a_grid_of_years(assignment: str, key: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        read(SAM, [assignment])
    assert caught.value.exit_code == 2
    assert any(key in problem.message and words in problem.message for problem in caught.value.problems), (
        caught.value.problems
    )


def test_a_base_rate_is_refused_on_a_grid_of_years(tmp_path: Path) -> None:
    text = SAM.read_text().replace('coupon = "9 %"', 'base_rate = "term_1m"\nmargin = "2 %"')
    (tmp_path / "floating.toml").write_text(text)
    with pytest.raises(UserError) as caught:
        read(tmp_path / "floating.toml")
    assert any(
        "base_rate" in problem.message and YEARLY in problem.message for problem in caught.value.problems
    )


def test_a_default_that_is_no_whole_year_is_named_as_such() -> None:
    market = (
        "initial=30 USD/GPU-hour",
        "mean_level=30 USD/GPU-hour",
        "decline=0 %/year",
        "half_life=12 months",
    )
    sets = [*(f"lease_rate.{each}" for each in market), "lease.index.cap=50 USD/GPU-hour"]
    with pytest.raises(UserError) as caught:
        read(SAM, sets)
    assert any(
        "lease.index.reset_every: 1 month, its default, on a grid of years" in problem.message
        for problem in caught.value.problems
    ), caught.value.problems


def test_a_reserve_may_be_part_of_a_year() -> None:
    assert read(SAM, ["capital.tranche.senior.dsra=6 months"]).scenario.capital.tranche["senior"].dsra == 6

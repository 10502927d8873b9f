"""Edge case 25 of model §19: a refinancing into a worse market."""

from __future__ import annotations

import math

import pytest

from spv_sim.analysis.replay import Replay
from spv_sim.spv.event_of_default import MATURITY
from tests.edge_cases.deal_x import at, replay
from tests.identities import EXACT
from tests.test_metamorphic import DEAL_X

ROLLOVER = (
    "capital.tranche.senior.tenor=24 months",
    "capital.tranche.senior.amortisation=bullet",
    "capital.tranche.senior.refinance.month=28 months",
)
"""Deal X's debt falls due after two years of its lease."""

WORSE = (
    "capital.tranche.senior.refinance.coupon=12 %",
    "capital.tranche.senior.refinance.max_ltv=60 %",
    "capital.tranche.senior.refinance.min_dscr=1.5x",
)
"""Less is lent than is owed, on prices that have fallen."""

FAILED, WITH_EQUITY = 3.0, 2.0


def outcome(path: Replay) -> float:
    """What became of the refinancing."""
    return path.columns["refinancing.outcome"]


def test_edge_25_shareholders_in_the_money_pay_what_a_worse_market_does_not_lend() -> None:
    """Old debt = new face + what equity pays in, on the date; the vehicle goes on."""
    path = replay(*ROLLOVER, *WORSE)
    assert outcome(path) == WITH_EQUITY
    face, paid = path.columns["refinancing.face"], path.columns["refinancing.equity_paid"]
    owed = at(path, "D", 27)
    assert 0 < face < owed
    assert face + paid == pytest.approx(owed, rel=1e-12)
    assert at(path, "equity_cure", 28) == pytest.approx(paid, rel=1e-12)
    assert at(path, "D", 28) == 0.0
    assert path.columns["senior.event_of_default_month"] == math.inf
    assert path.columns["senior.loss"] == path.columns["refinancing.loss"] == 0.0


def test_edge_25_a_failure_at_maturity_is_an_event_of_default_a_date_later() -> None:
    """At a coupon of 60 % the equity is worth less than the shortfall: nobody lends and nobody pays.

    The date's cash goes to the debt that is due; what stays unpaid is a default at maturity, and the old
    lender alone bears what is never repaid.
    """
    path = replay(*ROLLOVER, *WORSE, "capital.tranche.senior.refinance.coupon=60 %")
    assert outcome(path) == FAILED
    for name in ("face", "equity_paid", "premium", "fee", "loss", "pv"):
        assert path.columns[f"refinancing.{name}"] == 0.0, name
    assert math.isnan(path.columns["refinancing.yield"])
    assert path.columns["refinancing.shortfall"] > 0
    assert at(path, "prin_due", 28) == at(path, "D", 27)
    assert at(path, "principal_arrears", 28) == at(path, "D", 28) > 0
    assert path.columns["senior.event_of_default_month"] == 29.0
    assert path.columns["spv.event_of_default_cause"] == MATURITY
    assert not path.months["equity_cure"].any()
    assert path.columns["senior.loss"] == pytest.approx(path.months["D"][-1], rel=1e-12)
    assert path.columns["spv.breach"] <= EXACT


def test_edge_25_a_call_that_fails_before_maturity_leaves_the_old_loan_as_it_was() -> None:
    call = ("capital.tranche.senior.refinance.month=28 months", *WORSE)
    path, plain = replay(*call, "capital.tranche.senior.refinance.coupon=90 %"), replay()
    assert outcome(path) == FAILED
    for name in ("equity.irr", "equity.moic", "senior.yield", "senior.wal", "spv.average_dscr"):
        assert path.columns[name] == pytest.approx(plain.columns[name], rel=1e-12), name
    assert path.columns["senior.event_of_default_month"] == math.inf


def test_edge_25_nobody_lends_on_a_lease_in_default() -> None:
    """The lessee of deal X2 defaults in month 29, and the debt falls due in month 34."""
    late = ("capital.tranche.senior.tenor=30 months", "capital.tranche.senior.refinance.month=34 months")
    path = replay(*ROLLOVER, *WORSE, *late, file=DEAL_X.parent / "x2.toml")
    assert outcome(path) == 0.0
    assert math.isnan(path.columns["refinancing.shortfall"])
    assert path.columns["refinancing.face"] == 0.0
    assert path.columns["senior.event_of_default_month"] < 34

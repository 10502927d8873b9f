"""Reserves that come free: the next date's cash, for whoever is first in line (model R7, 9.2, I8, I14)."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.analysis.base_case import run_base_case
from spv_sim.closing.close import close
from tests.closing.deals import base
from tests.identities_lease import holds
from tests.paths import run_paths

SHARES = range(20, 100, 5)


def swept_out(share: int) -> bool:
    """Whether the sweep repays the last of the debt on a date that still asks for a reserve.

    The base case raises where an identity does not hold.
    """
    case = run_base_case(close(base("vci-h100", f"capital.tranche.senior.cash_sweep={share} %"))).ledger
    debt, prepaid, reserve = (case[name] for name in ("senior.debt", "senior.prepaid", "dsra"))
    date = int(np.flatnonzero((debt == 0) & (np.arange(len(debt)) > 0))[0])
    if prepaid[date] == 0 or reserve[date] == 0:
        return False
    assert reserve[date] == reserve[date - 3]
    assert reserve[date + 3] == 0
    received = case["cfads"][date + 1 : date + 4].sum()
    assert case["dist"][date + 3] == pytest.approx(reserve[date] + received, rel=1e-12)
    return True


def test_a_reserve_outlives_the_debt_by_a_date() -> None:
    found = [share for share in SHARES if swept_out(share)]
    assert found, "no sweep ends the debt between two dates; choose other shares"


def test_what_the_reserve_for_costs_sets_free_serves_the_senior_debt_first() -> None:
    """Costs ahead fall as the lease ends; while senior debt is short no later reserve is filled from that."""
    sets = (
        "lease.triple_net=false",
        "opex.per_month=20 m USD/month",
        "accounts.working_capital=6 months",
        "accounts.maintenance.contribution=20 USD/month",
        "lease.holiday.late={start='58 months', end='64 months', paid='10 %'}",
        "capital.tranche.senior.grace=12",
    )
    paths = run_paths(close(base("x1", *sets)), 1)
    row = {name: values[:, 0] for name, values in paths.ledger.items()}
    freed = -paths.rise("working_capital")[:, 0]
    short = row["senior.principal_due"] - row["senior.principal_paid"]
    date = int(np.flatnonzero((short > 1.0) & (freed > 0))[0])
    assert row["maintenance_put_in"][date] == 0
    paid = row["costs_paid"] + row["senior.interest_paid"] + row["senior.principal_paid"]
    came = row["rent"] + row["account_interest"] + freed - paths.rise("dsra")[:, 0]
    assert paid[date] == pytest.approx(came[date], rel=1e-12)
    holds(paths)

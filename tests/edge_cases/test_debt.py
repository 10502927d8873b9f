"""Edge cases 9 and 13 of model §19: debt repaid early, and debt never repaid."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.analysis.replay import replay_path
from spv_sim.closing.close import close
from spv_sim.scenario.read import read
from tests.edge_cases.deal_x import LAST, at, replay
from tests.golden.test_golden import HERE

SWEEP = "capital.tranche.senior.cash_sweep=40 %"


def test_09_sweep_repays_before_maturity() -> None:
    """The reserve comes free on the date after, cover is undefined from then on, and equity gets all cash."""
    path = replay(SWEEP)
    months = path.months
    repaid = int(months["k"][np.flatnonzero(months["D"] == 0)[0]])
    assert repaid < LAST
    assert at(path, "dsra", repaid) > 0
    after = months["k"] > repaid
    for name in ("D", "dsra", "trap", "int_due", "int_paid", "prin_paid"):
        assert not months[name][after].any(), name
    assert np.isnan(months["dscr"][after]).all()
    assert math.isfinite(at(path, "dscr", repaid))
    freed = at(path, "dsra", repaid)
    cash = months["inflow"][after] - months["costs_paid"][after]
    cash[0] += freed
    np.testing.assert_allclose(months["dist"][after], cash, rtol=1e-12)
    covers = months["dscr"][~after]
    assert path.columns["spv.average_dscr"] == pytest.approx(covers.mean(), rel=1e-12)
    assert path.columns["senior.wal"] < replay().columns["senior.wal"]
    assert (path.columns["senior.loss"], path.columns["spv.breach"] <= 1e-9) == (0.0, True)


def test_13_a_mezzanine_bullet_that_is_not_covered_at_the_end() -> None:
    """All accounts join the cash of the last date; what the mezzanine is not paid of it, it loses."""
    low = [f"lease.holiday.low.{term}" for term in ("start=20 months", "end=56 months", "paid=66 %")]
    sets = (
        "capital.tranche.mezz.scheduled_share=0 %/month",
        "capital.tranche.senior.lock_up_dscr=1.4x",
        "capital.tranche.senior.cash_sweep=0 %",
        "gpu_price.day_one_discount=95 %",
        "lease.residual_value_guarantee.amount=100 USD",
        *low,
    )
    closed = close(read(HERE / "y-base.toml", sets).scenario)
    path = replay_path(closed, 0, 0)
    months, last = path.months, len(path.months["k"]) - 1
    assert months["trap"][last - 1] > 0
    assert [months[name][last] for name in ("trap", "dsra", "dist", "D")] == [0.0] * 4
    cash = months["inflow"][last] + months["trap"][last - 1] + months["dsra"][last - 1]
    senior = months["int_paid"][last] + months["prin_paid"][last] + months["costs_paid"][last]
    mezz = months["mezz.interest_paid"][last] + months["mezz.principal_paid"][last]
    assert mezz == pytest.approx(cash - senior, rel=1e-9)
    assert mezz > 0
    left = months["Q"][last] + months["mezz.interest_arrears"][last]
    assert left > 0
    assert path.columns["mezz.loss"] == pytest.approx(left, rel=1e-12)
    assert path.columns["senior.loss"] == 0.0
    assert closed.table.commitment > left

"""The lease side of deal Y: rent by month, guarantee and claim of the reference deals Y1 and Y4."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.analysis.replay import replay_path
from spv_sim.closing.close import close
from spv_sim.closing.rent import rent_due
from tests.closing.deals import base
from tests.given import Allowed, given

Y4 = (
    "workout.mode=remarket",
    "credit.default_month=19 months",
    "lease.holiday.first.start=8 months",
    "lease.holiday.first.end=9 months",
    "lease.holiday.first.paid=66 %",
    "lease.holiday.second.start=10 months",
    "lease.holiday.second.end=15 months",
    "lease.holiday.second.paid=76 %",
)
DEALS = [("Y1_two_tranche_sculpt_sweep_no_default", ()), ("Y4_two_tranche_default_m19_remarket", Y4)]


@pytest.mark.parametrize(("check", "sets"), DEALS, ids=["Y1", "Y4"])
def test_rent_guarantee_and_claim_of_deal_y(check: str, sets: tuple[str, ...]) -> None:
    _, expected, tolerance = given(check)
    replay = replay_path(close(base("y-lease", *sets)), 0, 0)
    allowed = Allowed(tolerance, expected["total_uses"])
    months = replay.months["k"].tolist()
    assert [int(month) for month in months] == expected["series"]["k"]
    for month, snap in expected["snap"].items():
        got = replay.months["rent"][months.index(int(month))]
        assert allowed.amount(got, snap["rent"]), month
    guarantee = replay.months["guarantee"]
    assert allowed.amount(guarantee.sum(), expected["rvg"])
    assert np.flatnonzero(guarantee).tolist() == [len(guarantee) - 1]
    assert allowed.amount(replay.columns["spv.claim"], expected["claim"])


def test_a_step_table_says_the_same_rent_as_the_escalation() -> None:
    steps = ", ".join(f'"{12 * year} months" = "{0.94**year!r}x"' for year in range(1, 5))
    yearly, table = (
        base("y-lease"),
        base("y-lease", "lease.escalation=0 %", f"lease.steps={{ {steps} }}"),
    )
    assert np.allclose(
        rent_due(table.lease, table.fleet, 3, 57), rent_due(yearly.lease, yearly.fleet, 3, 57), rtol=1e-14
    )

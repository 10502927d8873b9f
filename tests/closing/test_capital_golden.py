"""Deals of two tranches at closing: the reference numbers of sculpted senior debt and a mezzanine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spv_sim.closing.capital import CapitalClosing
from tests.closing.deals import base, capital_of
from tests.given import Allowed, given

DEALS = {
    "y1": "Y1_two_tranche_sculpt_sweep_no_default",
    "y4": "Y4_two_tranche_default_m19_remarket",
}


@pytest.fixture(scope="module", params=DEALS)
def deal(request: pytest.FixtureRequest) -> tuple[CapitalClosing, dict[str, Any], Allowed]:
    _, expected, tolerance = given(DEALS[request.param])
    return capital_of(base(request.param)), expected, Allowed(tolerance, expected["total_uses"])


def test_sizes(deal: tuple[CapitalClosing, dict[str, Any], Allowed]) -> None:
    closing, expected, allowed = deal
    senior, mezz = closing.tranches
    got = {
        "C": senior.commitment,
        "M": mezz.commitment,
        "gear": senior.gearing,
        "total_uses": closing.table.uses.sum(),
        "equity_invested": closing.table.equity.sum(),
    }
    for name, value in got.items():
        assert value == pytest.approx(expected[name], rel=allowed.relative, abs=0), name
    assert mezz.gearing == 0.1
    assert senior.binding == "capital.tranche.senior.target_dscr"
    assert mezz.binding == "capital.tranche.mezz.debt_share"


def test_months(deal: tuple[CapitalClosing, dict[str, Any], Allowed]) -> None:
    closing, expected, allowed = deal
    senior, mezz = closing.tranches
    got = {
        "uses": closing.table.uses,
        "draws": senior.draws,
        "mezz_draws": mezz.draws,
        "equity_draws": closing.table.equity,
        "sched_principal": senior.scheduled_principal,
        "sched_ds": senior.scheduled_debt_service,
    }
    for name, values in got.items():
        assert all(map(allowed.amount, values, expected["series"][name])), name
    np.testing.assert_allclose(closing.reserve, expected["series"]["dsra"][0], rtol=allowed.relative)

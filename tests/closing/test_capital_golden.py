"""Deals of two tranches at closing: the reference numbers of sculpted senior debt and a mezzanine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spv_sim.closing.capital import CapitalClosing
from tests.closing.deals import base, capital_of
from tests.given import given

DEALS = {
    "y1": "Y1_two_tranche_sculpt_sweep_no_default",
    "y4": "Y4_two_tranche_default_m19_remarket",
}


@pytest.fixture(scope="module", params=DEALS)
def deal(request: pytest.FixtureRequest) -> tuple[CapitalClosing, dict[str, Any], float, float]:
    _, expected, tolerance = given(DEALS[request.param])
    cash = tolerance["abs_usd_fraction_of_uses"] * expected["total_uses"]
    return capital_of(base(request.param)), expected, tolerance["rel"], cash


def test_sizes(deal: tuple[CapitalClosing, dict[str, Any], float, float]) -> None:
    closing, expected, relative, _ = deal
    senior, mezz = closing.tranches
    got = {
        "C": senior.commitment,
        "M": mezz.commitment,
        "gear": senior.gearing,
        "total_uses": closing.table.uses.sum(),
        "equity_invested": closing.table.equity.sum(),
    }
    for name, value in got.items():
        assert value == pytest.approx(expected[name], rel=relative, abs=0), name
    assert mezz.gearing == 0.1
    assert senior.binding == "capital.tranche.senior.target_dscr"
    assert mezz.binding == "capital.tranche.mezz.debt_share"


def test_months(deal: tuple[CapitalClosing, dict[str, Any], float, float]) -> None:
    closing, expected, relative, cash = deal
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
        np.testing.assert_allclose(values, expected["series"][name], rtol=relative, atol=cash, err_msg=name)
    np.testing.assert_allclose(closing.reserve, expected["series"]["dsra"][0], rtol=relative)

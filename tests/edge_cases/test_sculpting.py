"""Edge case 1 of the list that must have a defined result: no cash flow in a period of sculpted debt."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.closing.close import close
from spv_sim.scenario.read import read, read_text
from tests.edge_cases.deal_x import LAST, fault
from tests.test_metamorphic import DEAL_X

SENIOR = "capital.tranche.senior"
SCULPTED = (f"{SENIOR}.amortisation=sculpted", f"{SENIOR}.target_dscr=1.6x")
ADVANCE = "lease.timing=advance"


@pytest.mark.parametrize("case", ["base", "p50"])
def test_edge_01_the_last_date_without_rent_shortens_sculpted_debt(case: str) -> None:
    """Rent in advance: month 64 has opex only, so that debt of 60 months is repaid in month 63."""
    sets = (*SCULPTED, ADVANCE, f"{SENIOR}.sizing_case={case}", "monte_carlo.pilot_paths=64")
    (senior,) = close(read(DEAL_X, sets).scenario).capital.tranches
    service = senior.scheduled_debt_service
    assert np.flatnonzero(service > 0).tolist() == list(range(5, LAST))
    assert service[LAST] == pytest.approx(0.0, abs=1e-3)
    assert senior.scheduled_principal.sum() == pytest.approx(senior.commitment, rel=1e-12)


def test_edge_01_a_tenor_that_ends_with_the_rent_is_the_same_debt() -> None:
    long, short = (
        close(read(DEAL_X, (*SCULPTED, ADVANCE, f"{SENIOR}.tenor={tenor} months")).scenario).capital.tranches[
            0
        ]
        for tenor in (60, 59)
    )
    assert long.commitment == pytest.approx(short.commitment, rel=1e-9)
    assert long.scheduled_principal == pytest.approx(short.scheduled_principal, rel=1e-9, abs=1.0)


def test_edge_01_a_date_without_cash_flow_while_debt_is_owed_is_refused() -> None:
    """Costs above the rent of a year in the middle, and debt sculpted on what comes after it."""
    steps = '{ "12 months" = "0.1x", "24 months" = "1x" }'
    sets = (*SCULPTED, f"lease.steps={steps}", "opex.per_month=60 m USD/month")
    (problem,) = fault(*sets).problems
    assert (problem.code, problem.key) == ("infeasible-sculpt", f"{SENIOR}.amortisation")
    assert "month 28 leaves no cash flow" in problem.message


def test_edge_01_a_simulated_case_without_cash_flow_names_the_case() -> None:
    """Re-letting pays again after a default: P90 has nothing in the downtime, with debt owed behind it."""
    sets = (
        *SCULPTED,
        f"{SENIOR}.sizing_case=p90",
        "credit.default_month=20 months",
        "monte_carlo.pilot_paths=64",
    )
    (problem,) = fault(*sets).problems
    assert problem.code == "infeasible-sculpt"
    assert "P90" in problem.message


def test_edge_02_sculpted_debt_above_the_uses_leaves_the_least_equity() -> None:
    """A rich cash flow would carry more debt than there are uses; what is not needed is not lent."""
    text = DEAL_X.read_text()
    text = text.replace('debt_share = "62.5 %"', 'min_equity = "10 %"')
    text = text.replace('amortisation = "level"', 'amortisation = "sculpted"\ntarget_dscr = "1.2x"')
    deal = close(read_text(text.replace("1.30 USD/GPU-hour", "4 USD/GPU-hour"), "rich.toml").scenario)
    (senior,) = deal.capital.tranches
    assert senior.binding == "capital.min_equity"
    assert deal.table.equity.sum() == pytest.approx(0.1 * deal.table.uses.sum(), rel=1e-9)
    assert senior.scheduled_principal.sum() == pytest.approx(senior.commitment, rel=1e-12)

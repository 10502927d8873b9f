"""The given runs of NREL's Singleowner, as scenario files through the command line (Annex P)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.given import checks, given

HERE = Path(__file__).parent
CASES = {"sam-1": "SAM-1_fixed_debt_pct_pretax", "sam-2": "SAM-2_dscr_sculpt_fees_dsra_pretax"}
YEARS = {
    "int_paid": "cf_debt_payment_interest",
    "prin_paid": "cf_debt_payment_principal",
    "D": "cf_debt_balance",
    "dscr": "cf_pretax_dscr",
    "dsra": "cf_reserve_debtservice",
    "account_interest": "cf_reserve_interest",
    "cfads": "cf_ebitda",
}
"""Column of a replay -> series of the tool, from its first year on."""


def spv_sim(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "spv_sim", *arguments], capture_output=True, check=True, text=True, cwd=HERE
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return CASES[request.param], spv_sim("replay", f"{request.param}.toml", "0", "--json")


def near(expected: Any, tolerance: dict[str, Any], floor: float) -> Any:
    """The cash flows' tolerance; its own rounding, below a billionth of the cost, counts as zero."""
    return pytest.approx(expected, rel=tolerance["cashflow_rel"], abs=1e-9 * floor)


def test_every_year_is_that_of_the_tool(case: tuple[str, dict[str, Any]]) -> None:
    check, replay = case
    _, expected, tolerance = given(check)
    months, cost = replay["months"], expected["total_cost"]
    assert months["k"] == [12, 24, 36, 48, 60]
    for ours, theirs in YEARS.items():
        assert months[ours] == near(expected["series"][theirs][1:], tolerance, cost), ours
    flows = expected["series"]["cf_project_return_aftertax"]
    assert replay["series"]["equity_cf"] == near(flows, tolerance, cost)


def test_closing_is_that_of_the_tool(case: tuple[str, dict[str, Any]]) -> None:
    check, replay = case
    _, expected, tolerance = given(check)
    closing = replay["closing"]
    got = [closing["tranche"]["senior"]["commitment"], closing["equity"], closing["total_uses"]]
    assert got == near([expected[name] for name in ("debt", "equity", "total_cost")], tolerance, 1.0)
    assert closing["tranche"]["senior"]["reserve"] == near(
        expected["series"]["cf_reserve_debtservice"][0], tolerance, expected["total_cost"]
    )


def test_the_rate_of_return_is_exact_where_the_tool_stops_at_its_own_tolerance(
    case: tuple[str, dict[str, Any]],
) -> None:
    check, replay = case
    _, expected, tolerance = given(check)
    rate = 100 * replay["columns"]["equity.irr"]
    exact = checks()[check]["cross_check"]["replica_irr_pct"]
    assert rate == pytest.approx(exact, abs=1e-8)
    assert rate == pytest.approx(expected["irr_after_tax_pct"], abs=tolerance["irr_abs_pct"])
    assert replay["columns"]["spv.min_dscr"] == pytest.approx(expected["min_dscr"], rel=1e-9)
    assert replay["columns"]["spv.breach"] <= 1e-9

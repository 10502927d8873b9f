"""The scenario files beside NREL's Singleowner itself (Annex P)."""

from __future__ import annotations

import sys
from typing import Any

import pytest

if sys.version_info >= (3, 14):
    pytest.skip("NREL-PySAM has no wheel for this Python", allow_module_level=True)

from PySAM import Singleowner

from spv_sim.analysis.replay import replay_path
from spv_sim.closing.close import close
from spv_sim.scenario.read import read
from tests.given import given
from tests.pysam.test_given import CASES, HERE, YEARS, near

HOURS, FLOWS, WORKING_RESERVE = 8760, "cf_project_return_aftertax", "cf_reserve_om"
SENIOR = "capital.tranche.senior"
NOTHING = (
    *("system_use_lifetime_output", "cp_capacity_payment_type", "cp_capacity_payment_esc"),
    *("cp_battery_nameplate", "cp_system_nameplate", "ppa_multiplier_model", "insurance_rate"),
    *("property_tax_rate", "prop_tax_assessed_decline", "cost_other_financing"),
    *(f"equip{number}_reserve_cost" for number in (1, 2, 3)),
    *(f"depr_alloc_{kind}_percent" for kind in ("macrs_15", "sl_5", "sl_15", "sl_20", "sl_39", "custom")),
)
NOTHING_LISTED = (
    *("degradation", "cp_capacity_payment_amount", "cp_capacity_credit_percent", "depr_custom_schedule"),
    *("om_capacity", "om_production", "om_fuel_cost"),
    *(f"{credit}_{payer}_amount" for credit in ("itc", "ptc") for payer in ("fed", "sta")),
    *(f"itc_{payer}_percent" for payer in ("fed", "sta")),
)
FIXED = {
    "ppa_soln_mode": 1,
    "ppa_price_input": (1.0,),
    "dispatch_tod_factors": (1.0,) * 9,
    "dispatch_sched_weekday": ((1,) * 24,) * 12,
    "dispatch_sched_weekend": ((1,) * 24,) * 12,
    "prop_tax_cost_assessed_percent": 100.0,
    "depr_alloc_macrs_5_percent": 100.0,
    "real_discount_rate": 6.0,
    "flip_target_percent": 10.0,
    "flip_target_year": 5,
    **{f"equip{number}_reserve_freq": 20.0 for number in (1, 2, 3)},
}
"""Inputs that the tool must have and that matter to nothing here: one kilowatt-hour is one dollar of rent."""

# The file, what is changed in it, and the same in the tool's inputs.
CHANGES: list[tuple[str, tuple[str, ...], dict[str, Any]]] = [
    ("sam-1", (), {}),
    ("sam-2", (), {}),
    (
        "sam-1",
        (f"{SENIOR}.coupon=12 %", "capital.debt_share=40 %"),
        {"term_int_rate": 12.0, "debt_percent": 40.0},
    ),
    (
        "sam-1",
        (f"{SENIOR}.tenor=3 years", "lease.escalation=-8 %", "capital.debt_share=40 %"),
        {"term_tenor": 3, "ppa_escalation": -8.0, "debt_percent": 40.0},
    ),
    ("sam-1", (f"{SENIOR}.amortisation=straight_line",), {"payment_option": 1}),
    (
        "sam-2",
        (f"{SENIOR}.dsra=12 months", f"{SENIOR}.target_dscr=1.6x"),
        {"dscr_reserve_months": 12.0, "dscr": 1.6},
    ),
    (
        "sam-2",
        (f"{SENIOR}.dsra=3 months", "accounts.interest_rate=5 %"),
        {"dscr_reserve_months": 3.0, "reserves_interest": 5.0},
    ),
    (
        "sam-2",
        ("accounts.working_capital=6 months", "opex.per_month=60,000 USD/year"),
        {"months_working_reserve": 6.0, "opex_year1": 60_000.0},
    ),
    (
        "sam-2",
        (f"{SENIOR}.tenor=4 years", "lease.escalation=4 %"),
        {"term_tenor": 4, "ppa_escalation": 4.0},
    ),
]


def run_tool(case: str, changes: dict[str, Any]) -> dict[str, list[float]]:
    """The tool's yearly series on the inputs of a given case, with some changed."""
    given_inputs, _, _ = given(CASES[case])
    inputs = {**given_inputs, **changes}
    rent, opex = inputs.pop("rent_year1"), inputs.pop("opex_year1")
    own = {"gen": (rent / HOURS,) * HOURS, "system_capacity": rent / HOURS, "om_fixed": (opex,)}
    model = Singleowner.new()
    nothing = dict.fromkeys(NOTHING, 0.0) | dict.fromkeys(NOTHING_LISTED, (0.0,))
    for name, value in {**nothing, **FIXED, **inputs, **own}.items():
        model.value(name, value)
    model.execute(0)
    return {name: list(model.value(name)) for name in (*YEARS.values(), FLOWS, WORKING_RESERVE)}


@pytest.mark.parametrize(("case", "sets", "changes"), CHANGES)
def test_every_year_is_that_of_the_tool(case: str, sets: tuple[str, ...], changes: dict[str, Any]) -> None:
    tool = run_tool(case, changes)
    _, expected, tolerance = given(CASES[case])
    replay = replay_path(close(read(HERE / f"{case}.toml", sets).scenario), 0, 0)
    cost = expected["total_cost"]
    years = len(replay.months["k"])
    for ours, theirs in YEARS.items():
        owed = replay.months["debt_service"] > 0.0
        got = replay.months[ours] if ours != "dscr" else replay.months[ours][owed]
        wanted = tool[theirs][1 : years + 1]
        if ours == "dscr":
            wanted = [value for value, due in zip(wanted, owed, strict=True) if due]
        assert got.tolist() == near(wanted, tolerance, cost), ours
    if "working_capital" in replay.months:
        held = replay.months["working_capital"].tolist()
        assert held == near(tool[WORKING_RESERVE][1:], tolerance, cost)
    flows = replay.series["equity_cf"].tolist()
    assert flows == near(tool[FLOWS], tolerance, cost)

"""The base case: the given ratios of deal X1, and the published terms."""

from __future__ import annotations

from pathlib import Path

import pytest

from spv_sim.analysis.base_case import run_base_case
from spv_sim.analysis.published import check_published
from spv_sim.closing.close import close
from spv_sim.scenario.read import read
from tests.closing.deals import base
from tests.given import agrees, given

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def test_ratios_X1_given() -> None:
    _, expected, tolerance = given("ratios_X1_given")
    case = run_base_case(close(base("x1")))
    names = {
        "LLCR": "spv.llcr",
        "PLCR": "spv.plcr",
        "WAL_from_COD": "senior.wal",
        "WAL_draw_weighted": "senior.wal_from_draws",
        "payback_month": "equity.payback",
        "npv12": "equity.npv",
    }
    for theirs, ours in names.items():
        # An amount in USD may also be off by a billionth of the uses, like every amount.
        allowed = max(tolerance, 22.0 / expected[theirs]) if theirs == "npv12" else tolerance
        assert agrees(case.values[ours], expected[theirs], allowed), theirs


def test_the_base_case_has_no_default_and_no_draw() -> None:
    case = run_base_case(close(base("vci-h100")))
    assert case.values["lessee.default_month"] == float("inf")
    assert case.values["senior.loss"] == 0
    assert case.record()["label"] == "base case, no default"


def test_published_terms_hold() -> None:
    loaded = read(str(SCENARIOS / "vci-h100-published.toml"))
    checks = check_published(loaded, run_base_case(close(loaded.scenario)))
    assert [check.expected for check in checks] == [1.375, 0.227, 0.205]
    assert [check.tolerance for check in checks] == [0.005, 0.003, 0.003]
    assert all(check.passed for check in checks)
    held, distributed = checks[2], checks[1]
    assert held.value == pytest.approx(0.2057, abs=1e-4)  # 885 m USD three months later, by hand
    assert distributed.value > held.value

"""Published terms beside the base case, each under its own overrides."""

from __future__ import annotations

import math

import pytest

from spv_sim.analysis.base_case import run_base_case, unit_of
from spv_sim.analysis.published import check_published
from spv_sim.closing.close import close
from spv_sim.errors import UserError
from spv_sim.scenario.read import Loaded, read, read_text
from tests.cli.process import BASE, PUBLISHED
from tests.scenario.base import spoil

TERM = """[deal.published.x]
metric = "{metric}"
expected = {expected}
tolerance = {tolerance}
source = "s"
{set}

[grid]"""


def with_term(metric: str, expected: float, tolerance: float, set: str = "") -> Loaded:
    return read_text(
        spoil("[grid]", TERM.format(metric=metric, expected=expected, tolerance=tolerance, set=set))
    )


def test_the_published_deal() -> None:
    """305.05 m USD a quarter over the annuity of 20 quarters at 9.5 %/4 on 3.5 bn USD is 1.3749."""
    loaded = read(PUBLISHED)
    base = run_base_case(close(loaded.scenario))
    rate = 0.095 / 4
    service = 3.5e9 * rate / (1 - (1 + rate) ** -20)
    assert base.values["spv.average_dscr"] == pytest.approx(305.05e6 / service, rel=1e-9)
    checks = {check.name: check for check in check_published(loaded, base)}
    assert all(check.passed for check in checks.values())
    held = checks["published.irr_held"]
    assert held.value < checks["published.irr_distributed"].value - 0.01
    assert "lease.first_payment_to = trap" in held.detail


@pytest.mark.parametrize(("offset", "passed"), [(0.9e-3, True), (1.1e-3, False), (-1.1e-3, False)])
def test_the_tolerance_is_to_both_sides(offset: float, passed: bool) -> None:
    value = run_base_case(close(with_term("base_case.equity.moic", 1, 1).scenario)).values["equity.moic"]
    loaded = with_term("base_case.equity.moic", value + offset, 1e-3)
    (check,) = check_published(loaded, run_base_case(close(loaded.scenario)))
    assert check.passed is passed
    assert (check.value, check.tolerance) == (value, 1e-3)


def test_overrides_change_the_case_of_their_term_alone() -> None:
    loaded = with_term("base_case.equity.moic", 1, 1, 'set = { "lease.rate" = "2.00 USD/GPU-hour" }')
    base = run_base_case(close(loaded.scenario))
    (check,) = check_published(loaded, base)
    assert check.value > base.values["equity.moic"]
    assert loaded.scenario.lease.rate != 2.0


def test_a_metric_that_the_base_case_lacks() -> None:
    loaded = with_term("base_case.equity.iir", 1, 1)
    with pytest.raises(UserError, match=r"scenario:\d+:\d+: error\[unknown-metric\].*equity\.iir") as told:
        check_published(loaded, run_base_case(close(loaded.scenario)))
    assert "base_case.equity.irr" in str(told.value)


def test_the_record_of_the_base_case_names_units() -> None:
    record = run_base_case(close(read(BASE).scenario)).record()
    units = {name: metric["unit"] for name, metric in record["metrics"].items()}
    assert units["equity.irr"] == "1/year"
    assert units["senior.loss"] == "USD"
    assert all(units.values())
    assert all(math.isfinite(metric["value"]) for metric in record["metrics"].values())
    assert unit_of("a.b") == ""

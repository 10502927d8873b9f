"""What can be varied: settings with their bounds, names left out, and words for what cannot."""

from __future__ import annotations

import math

import pytest

from spv_sim.analysis.solve.expand import Domain
from spv_sim.analysis.solve.knob import knob
from spv_sim.analysis.solve.target import Target, aim, parse_target
from spv_sim.closing.close import close
from spv_sim.errors import UserError
from spv_sim.scenario.read import read
from tests.analysis.solve.test_solution import golden
from tests.cli.process import BASE


@pytest.mark.parametrize(
    ("key", "domain", "start"),
    [
        ("lease.rate", Domain(0.0, math.inf), 1.30),
        ("capital.debt_share", Domain(0.0, 1.0, True, True), 0.625),
        ("capital.tranche.senior.coupon", Domain(0.0, math.inf, True), 0.105),
        ("capital.tranche.senior.oid", Domain(0.0, 1.0, True, False), 0.01),
        ("lease.escalation", Domain(-1.0, math.inf), 0.0),
        ("lease_rate.half_life", Domain(0.0, 1200.0, False, True), 12.0),
        ("credit.hazard", Domain(0.0, 100.0, True, True), 0.0),
        ("residual-haircut", Domain(-math.inf, 1.0), 0.0),
    ],
)
def test_domains_are_those_of_the_schema(key: str, domain: Domain, start: float) -> None:
    own = knob(golden("x1"), key, "")
    assert (own.key, own.domain, own.start, own.is_set) == (key, domain, start, True)


@pytest.mark.parametrize("key", ["capital.tranche.coupon", "capital.tranche.<name>.coupon"])
def test_the_only_name_may_be_left_out(key: str) -> None:
    assert knob(golden("x1"), key, "").key == "capital.tranche.senior.coupon"


def test_overrides_write_what_reads_back_the_same() -> None:
    loaded = golden("e1")
    value = 1.1 / 3
    for key in ("lease.rate", "capital.debt_share", "capital.tranche.senior.coupon"):
        changed = loaded.override(knob(loaded, key, "").overrides(value))
        assert knob(changed, key, "").start == value
    hazard = loaded.override(knob(loaded, "hazard-multiple", "").overrides(2.0)).scenario.credit.hazard
    assert hazard == pytest.approx((0.12, 0.18, 0.22, 0.24, 0.24), rel=1e-15)
    alone = knob(read(BASE), "hazard-multiple", "").overrides(0.5)
    assert alone == {"credit.hazard": "4 %/year"}
    price = loaded.override(knob(loaded, "residual-haircut", "").overrides(0.25)).scenario.gpu_price
    assert price.new_price == 30_000.0


def test_a_haircut_starts_from_the_price_of_the_scenario() -> None:
    loaded = read(BASE)
    price = loaded.override(knob(loaded, "residual-haircut", "").overrides(0.5)).scenario.gpu_price
    assert price.new_price == 25_000.0


@pytest.mark.parametrize(
    ("key", "code", "words"),
    [
        ("lease.rat", "unknown-key", "did you mean `lease.rate`?"),
        ("lease.rent", "unknown-key", "did you mean `lease.rate`?"),
        ("hazard-multipl", "unknown-key", "did you mean `hazard-multiple`?"),
        ("capital.tranche.snior.coupon", "unknown-key", "did you mean `senior`?"),
        ("fleet.batch.unit_cost", "unknown-key", "fleet.batch: which one?"),
        ("lease.term", "not-a-number", "whole number"),
        ("lease.timing", "not-a-number", "is not a number"),
        ("lease.first_payment", "not-a-number", "is not a number"),
        ("capital", "not-a-number", "is not a number"),
        ("hazard-multiple", "no-hazard", "give credit.hazard a rate"),
    ],
)
def test_what_cannot_be_varied(key: str, code: str, words: str) -> None:
    with pytest.raises(UserError) as told:
        knob(golden("x1"), key, f"--vary {key}")
    (problem,) = told.value.problems
    assert (problem.code, problem.file, told.value.exit_code) == (code, f"--vary {key}", 2)
    assert words in str(problem)


def test_a_hazard_for_each_year_is_varied_by_a_factor() -> None:
    with pytest.raises(UserError, match="not-a-number") as told:
        knob(golden("e1"), "credit.hazard", "")
    assert "vary `hazard-multiple` instead" in str(told.value)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("equity.irr=15%", "equity.irr", 0.15),
        (" base.spv.min_dscr = 1.40x ", "base.spv.min_dscr", 1.4),
        ("equity.npv=-35 m USD", "equity.npv", -35e6),
        ("senior.expected_loss=35 bps", "senior.expected_loss", 0.0035),
    ],
)
def test_targets_are_read_like_quantities(text: str, name: str, value: float) -> None:
    assert parse_target(text, "") == (name, pytest.approx(value, rel=1e-15))


@pytest.mark.parametrize(
    "text", ["equity.irr", "=15%", "equity.irr=", "equity.irr=high", "equity.irr=15 GPU"]
)
def test_what_is_no_target(text: str) -> None:
    with pytest.raises(UserError, match=r"error\[(usage|unit)\]"):
        parse_target(text, f"--for {text}")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("equity.iir", "did you mean `equity.irr`?"),
        ("base.equity.iir", "did you mean `base.equity.irr`?"),
        ("base.senior.probability_of_loss", "unknown-metric"),
        ("junior.npv", "unknown-metric"),
        ("default.spv.plcr", "unknown-metric"),
        ("default.equity.irr", "give --default-month"),
    ],
)
def test_what_is_no_metric(name: str, words: str) -> None:
    with pytest.raises(UserError, match=r"^--for x: error") as told:
        aim(close(golden("x1").scenario), name, 0.1, "--for x")
    assert words in str(told.value)


def test_a_default_outside_the_lease() -> None:
    closed = close(golden("x1").scenario)
    for month in (4, 65):
        with pytest.raises(UserError, match="months 5 to 64"):
            aim(closed, "default.equity.irr", 0.1, "--for x", default_month=month)


def test_how_a_target_is_measured() -> None:
    def method(name: str, scenario: str, simulate: bool = False) -> Target:
        return aim(close(golden(scenario).scenario), name, 0.0, "", simulate=simulate)

    assert method("base.equity.irr", "e4").method == "base_case"
    assert method("equity.irr", "e1").method == "enumeration"
    assert method("equity.irr", "e1", simulate=True).method == "simulation"
    assert method("equity.irr", "e4").method == "simulation"
    assert method("default.senior.loss", "x2").default_month == 29
    units = {name: method(name, "e1").unit for name in ("senior.npv", "base.senior.npv", "base.spv.min_dscr")}
    assert units == {"senior.npv": "USD", "base.senior.npv": "USD", "base.spv.min_dscr": "x"}

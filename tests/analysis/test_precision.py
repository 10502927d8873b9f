"""Errors asked for in words: what they mean in each unit, and every way in which they are refused."""

from __future__ import annotations

import math

import pytest

from spv_sim.analysis.precision import Precision, read_precisions
from spv_sim.errors import UserError
from spv_sim.results.estimate import Estimate
from spv_sim.results.metric import MEAN, QUANTILE, Metric

KNOWN = {
    name: Metric(name, unit, "", estimator)
    for name, unit, estimator in (
        ("equity.irr", "1/year", MEAN),
        ("equity.npv", "USD", MEAN),
        ("equity.payback", "months", QUANTILE),
        ("senior.expected_loss", "share", MEAN),
        ("senior.wal", "years", MEAN),
        ("spv.min_dscr", "x", MEAN),
        ("spv.units_lost", "units", MEAN),
    )
}


def estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(value, (high - low) / 4.0, (low, high), 100)


@pytest.mark.parametrize(
    ("text", "metric", "width", "relative"),
    [
        ("senior.expected_loss ± 2 %", "senior.expected_loss", 0.02, True),
        ("senior.expected_loss+-2%", "senior.expected_loss", 0.02, True),
        ("senior.expected_loss +/- 0.1 pp", "senior.expected_loss", 0.001, False),
        ("senior.expected_loss ± 1 bp", "senior.expected_loss", 0.0001, False),
        ("equity.irr.mean ± 10 bps", "equity.irr", 0.001, False),
        ("  equity.irr ± 0.1 %/year ", "equity.irr", 0.001, False),
        ("equity.irr ± 2 %", "equity.irr", 0.02, True),
        ("equity.npv ± 2.5 m USD", "equity.npv", 2.5e6, False),
        ("equity.payback ± 1 year", "equity.payback", 12.0, False),
        ("senior.wal ± 6 months", "senior.wal", 0.5, False),
        ("spv.min_dscr ± 0.01x", "spv.min_dscr", 0.01, False),
        ("spv.min_dscr ± 0.01", "spv.min_dscr", 0.01, False),
        ("spv.units_lost ± 3 units", "spv.units_lost", 3.0, False),
    ],
)
def test_what_is_asked(text: str, metric: str, width: float, relative: bool) -> None:
    (found,) = read_precisions([text], KNOWN)
    assert (found.metric.name, found.width, found.relative) == (metric, width, relative)
    assert found.text == text.strip()


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "usage", "METRIC ± ERROR"),
        ("equity.irr", "usage", "METRIC ± ERROR"),
        ("± 2 %", "usage", "METRIC ± ERROR"),
        ("equity.irrr ± 2 %", "unknown-metric", "did you mean `equity.irr`?"),
        ("equity.irrr.mean ± 2 %", "unknown-metric", "did you mean `equity.irr`?"),
        ("equity.payback.mean ± 2 %", "unknown-metric", "did you mean `equity.payback`?"),
        ("zzz ± 2 %", "unknown-metric", "known: equity.irr, equity.npv"),
        ("equity.irr ±", "unit", "10 bps"),
        ("equity.irr ± 0.1", "unit", "has no unit"),
        ("equity.irr ± 3 USD", "unit", "allowed: bps"),
        ("equity.npv ± 10 bps", "unit", "equity.npv is in USD"),
        ("senior.expected_loss ± 0.1", "unit", "has no unit"),
        ("senior.wal ± 1 x", "unit", "allowed: years"),
        ("equity.irr ± few %", "unit", "is not a share of the value"),
        ("equity.irr ± 0 %", "range", "allowed: more than 0"),
        ("equity.irr ± -10 bps", "range", "allowed: more than 0"),
        ("equity.irr ± 0.000 bps", "range", "allowed: more than 0"),
    ],
)
def test_faults(text: str, code: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        read_precisions([text], KNOWN)
    (problem,) = caught.value.problems
    assert caught.value.exit_code == 2
    assert (problem.code, problem.file) == (code, f"--until {text}")
    assert words in str(problem)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(UserError) as caught:
        read_precisions(["x ± 1 %", "equity.irr ± 1 %", "equity.irr ± 0 %"], KNOWN)
    assert [problem.code for problem in caught.value.problems] == ["unknown-metric", "range"]


@pytest.mark.parametrize(
    ("relative", "found", "width"),
    [
        (False, estimate(5.0, 4.0, 8.0), 2.0),
        (True, estimate(5.0, 4.0, 8.0), 0.4),
        (True, estimate(-5.0, -8.0, -4.0), 0.4),
        (True, estimate(0.0, 0.0, 0.0), 0.0),
        (False, estimate(5.0, 4.0, math.inf), math.inf),
        (False, estimate(0.0, 0.0, 1.0), 0.5),
        (True, estimate(0.0, 0.0, 1.0), math.nan),
        (True, estimate(math.nan, math.nan, math.nan), math.nan),
        (False, estimate(math.inf, math.inf, math.inf), math.nan),
        (False, estimate(5.0, math.nan, math.nan), math.nan),
    ],
)
def test_the_width_of_an_estimate(relative: bool, found: Estimate, width: float) -> None:
    """Half of the interval, over the size of the value where a share of it is meant."""
    asked = Precision(KNOWN["equity.irr"], 0.1, relative, "")
    assert asked.of(found) == pytest.approx(width, rel=1e-15, abs=0.0, nan_ok=True)

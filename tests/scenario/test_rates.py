"""The rates table: its faults at their places, and what it warns of."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.scenario.read import read_text
from spv_sim.scenario.starter import STARTER
from tests.scenario.base import faults, place_of, sound

CURVE = (
    '[rates.curve]\nkind = "nelson_siegel"\nlevel = "3.85 %"\nslope = "0.45 %"\ndecay_time = "1.8 years"\n'
)
MODEL = '[rates]\nmodel = "hull_white"\nmean_reversion = "5 %"\nvolatility = "0.9 %/sqrt(year)"\n'


def with_rates(*parts: str) -> str:
    return STARTER + "\n" + "".join(parts)


def with_knots(*points: str, negative: bool = False) -> str:
    allowed = "[rates]\nallow_negative = true\n" if negative else ""
    return with_rates(allowed, '[rates.curve]\nkind = "knots"\nzero_rates = {' + ", ".join(points) + "}\n")


FAULTS = [
    (with_rates("[rates]\n"), "[rates]", "rates.curve is required"),
    (
        with_rates('[rates]\nmodel = "hull_white"\nvolatility = "1 %/sqrt(year)"\n', CURVE),
        "[rates]",
        "rates.mean_reversion is required with",
    ),
    (
        with_rates('[rates]\nmodel = "hull_white"\nmean_reversion = "5 %"\n', CURVE),
        "[rates]",
        "rates.volatility is required with",
    ),
    (
        with_rates('[rates]\nmean_reversion = "5 %"\n', CURVE),
        "mean_reversion",
        "has a meaning only with rates.model",
    ),
    (with_rates('[rates]\nmodel = "vasicek"\n', CURVE), '"vasicek"', "is not one of none, hull_white"),
    (with_rates(MODEL.replace('"5 %"', '"0 %"'), CURVE), '"0 %"\nvol', "is below 0.1 %/year"),
    (with_rates(MODEL.replace("0.9 %", "90 %"), CURVE), '"90 %/sqrt', "is above 10 %/sqrt(year)"),
    (with_rates(CURVE.replace('"1.8 years"', '"0 months"')), '"0 months"\n', "is not above"),
    (with_rates(CURVE.replace("nelson_siegel", "svensson")), '"svensson"', "is not one of"),
    (
        with_rates('[rates]\nday_count = "ACT/360"\n', CURVE).replace("closing = 2026-10-31 ", ""),
        '"ACT/360"',
        "needs the date deal.closing",
    ),
    (with_rates(CURVE.replace('"0.45 %"', '"-6 %"')), "[rates.curve]", "rises from month 0 to month 1"),
    (
        with_knots('"12 months" = "4 %"', '"2 years" = "1 %"'),
        '"1 %"}',
        "the discount factor rises from month 12 to month 24",
    ),
    (with_knots('"12 months" = "-1 %"'), '"-1 %"}', "rises from month 0 to month 12"),
    (
        with_knots('"12 months" = "3 %"', '"1 year" = "3 %"'),
        '"1 year" = "3 %"}',
        '"12 months" is the same time',
    ),
    (with_knots('"0 months" = "3 %"'), '"0 months" = "3 %"', "outside 1 to 1200 months"),
    (with_knots('"12 months" = "300 %"'), '"300 %"', "is above 100 %/year"),
    (with_knots(), "{}", "at least 1 must be given"),
]


@pytest.mark.parametrize(("text", "at", "words"), FAULTS, ids=[row[2][:40] for row in FAULTS])
def test_faults_of_rates(text: str, at: str, words: str) -> None:
    found = faults(text)
    assert len(found) == 1, found
    assert (found[0].line, found[0].column) == place_of(text, at)
    assert words in found[0].message


@pytest.mark.parametrize(
    "text",
    [
        with_rates(CURVE),
        with_rates(MODEL, CURVE),
        with_knots('"2 years" = "3.6 %"', '"3 months" = "3.9 %"', '"10 years" = "3.7 %"'),
        with_knots('"12 months" = "-1 %"', negative=True),
        with_rates('[rates]\nday_count = "ACT/360"\n', CURVE),
    ],
)
def test_sound_rates_are_read(text: str) -> None:
    assert sound(text).scenario.rates is not None


def test_rates_are_silent_by_default() -> None:
    assert read_text(STARTER).scenario.rates is None


def test_knots_stand_in_the_order_of_time() -> None:
    rates = sound(with_knots('"5 years" = "3.7 %"', '"3 months" = "3.9 %"')).scenario.rates
    assert rates is not None
    years = np.array([0.25, 5.0])
    assert rates.curve.log_discount(years) == pytest.approx([-0.039 / 4, -0.185], abs=1e-15)


def test_a_curve_that_ends_before_the_deal_is_pointed_out() -> None:
    short = sound(with_knots('"12 months" = "3 %"')).warnings
    assert any("the last knot is at 12 months of" in warning for warning in short)
    assert not any("knot" in warning for warning in sound(with_knots('"20 years" = "3 %"')).warnings)


@pytest.mark.parametrize(("rates", "warned"), [(CURVE, True), (MODEL + CURVE, False), ("", True)])
def test_a_correlation_with_a_rate_that_does_not_move_is_pointed_out(rates: str, warned: bool) -> None:
    text = with_rates(rates).replace("lease_rate = 0.6 }", "lease_rate = 0.6, short_rate = -0.1 }")
    warnings = sound(text).warnings
    assert any("the short rate does not move" in warning for warning in warnings) == warned

"""Edge cases 15 to 30 of model §19: returns, estimates and degenerate deals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from spv_sim.closing.close import close
from spv_sim.kernel.irr_roots import TOTAL_LOSS, UNDEFINED
from spv_sim.scenario.read import read
from tests.edge_cases.deal_x import (
    LAST,
    OPEX,
    RENT,
    UNITS,
    at,
    market_rate,
    price,
    replay,
)
from tests.months import months_of
from tests.test_metamorphic import DEAL_X, simulate_scenario


def test_edge_15_no_path_has_a_rate(run: Any) -> None:
    """Equity that pays in nothing has no rate on any path: null, a dash, a note, and a whole report."""
    document, page, text = run("capital.debt_share=100 %", "credit.hazard=10 %/year")
    for name in ("equity.irr", "equity.irr_of_mean_cash_flow"):
        assert document["metrics"][name]["value"] is None
    assert document["metrics"]["equity.irr"]["note"] == "40 undefined, undefined on every path"
    assert document["metrics"]["equity.irr"]["count"] == 0
    assert "Equity IRR, mean of paths</span><b>–</b>" in page
    assert "Equity IRR, %/year" in text
    columns = simulate_scenario(read(DEAL_X, ["capital.debt_share=100 %"]).scenario)
    assert (columns["equity.irr_flag"] == UNDEFINED).all()


def test_edge_16_no_default_no_loss_given_default(run: Any) -> None:
    """Nothing is lost: the loss given default is a dash, the band the best one."""
    document, page, _ = run()
    metrics, bands = document["metrics"], document["bands"]
    assert metrics["senior.probability_of_loss"]["value"] == 0.0
    assert metrics["senior.loss_given_default"]["value"] is None
    assert metrics["senior.loss_given_default"]["note"] == "undefined: no path with a loss"
    assert bands["senior.el_band"]["value"] == "Aaa"
    assert '<th scope="row">Senior loss given default</th><td>–</td><td>–</td>' in page
    assert '<th scope="row">Senior idealised-EL band</th><td>Aaa</td>' in page


def test_edge_17_all_equity(run: Any) -> None:
    """Without debt nothing of it is defined and nothing fails; equity gets all that is left."""
    document, page, text = run("capital.debt_share=0 %", "credit.hazard=10 %/year")
    metrics = document["metrics"]
    for name in ("expected_loss", "expected_loss_pv", "loss_given_default", "wal", "yield"):
        assert metrics[f"senior.{name}"]["value"] is None, name
    assert metrics["senior.expected_loss_usd"]["value"] == 0.0
    assert document["bands"]["senior.el_band"]["value"] is None
    assert metrics["spv.min_dscr"]["value"] is None
    assert metrics["equity.irr"]["value"] is not None
    assert "Senior idealised-EL band</th><td>–</td>" in page
    assert "Band      senior – (95 %: –" in text
    path = replay("capital.debt_share=0 %")
    total = 60 * (RENT - OPEX) + UNITS * price(LAST) * 0.96
    assert path.columns["equity.moic"] == pytest.approx(total / (20e9 + 40e6), rel=1e-9)


def test_edge_18_no_rent() -> None:
    """All rent waived from the first month on: equity loses all, the lender lives on the sale."""
    waived = (
        "lease.holiday.all.start=5 months",
        "lease.holiday.all.end=64 months",
        "lease.holiday.all.paid=0 %",
    )
    path = replay(*waived)
    assert not path.months["rent"].any()
    assert (path.columns["equity.irr"], path.columns["equity.irr_flag"]) == (-1.0, TOTAL_LOSS)
    assert path.columns["equity.moic"] == 0.0
    assert path.columns["senior.loss"] > 0
    assert path.columns["spv.min_dscr"] < 0


def test_edge_18_escalation_ends_with_the_term() -> None:
    """Rents step up four times in five years; in the tail none is due, and none is claimed."""
    sets = ("lease.escalation=10 %/year", "grid.tail=24 months")
    path = replay(*sets)
    assert at(path, "rent", LAST) == pytest.approx(RENT * 1.1**4, rel=1e-12)
    assert not path.months["rent"][path.months["k"] > LAST].any()
    lost = replay(*sets, "credit.default_month=64 months")
    assert lost.columns["spv.claim"] == pytest.approx(0.20 * RENT * 1.1**4, rel=1e-9)


@pytest.mark.parametrize("closing", ["2028-02-29", "2027-08-31", "2027-12-31"])
def test_edge_19_closing_on_a_leap_day_or_a_month_end(closing: str) -> None:
    """Months are twelfths of a year: the date is a label and moves no number."""
    labelled, plain = replay(f"deal.closing={closing}"), replay()
    for name, value in plain.columns.items():
        assert labelled.columns[name] == pytest.approx(value, rel=0, abs=0, nan_ok=True), name
    for name, values in plain.months.items():
        np.testing.assert_array_equal(labelled.months[name], values)


def test_edge_20_default_for_sure(run: Any) -> None:
    """Every path defaults: a probability of 1 without a standard error, yet with an interval below 1."""
    document, _, _ = run("credit.hazard=10000 %/year")
    told = document["metrics"]["lessee.default_probability"]
    assert (told["value"], told["standard_error"]) == (1.0, 0.0)
    z2 = 1.959963984540054**2
    assert told["ci95"] == pytest.approx([40 / (40 + z2), 1.0], rel=1e-9)  # Wilson's, of 40 in 40
    assert all(check["passed"] for check in document["checks"])
    assert document["metrics"]["equity.irr"]["value"] == -1.0


def test_edge_21_one_path_has_no_standard_error(run: Any) -> None:
    """The error of one path is unknown, not zero: null, a dash on the page, none in the terminal."""
    document, page, text = run(paths=1)
    for name, metric in document["metrics"].items():
        assert metric["standard_error"] is None, name
    irr = document["metrics"]["equity.irr"]
    assert irr["value"] is not None
    assert irr["ci95"] == [None, None]
    shown = f"{100 * irr['value']:.1f} %/year"
    assert f'<th scope="row">Equity IRR</th><td>{shown}</td><td>–</td>' in page.replace("\u00a0", " ")
    row = next(line for line in text.splitlines() if line.startswith("Equity IRR, "))
    assert "±" not in row
    assert "nan" not in text.lower()


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_edge_23_perfect_correlation(sign: float) -> None:
    """Drivers that move as one: the steps of a random walk and of a mean-reverting rate correlate by
    (1−e^−κΔ)/κ / √(Δ·(1−e^−2κΔ)/2κ), a little below 1 because the rate forgets within the month."""
    sigma, vol, kappa, step = 0.30, 0.25, math.log(2), 1 / 12
    sets = (
        f"correlation.gpu_price={{ lease_rate = {sign} }}",
        f"gpu_price.volatility={100 * sigma:.0f} %/sqrt(year)",
        f"lease_rate.volatility={100 * vol:.0f} %/sqrt(year)",
    )
    scenario = read(DEAL_X, sets).scenario
    rows = months_of(close(scenario), 0, 0, 512)
    months = np.arange(5, LAST + 1)
    walk = np.log(rows["price"][months]) - np.log([price(k) for k in months])[:, None]
    rate = np.log(rows["lease_rate"][months]) - np.log([market_rate(k) for k in months])[:, None]
    price_steps = np.diff(walk, axis=0) + 0.5 * sigma**2 * step
    rate_steps = rate[1:] - math.exp(-kappa * step) * rate[:-1]
    assert np.isfinite(price_steps).all()
    assert np.isfinite(rate_steps).all()
    expected = sign * (-math.expm1(-kappa * step) / kappa)
    expected /= math.sqrt(step * -math.expm1(-2 * kappa * step) / (2 * kappa))
    found = np.corrcoef(price_steps.ravel(), rate_steps.ravel())[0, 1]
    assert abs(found - expected) <= 4 * (1 - expected**2) / math.sqrt(price_steps.size)


def test_edge_29_a_tranche_never_drawn_has_no_rate() -> None:
    """No draw, no yield: NaN with the flag of the undefined, on every path, and no loss."""
    columns = simulate_scenario(read(DEAL_X, ["capital.debt_share=0 %", "credit.hazard=20 %/year"]).scenario)
    assert np.isnan(columns["senior.yield"]).all()
    assert (columns["senior.yield_flag"] == UNDEFINED).all()
    assert not columns["senior.loss"].any()
    assert np.isnan(columns["senior.wal"]).all()


def test_edge_30_nothing_is_distributed_at_completion() -> None:
    """Rent in advance at completion pays the opex; the rest is trapped until the first debt date."""
    path = replay("lease.timing=advance")
    assert at(path, "rent", 4) == pytest.approx(RENT, rel=1e-12)
    assert at(path, "dist", 4) == 0.0
    assert at(path, "trap", 4) == pytest.approx(RENT - OPEX, rel=1e-12)
    calls = path.series["equity_draws"]
    np.testing.assert_allclose(path.series["equity_cf"][:5], -calls, rtol=1e-12)
    assert at(path, "dist", 5) > at(path, "trap", 4)
    assert at(path, "trap", 5) == 0.0

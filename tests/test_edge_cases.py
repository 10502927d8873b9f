"""Edge cases of model §19, each under its number: they have a defined result.

Numbers without a test need what the model does not have yet: sculpting, sweeps, floating rates, further
tranches, cures, solvers, purchase options, refinancing, guarantors, programmes, tax.
"""

from __future__ import annotations

import json
import math
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spv_sim.analysis.replay import Replay, replay_path
from spv_sim.closing.close import close
from spv_sim.errors import UserError
from spv_sim.kernel.irr_roots import TOTAL_LOSS, UNDEFINED
from spv_sim.scenario.read import read
from tests.cli.invoke import Shell
from tests.given import given
from tests.months import months_of
from tests.oracle import run_deal
from tests.test_metamorphic import DEAL_X, simulate_scenario

UNITS, HOURS, LAST = 500_000, 730, 64
RENT, OPEX = UNITS * HOURS * 1.30, 7e6
"""Of deal X, whose lease runs from month 5 to 64 [USD]."""

LIQUIDATE = "workout.mode=liquidate"


def replay(*sets: str, file: Path = DEAL_X) -> Replay:
    """Path 0 of deal X, which has no noise, with some terms changed."""
    scenario = read(file, sets).scenario
    return replay_path(close(scenario), 0, scenario.monte_carlo.seed)


def at(path: Replay, name: str, month: int) -> float:
    """An amount of a month."""
    return float(path.months[name][path.months["k"].tolist().index(month)])


def costs(*sets: str) -> list[tuple[float, float]]:
    """Opex and enforcement cost of each month from closing on path 0 [USD]."""
    rows = months_of(close(read(DEAL_X, sets).scenario), 0, 0, 1)
    return list(zip(rows["opex"][:, 0].tolist(), rows["enforcement"][:, 0].tolist(), strict=True))


def price(month: int) -> float:
    """Resale price of deal X [USD]."""
    return 40_000 * 0.62 * math.exp(-0.40 * month / 12)


def market_rate(month: int) -> float:
    """Market lease rate of deal X [USD/GPU-hour]."""
    return 2.20 * math.exp(-0.28 * month / 12)


def meets_the_oracle(path: Replay, default_month: int, *sets: str) -> None:
    """Returns, loss and cover of a path are those of the slow deal."""
    scenario = read(DEAL_X, sets).scenario
    months = range(LAST + scenario.grid.tail + 1)
    deal = run_deal(scenario, [price(k) for k in months], [market_rate(k) for k in months], default_month)
    for name in ("equity.irr", "equity.moic", "spv.claim", "spv.sale", "spv.average_dscr"):
        assert path.columns[name] == pytest.approx(deal.summary[name], rel=1e-8, abs=1e-8), name
    assert path.columns["senior.loss"] == pytest.approx(deal.summary["loss"], rel=1e-8, abs=20)


def fault(*sets: str) -> UserError:
    """What reading and closing refuse."""
    with pytest.raises(UserError) as caught:
        close(read(DEAL_X, sets).scenario)
    assert caught.value.exit_code == 2
    return caught.value


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """Run deal X with its report: run.json, the page and what the terminal shows."""

    def start(*words: str, paths: int = 40) -> tuple[dict[str, Any], str, str]:
        options = ["--paths", paths, "-o", tmp_path / "run"]
        options += [part for word in words for part in ("--set", word)]
        done = Shell(capsys)("run", DEAL_X, *options)
        assert done.status == 0, done.err
        document = json.loads((tmp_path / "run" / "run.json").read_text(), parse_constant=pytest.fail)
        return document, unescape((tmp_path / "run" / "report.html").read_text()), done.out

    return start


def test_edge_02_debt_above_the_uses_is_refused() -> None:
    """An advance of all hardware does not fit into uses that the first payment has cut by 15 %."""
    sets = ("lease.first_payment=15 %", "lease.first_payment_to=reduces_uses", "capital.advance_rate=100 %")
    (problem,) = fault(*sets).problems
    assert (problem.code, problem.key) == ("tranche-does-not-fit", "capital.advance_rate")


@pytest.mark.parametrize("payment", ["100.3 %", "200 %", "25 %"])
def test_edge_03_negative_gearing_is_refused(payment: str) -> None:
    """Rent paid first that is more than all uses, or than those of its month, leaves nothing to fund."""
    sets = (f"lease.first_payment={payment}", "lease.first_payment_to=reduces_uses")
    (problem,) = fault(*sets).problems
    assert (problem.code, problem.key) == ("negative-uses", "lease.first_payment")
    assert 'first_payment_to = "trap"' in (problem.help or "")


def test_edge_03_a_first_payment_within_the_uses_closes() -> None:
    closed = close(read(DEAL_X, ["lease.first_payment=20 %", "lease.first_payment_to=reduces_uses"]).scenario)
    assert closed.table.uses.min() > 0
    assert closed.table.equity.min() > 0
    assert closed.table.draws.sum() == pytest.approx(closed.table.commitment, rel=1e-12)


def test_edge_04_default_before_completion() -> None:
    """A scheduled one is refused; one drawn before completion shows at the first rent, month 5."""
    (problem,) = fault("credit.default_month=4 months").problems
    assert (problem.code, problem.key) == ("range", "credit.default_month")
    scenario = read(DEAL_X, ["credit.hazard=10000 %/year", "credit.clock=closing"]).scenario
    assert (simulate_scenario(scenario)["lessee.default_month"] == 5).all()


def test_edge_04_default_at_the_first_rent() -> None:
    """No contract rent is ever paid: four idle months, then the market."""
    path = replay("credit.default_month=5 months")
    assert [at(path, "rent", k) for k in range(5, 9)] == [0.0] * 4
    merchant = UNITS * HOURS * 0.85 * (0.90 * market_rate(9) - 0.35)
    assert at(path, "rent", 9) == pytest.approx(merchant, rel=1e-9)
    assert at(path, "costs_due", 5) == OPEX + 15e6
    assert path.columns["senior.event_of_default_month"] == 6
    meets_the_oracle(path, 5, "credit.default_month=5 months")


def test_edge_04_default_at_the_last_month() -> None:
    """X5: no event of default, the lock-up fails at the last date, and all cash is paid."""
    _, expected, _ = given("X5_default_at_K")
    path = replay("credit.default_month=64 months")
    assert at(path, "rent", LAST) == 0.0
    assert path.columns["senior.event_of_default_month"] == math.inf
    assert (at(path, "locked", LAST), path.columns["spv.lock_up_months"]) == (0, expected["lock_months"])
    assert path.columns["equity.irr"] == pytest.approx(expected["equity_irr_annual"], rel=1e-8)
    assert path.columns["equity.moic"] == pytest.approx(expected["equity_moic"], rel=1e-8)
    assert [at(path, name, LAST) for name in ("trap", "dsra", "D")] == [0.0] * 3


def test_edge_05_downtime_beyond_the_end() -> None:
    """Month 61 + 4 is beyond 64: an orderly sale at 64; 60 + 4 is 64: a forced one."""
    late, just = (replay(LIQUIDATE, f"credit.default_month={month} months") for month in (61, 60))
    assert at(late, "sale", LAST) == pytest.approx(UNITS * price(LAST) * (1 - 0.04), rel=1e-9)
    assert at(just, "sale", LAST) == pytest.approx(UNITS * price(LAST) * (1 - 0.12), rel=1e-9)
    assert costs(LIQUIDATE, "credit.default_month=61 months")[61:] == [(OPEX, 15e6)] * 4
    assert costs(LIQUIDATE, "credit.default_month=60 months")[60:] == [(OPEX, 15e6)] * 4 + [(OPEX, 0.0)]
    meets_the_oracle(late, 61, LIQUIDATE, "credit.default_month=61 months")


def test_edge_05_downtime_into_the_tail() -> None:
    """With a tail the forced sale waits for the downtime to end, in month 66."""
    sets = (LIQUIDATE, "credit.default_month=62 months", "grid.tail=24 months")
    path = replay(*sets)
    assert path.columns["spv.sale"] == at(path, "sale", 66)
    assert at(path, "sale", 66) == pytest.approx(UNITS * price(66) * (1 - 0.12), rel=1e-9)
    assert costs(*sets)[65:68] == [(OPEX, 15e6), (OPEX, 0.0), (0.0, 0.0)]


@pytest.mark.parametrize(("tail", "paid_in"), [(0, None), (3, 67), (4, 68), (24, 68)])
def test_edge_06_claim_after_the_end(tail: int, paid_in: int | None) -> None:
    """Due in month 50 + 18 = 68: lost without a tail, valued in the last month of a short one, else paid."""
    path = replay("credit.default_month=50 months", f"grid.tail={tail} months")
    claim = 0.20 * sum(RENT * (1 + 0.105 / 12) ** -(k - 50) for k in range(50, LAST + 1))
    assert path.columns["spv.claim"] == pytest.approx(claim if paid_in else 0.0, rel=1e-9)
    if paid_in:
        assert at(path, "claim", paid_in) == path.columns["spv.claim"]


def test_edge_07_price_at_its_floor() -> None:
    """A price that would fall below the scrap value stays there, and the fleet sells for it."""
    path = replay("gpu_price.scrap_value=5,000 USD")
    prices = path.months["price"]
    assert prices == pytest.approx([max(price(k), 5_000) for k in range(5, LAST + 1)], rel=1e-9)
    assert prices[-1] == 5_000
    assert path.columns["spv.sale"] == pytest.approx(UNITS * 5_000 * 0.96, rel=1e-12)


def test_edge_07_price_of_nothing() -> None:
    """A price that has all but vanished leaves every figure defined."""
    path = replay("gpu_price.curve.decay=900 %/year", "credit.default_month=30 months", LIQUIDATE)
    assert 0 <= path.columns["spv.sale"] < 1
    assert path.columns["senior.loss"] > 0
    assert path.columns["spv.breach"] <= 1e-9
    assert math.isfinite(path.columns["equity.moic"])


def test_edge_08_event_of_default_with_the_debt_repaid() -> None:
    """The lessee defaults in month 40, long after the debt is repaid: from 41 on all cash is equity's."""
    sets = ("capital.debt_share=10 %", "capital.tranche.senior.tenor=12 months")
    path = replay(*sets, "credit.default_month=40 months")
    months = path.months
    assert path.columns["senior.event_of_default_month"] == 41
    after = months["k"] >= 41
    assert not months["D"][after].any()
    assert not months["int_paid"][after].any()
    # Cash beyond the costs and what they left unpaid before; nothing is held back.
    np.testing.assert_allclose(
        months["dist"][after], (months["inflow"] - months["costs_paid"])[after], atol=1e-3
    )
    assert months["dist"][after].sum() > 0
    for name in ("trap", "dsra"):
        assert not months[name][after].any()
    assert path.columns["senior.loss"] == 0
    assert path.columns["senior.yield"] > 0


def test_edge_10_event_of_default_wins_over_the_lock_up() -> None:
    """Month 29: the lock-up fails alone. Month 30: both would, and all cash serves the debt."""
    path = replay("credit.default_month=29 months")
    assert (at(path, "locked", 29), at(path, "eod", 29)) == (1, 0)
    assert at(path, "dscr", 29) < 1.15
    assert (at(path, "locked", 30), at(path, "eod", 30)) == (0, 1)
    assert math.isnan(at(path, "dscr", 30))
    assert [at(path, name, 30) for name in ("trap", "dsra", "dist")] == [0.0] * 3
    paid = at(path, "int_paid", 30) + at(path, "prin_paid", 30)
    held = at(path, "trap", 29) + at(path, "dsra", 29)
    assert paid == pytest.approx(held + at(path, "inflow", 30) - at(path, "costs_paid", 30), rel=1e-9)
    assert path.columns["spv.lock_up_months"] == 1


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

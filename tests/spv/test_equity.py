"""The split of distributions among classes of equity: by hand, against a slow recursion, and as given."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.closing.equity_classes import EquityClosing, class_terms, opening_claims
from spv_sim.closing.opening_book import opening_book
from spv_sim.scenario.equity import Promote
from spv_sim.spv.book import (
    CLASS_CAPITAL,
    CLASS_DISTRIBUTED,
    CLASS_RETURN_DUE,
    DEBT,
    DISTRIBUTED,
    Book,
    class_cell,
)
from spv_sim.spv.equity import split_distribution
from tests.given import agrees, given


def held(
    name: str, calls: list[float], share: float, rate: float | None = None, pik: bool = True
) -> EquityClosing:
    kind = "common" if rate is None else "preferred"
    return EquityClosing(name, share, kind, rate or 0.0, pik, False, np.array(calls))


def split(
    classes: list[EquityClosing], paid: dict[int, float], promote: Promote | None = None
) -> dict[str, dict[int, float]]:
    """What each class gets of distributions by month, which are the payment dates after the calls."""
    last, none = max(paid), np.zeros(1)
    pays = np.zeros(last + 1, dtype=np.bool_)
    pays[list(paid)] = True
    deal, owed = opening_claims(classes, promote)
    cells = opening_book(deal, {DEBT: none}, owed, np.zeros(0))
    terms = class_terms(classes, promote, pays, 0.0)
    book = Book(cells, 0.0)
    found: dict[str, dict[int, float]] = {of.name: {} for of in classes}
    for month, amount in sorted(paid.items()):
        cells[DISTRIBUTED] = amount
        assert split_distribution(terms, 1, month, book) <= 1e-12 * max(amount, 1.0)
        for j, of in enumerate(classes):
            found[of.name][month] = float(cells[class_cell(1, j, CLASS_DISTRIBUTED)])
            assert min(cells[class_cell(1, j, CLASS_CAPITAL)], cells[class_cell(1, j, CLASS_RETURN_DUE)]) >= 0
    return found


def test_promote_european_100catchup() -> None:
    inputs, expected, tolerance = given("promote_european_100catchup")
    assert inputs["contrib"][1:] == [0, 0, 0]
    promote = Promote.model_construct(
        hurdle=inputs["hurdle"], carry=inputs["carry"], catch_up=inputs["catchup"], to="gp"
    )
    classes = [held("lp", inputs["contrib"][:1], 1.0), held("gp", [0.0], 0.0)]
    found = split(classes, {12 * year: paid for year, paid in enumerate(inputs["dist"]) if year}, promote)
    for name in ("lp", "gp"):
        for year, wanted in enumerate(expected[name]):
            assert agrees(found[name].get(12 * year, 0.0), wanted, tolerance), (name, year)
    assert agrees(sum(found["gp"].values()), expected["gp_total"], tolerance)


@pytest.mark.parametrize("catch_up", [0.0, 0.5, 1.0])
def test_without_a_hurdle_rate_there_is_nothing_to_catch_up(catch_up: float) -> None:
    """100 come back first, then 40 of profit, of which the manager has a fifth whatever the catch-up."""
    promote = Promote.model_construct(hurdle=0.0, carry=0.2, catch_up=catch_up, to="gp")
    found = split([held("lp", [100.0], 1.0), held("gp", [0.0], 0.0)], {12: 100.0, 24: 40.0}, promote)
    assert found["gp"] == pytest.approx({12: 0.0, 24: 8.0})


def test_half_a_catch_up_by_hand() -> None:
    """Hurdle 10 %: of 150 after a year, 110 to investors, whose profit is 10.

    Half of each dollar goes to the manager until it has a fifth of all profit: x/2 = (10 + x) / 5, x = 20/3.
    The rest, 40 − 20/3 = 100/3, is split four to one.
    """
    promote = Promote.model_construct(hurdle=0.10, carry=0.2, catch_up=0.5, to="gp")
    found = split([held("lp", [100.0], 1.0), held("gp", [0.0], 0.0)], {12: 150.0}, promote)
    assert found["gp"][12] == pytest.approx(10 / 3 + 20 / 3)
    assert found["gp"][12] == pytest.approx(0.2 * 50.0)  # caught up: a fifth of the whole profit
    assert found["lp"][12] == pytest.approx(140.0)


def test_a_preferred_class_by_hand() -> None:
    """40 of 100 are preferred at 12 % a year, called at closing; distributions of 3, 20 and 60 each year.

    Compounding: 4.8 due, 3 paid; 1.8 + 12 % of 41.8 = 6.816 due, 20 pay it and 13.184 of capital; on the
    26.816 that are left 3.21792 fall due, and both are paid. Simple: 1.8 wait without return, so 6.6 are due,
    and 13.4 of capital are paid; 3.192 on 26.6.
    """
    paid = {12: 3.0, 24: 20.0, 36: 60.0}
    found = split([held("pref", [40.0], 0.4, 0.12), held("rest", [60.0], 0.6)], paid)
    assert found["pref"] == pytest.approx({12: 3.0, 24: 20.0, 36: 26.816 + 3.21792})
    assert found["rest"] == pytest.approx({12: 0.0, 24: 0.0, 36: 60.0 - 26.816 - 3.21792})
    # Simple return falls due by the month, at (1 + 12 %)^(1/12) − 1 of the capital.
    year = 12 * (1.12 ** (1 / 12) - 1)
    due = 40 * year - 3.0 + 40 * year
    capital = 40.0 - (20.0 - due)
    found = split([held("pref", [40.0], 0.4, 0.12, pik=False), held("rest", [60.0], 0.6)], paid)
    assert found["pref"] == pytest.approx({12: 3.0, 24: 20.0, 36: capital * (1 + year)})


@pytest.mark.parametrize("seed", range(8))
def test_any_classes_against_a_slow_recursion(seed: int) -> None:
    """Months one by one, preferred balances in lists, shares of what is left."""
    draw = np.random.default_rng(seed)
    completion, every = int(draw.integers(0, 5)), int(draw.choice([1, 3]))
    classes = []
    for j in range(5):
        rate = float(draw.uniform(0.0, 0.2)) if j % 2 else None
        calls = draw.uniform(0.0, 50.0, completion + 1).tolist()
        classes.append(held(f"c{j}", calls, float(draw.uniform(0.1, 1.0)), rate, bool(draw.integers(2))))
    dates = range(completion + every, completion + 40, every)
    paid = {month: float(draw.exponential(20.0)) * int(draw.integers(2)) for month in dates}
    capital, due = (
        dict.fromkeys((of.name for of in classes), 0.0),
        dict.fromkeys((of.name for of in classes), 0.0),
    )
    wanted: dict[str, dict[int, float]] = {of.name: {} for of in classes}
    for month in range(max(paid) + 1):
        for of in classes:
            growth = (1 + of.rate) ** (1 / 12) - 1
            if of.kind == "preferred":
                due[of.name] += growth * (capital[of.name] + (due[of.name] if of.pik else 0.0))
                capital[of.name] += float(of.calls[month]) if month <= completion else 0.0
        if month not in paid:
            continue
        left = paid[month]
        got = dict.fromkeys(capital, 0.0)
        for balance in (due, capital):
            total = math.fsum(balance.values())
            part = min(left, total)
            for name in balance:
                own = part * balance[name] / total if total > 0 else 0.0
                balance[name] -= own
                got[name] += own
            left -= part
        common = math.fsum(of.share for of in classes if of.kind == "common")
        for of in classes:
            wanted[of.name][month] = got[of.name] + (of.share / common * left if of.kind == "common" else 0.0)
    found = split(classes, paid)
    for name, of_class in wanted.items():
        assert found[name] == pytest.approx(of_class, rel=1e-9, abs=1e-9), name

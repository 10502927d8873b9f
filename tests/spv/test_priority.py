"""Steps of a priority of payments by hand, and a list of one's own against the usual one."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.closing.close import close
from spv_sim.closing.priority_terms import Step, cell_of, steps_terms
from spv_sim.engine.columns import column_names
from spv_sim.engine.cpu import run_chunk
from spv_sim.scenario.waterfall import Waterfall, usual_steps, usual_steps_in_default
from spv_sim.spv.book import (
    CASH,
    COVERED,
    DEBT,
    DISTRIBUTED,
    DSRA,
    ENFORCEMENT,
    INTEREST_DUE,
    LOCKED,
    MAINTENANCE,
    N_DEAL_CELLS,
    N_TRANCHE_CELLS,
    PREPAID,
    SWEPT,
    TOPPED_UP,
    TRAP,
    Book,
)
from spv_sim.spv.priority import (
    DISTRIBUTE,
    PAY,
    PREPAY,
    RELEASE,
    Setting,
    distribute,
    is_short,
    pay,
    prepay,
    release,
    top_up,
)
from tests.closing.deals import base

SETTING = Setting(is_date=True, is_whole=True, is_last=False, performs=True, active=True, tolerance=1e-6)


def book(cells: dict[int, float]) -> Book:
    values = np.zeros(N_DEAL_CELLS + 2 * N_TRANCHE_CELLS)
    for cell, value in cells.items():
        values[cell] = value
    return Book(values, 0.0)


def test_a_payment_draws_on_its_accounts_in_order_and_is_shared_pro_rata() -> None:
    dues = ((cell_of(0, INTEREST_DUE), -1), (cell_of(1, INTEREST_DUE), -1))
    steps = steps_terms([Step(PAY, dues, (CASH, DSRA, TRAP))])
    held = book({CASH: 10.0, DSRA: 6.0, TRAP: 50.0, dues[0][0]: 30.0, dues[1][0]: 10.0})
    pay(steps, 0, held, SETTING)
    assert [held.cells[account] for account in (CASH, DSRA, TRAP)] == [0.0, 0.0, 26.0]
    assert [held.cells[cell + 1] for cell, _ in dues] == [30.0, 10.0]
    short = book({CASH: 20.0, dues[0][0]: 30.0, dues[1][0]: 10.0})
    pay(steps, 0, short, SETTING)
    assert [short.cells[cell + 1] for cell, _ in dues] == [15.0, 5.0]


def test_a_prepayment_takes_its_share_of_the_cash_pro_rata_to_the_debt() -> None:
    targets = tuple((cell_of(i, PREPAID), cell_of(i, DEBT)) for i in (0, 1))
    steps = steps_terms([Step(PREPAY, targets, share=0.5)])
    held = book({CASH: 40.0, cell_of(0, DEBT): 300.0, cell_of(1, DEBT): 100.0})
    prepay(steps, 0, held, SETTING)
    assert held.cells[CASH] == 20.0
    assert held.cells[SWEPT] == 20.0
    assert [held.cells[cell_of(i, PREPAID)] for i in (0, 1)] == [15.0, 5.0]
    assert [held.cells[cell_of(i, DEBT)] for i in (0, 1)] == [285.0, 95.0]
    rich = book({CASH: 4000.0, cell_of(0, DEBT): 300.0})
    prepay(steps, 0, rich, SETTING)
    assert rich.cells[cell_of(0, DEBT)] == 0.0
    assert rich.cells[CASH] == 3700.0


def test_a_release_empties_its_accounts_into_cash() -> None:
    held = book({CASH: 1.0, TRAP: 2.0, DSRA: 4.0})
    release(steps_terms([Step(RELEASE, accounts=(TRAP, DSRA))]), 0, held, True)
    assert [held.cells[account] for account in (CASH, TRAP, DSRA)] == [7.0, 0.0, 0.0]


@pytest.mark.parametrize(("cost", "moved"), [(3.0, 3.0), (9.0, 4.0)])
def test_a_release_with_a_limit_moves_no_more_than_that(cost: float, moved: float) -> None:
    held = book({CASH: 1.0, MAINTENANCE: 4.0, ENFORCEMENT: cost})
    release(steps_terms([Step(RELEASE, accounts=(MAINTENANCE,), limit=ENFORCEMENT)]), 0, held, True)
    assert [held.cells[account] for account in (CASH, MAINTENANCE)] == [1.0 + moved, 4.0 - moved]


def test_a_contribution_limits_what_is_put_into_a_reserve_but_not_what_leaves_it() -> None:
    held = book({CASH: 10.0, MAINTENANCE: 2.0})
    assert top_up(held, True, MAINTENANCE, 9.0, 3.0) == 3.0
    assert top_up(held, True, MAINTENANCE, 1.0, 3.0) == 0.0
    assert [held.cells[account] for account in (CASH, MAINTENANCE)] == [11.0, 1.0]


@pytest.mark.parametrize(("reserve", "moved", "cash"), [(2.0, 3.0, 7.0), (9.0, 0.0, 14.0)])
def test_the_reserve_is_filled_from_cash_and_released_above_its_target(
    reserve: float, moved: float, cash: float
) -> None:
    held = book({CASH: 10.0, DSRA: reserve})
    held.cells[TOPPED_UP] = top_up(held, True, DSRA, 5.0, np.inf)
    assert [held.cells[cell] for cell in (DSRA, TOPPED_UP, CASH)] == [5.0, moved, cash]


@pytest.mark.parametrize(
    ("covered", "repaid", "last", "paid"),
    [(1.0, False, False, 12.0), (0.0, False, False, 0.0), (0.0, True, False, 12.0), (0.0, False, True, 12.0)],
)
def test_the_rest_is_distributed_or_trapped(covered: float, repaid: bool, last: bool, paid: float) -> None:
    held = book({CASH: 10.0, TRAP: 2.0, COVERED: covered})
    distribute(held, SETTING._replace(is_last=last), repaid, False, 0.0)
    assert [held.cells[cell] for cell in (CASH, DISTRIBUTED, TRAP)] == [0.0, paid, 12.0 - paid]
    assert held.cells[LOCKED] == (0.0 if paid else 1.0)


def test_nothing_is_distributed_while_a_claim_is_short() -> None:
    """The trap passes to nobody: a junior tranche may not draw on it, and keeps it from the shareholders."""
    due = cell_of(1, INTEREST_DUE)
    steps = steps_terms([Step(PAY, ((due, -1),), (CASH,)), Step(DISTRIBUTE)])
    held = book({TRAP: 12.0, COVERED: 1.0, due: 3.0})
    pay(steps, 0, held, SETTING)
    distribute(held, SETTING, False, is_short(steps, held, SETTING, 1, True), 0.0)
    assert [held.cells[cell] for cell in (DISTRIBUTED, TRAP, LOCKED)] == [0.0, 12.0, 0.0]


@pytest.mark.parametrize("sets", [(), ("capital.tranche.mezz.lock_up_dscr=1.1x",)])
def test_two_tranches_keep_every_identity_on_random_paths(sets: tuple[str, ...]) -> None:
    noise = ("gpu_price.volatility=35 %/sqrt(year)", "lease_rate.volatility=30 %/sqrt(year)")
    closed = close(base("y1", "credit.hazard=20 %/year", *noise, *sets))
    columns = run_chunk(closed.terms, 0, 0, 16_384).columns
    assert columns[column_names(closed.tranches).index("spv.breach")].max() <= 1e-9


@pytest.mark.parametrize("name", ["x2", "x4", "vci-h100"])
def test_the_usual_order_spelled_out_is_the_usual_order(name: str) -> None:
    scenario = base(name)
    tranches = scenario.capital.tranche
    spelled = Waterfall(step=usual_steps(tranches), step_in_default=usual_steps_in_default(tranches))
    own = scenario.model_copy(update={"waterfall": spelled})
    one, other = (run_chunk(close(each).terms, 3, 0, 64).columns for each in (scenario, own))
    assert np.array_equal(one, other, equal_nan=True)


def test_an_inverted_order_is_paid_as_written_and_keeps_the_identities() -> None:
    """Principal before interest leaves the arrears in the interest, and not a dollar is lost."""
    scenario = base("x4")
    usual = usual_steps(scenario.capital.tranche)
    inverted = [usual[0], usual[2], usual[1], usual[4], usual[3], *usual[5:]]
    own = scenario.model_copy(update={"waterfall": Waterfall(step=inverted)})
    columns = run_chunk(close(own).terms, 0, 0, 1).columns[:, 0]
    assert columns[column_names(["senior"]).index("spv.breach")] <= 1e-9
    assert not np.array_equal(columns, run_chunk(close(scenario).terms, 0, 0, 1).columns[:, 0])

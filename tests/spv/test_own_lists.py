"""Priorities of payments of one's own where they differ from the usual one: found by random deals."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.closing.close import Closed, close
from spv_sim.closing.priority_terms import Step, cell_of, steps_terms
from spv_sim.scenario.model import Scenario
from spv_sim.scenario.waterfall import Step as Said
from spv_sim.scenario.waterfall import Waterfall, pay, usual_steps
from spv_sim.spv.book import CASH, DEBT, DSRA, INTEREST_DUE, PREPAID, PRINCIPAL_DUE, TRAP
from spv_sim.spv.priority import DISTRIBUTE, PAY, PREPAY, TOP_UP, prepay
from spv_sim.spv.priority import pay as pay_step
from spv_sim.spv.tranche import settle
from tests.closing.deals import base
from tests.identities import EXACT
from tests.identities_lease import holds
from tests.paths import run_paths
from tests.spv.test_priority import SETTING, book

PATHS = 64
COSTS, INTEREST, PRINCIPAL = (cell_of(0, cell) for cell in (PREPAID, INTEREST_DUE, PRINCIPAL_DUE))


def with_steps(scenario: Scenario, *steps: Said) -> Closed:
    """A scenario under a list of its own."""
    return close(scenario.model_copy(update={"waterfall": Waterfall(step=list(steps))}))


def test_a_tranche_prepaid_before_its_turn_is_not_paid_twice() -> None:
    targets = ((cell_of(0, PREPAID), cell_of(0, DEBT)),)
    dues = ((PRINCIPAL, cell_of(0, DEBT)),)
    steps = steps_terms([Step(PREPAY, targets, share=0.5), Step(PAY, dues, (CASH,))])
    held = book({CASH: 100.0, cell_of(0, DEBT): 60.0, PRINCIPAL: 60.0})
    prepay(steps, 0, held, SETTING)
    pay_step(steps, 1, held, SETTING)
    assert [held.cells[PRINCIPAL + paid] for paid in (0, 1)] == [10.0, 10.0]
    assert held.cells[cell_of(0, DEBT)] == 0.0
    assert held.cells[CASH] == 40.0


def test_dust_of_interest_is_not_added_to_a_tranche_repaid() -> None:
    """A debt of a billionth of a dollar would have a cover, and an absurd one."""
    terms = close(base("y-base", "capital.tranche.senior.pik=true")).terms.deal.tranche
    for unpaid, added in ((1e-9, 0.0), (5.0, 5.0)):
        held = book({INTEREST: 30.0, INTEREST + 1: 30.0 - unpaid})
        settle(terms, False, 1e-6, held)
        assert held.cells[cell_of(0, DEBT)] == pytest.approx(added, rel=1e-12)


@pytest.mark.parametrize("behind", [1, 2])
def test_a_sweep_before_principal_keeps_every_identity(behind: int) -> None:
    scenario = base("x4")
    steps = usual_steps(scenario.capital.tranche)
    sweep = Said(kind="prepay", to=["senior"], share="30 %")  # type: ignore[arg-type]
    steps.insert(behind, sweep)
    holds(run_paths(with_steps(scenario, *steps), PATHS))


def test_a_reserve_for_the_debt_alone_is_no_breach_of_priority() -> None:
    """Costs may not draw on the reserve: interest paid out of it while costs are short jumps no queue."""
    scenario = base("x2", "opex.per_month=200 m USD/month")
    closed = with_steps(
        scenario,
        pay("costs", [], "cash"),
        pay("interest", ["senior"], "cash", "dsra"),
        pay("principal", ["senior"], "cash", "dsra"),
        Said(kind="top_up"),
        Said(kind="distribute"),
    )
    paths = run_paths(closed, 1)
    short = paths.ledger["cost_arrears"] > 0
    assert (short & (paths.ledger["senior.interest_paid"] > 0) & ~paths.in_default).any()
    holds(paths)


def test_what_a_step_takes_is_judged_only_against_claims_that_could_draw_on_it() -> None:
    costs, interest = ((COSTS, -1),), ((INTEREST, -1),)
    narrow = steps_terms([Step(PAY, costs, (CASH,)), Step(PAY, interest, (CASH, DSRA)), Step(DISTRIBUTE)])
    assert narrow.judged.tolist() == [True, False, True]
    wide = steps_terms([Step(PAY, costs, (CASH, DSRA)), Step(PAY, interest, (CASH, DSRA)), Step(DISTRIBUTE)])
    assert wide.judged.tolist() == [True, True, True]
    later = steps_terms([Step(PAY, costs, (CASH,)), Step(PAY, interest, (CASH,)), Step(PAY, costs, (DSRA,))])
    assert later.judged.tolist()[:2] == [True, True]


def test_what_steps_count_together_is_judged_in_the_place_of_the_first() -> None:
    """A share of the cash that prepaid debt before costs were short is no fault of a later prepayment."""
    costs, prepaid = ((COSTS, -1),), ((cell_of(0, PREPAID), cell_of(0, DEBT)),)
    sweep, fill = Step(PREPAY, prepaid, share=0.5), Step(TOP_UP, accounts=(DSRA,))
    lists = [
        ([sweep, Step(PAY, costs, (CASH,)), sweep], [True, True, False]),
        ([fill, Step(PAY, costs, (CASH,)), fill], [True, True, False]),
        ([Step(PAY, costs, (CASH,)), Step(TOP_UP, accounts=(TRAP,)), fill], [True, True, True]),
    ]
    for steps, judged in lists:
        assert steps_terms(steps).judged.tolist() == judged


@pytest.mark.parametrize("premium", ["senior", "mezz"])
def test_a_premium_that_a_sweep_pays_first_jumps_no_queue(premium: str) -> None:
    """The sweep has the first turn; what it pays of the premium is not paid by the step for principal."""
    scenario = base("y4", f"capital.tranche.{premium}.prepayment_premium=['3 %', '3 %', '3 %', '3 %']")
    sweep = Said(kind="prepay", to=["senior", "mezz"], share="90 %")  # type: ignore[arg-type]
    paths = run_paths(with_steps(scenario, sweep, *usual_steps(scenario.capital.tranche)), 1)
    short = paths.ledger[f"{premium}.interest_arrears"] + paths.ledger["cost_arrears"] > 0
    assert (short & (paths.ledger[f"{premium}.premium_paid"] > 0) & ~paths.in_default).any()
    holds(paths)


def test_a_tranche_that_a_cure_repays_before_its_turn_is_not_paid_twice() -> None:
    """The collateral carries little and the cure comes first: what it repays is not due again on the date."""
    loan = ("capital.tranche.senior.amortisation=straight_line", "capital.tranche.senior.tenor=6 months")
    test = "capital.covenant.base={kind='borrowing_base', advance_rate='1 %', consequence='prepay'}"
    scenario = base("x1", "capital.debt_share=20 %", *loan, test)
    tranches, covenants = scenario.capital.tranche, scenario.capital.covenant
    costs, *others = usual_steps(tranches, covenants=covenants)
    first = Said(kind="cure", to=["senior"], accounts=["cash"], covenants=["base"])
    paths = run_paths(with_steps(scenario, costs, first, *others), 1)
    due, prepaid = paths.ledger["senior.principal_due"], paths.ledger["senior.prepaid"]
    before = paths.opened(paths.tranches[0].commitment, paths.ledger["senior.debt"])
    assert ((prepaid > 0) & (before - prepaid < paths.tranches[0].commitment / 6)).any()
    assert (due + prepaid <= before * (1 + EXACT)).all()
    holds(paths)


def test_what_a_covenant_held_back_before_its_cure_is_no_breach() -> None:
    """Junior interest has its turn before the cure and waits; junior principal has its own behind it."""
    test = "capital.covenant.base={kind='borrowing_base', advance_rate='100 %', consequence='prepay'"
    junior = ("capital.tranche.mezz.scheduled_share=1 %/month", "capital.tranche.senior.cash_sweep=0 %")
    scenario = base("y1", test + ", blocks_junior=true}", *junior, "capital.tranche.senior.grace=12")
    steps = [
        pay("costs", [], "cash"),
        pay("interest", ["mezz"], "cash", unless=["base"]),
        Said(kind="cure", to=["senior"], accounts=["cash"], covenants=["base"]),
        pay("interest", ["senior"], "cash"),
        pay("principal", ["senior"], "cash"),
        pay("principal", ["mezz"], "cash", unless=["base"]),
        Said(kind="top_up"),
        Said(kind="distribute"),
    ]
    paths = run_paths(with_steps(scenario, *steps), 1)
    row = paths.ledger
    waits = row["mezz.interest_due"] - row["mezz.interest_paid"] > 1
    assert (waits & (row["mezz.principal_paid"] > 1) & ~paths.in_default).any()
    holds(paths)


def test_prepayments_and_top_ups_may_come_twice() -> None:
    """What two top-ups put in counts together, and they keep to one contribution."""
    scenario = base("y4", "accounts.maintenance.contribution=50 USD/month")
    costs, *others, end = usual_steps(scenario.capital.tranche)
    twice = [
        Said(kind="prepay", to=["mezz"], share="40 %"),  # type: ignore[arg-type]
        Said(kind="top_up"),
        Said(kind="top_up", reserve="maintenance"),
    ]
    paths = run_paths(with_steps(scenario, *twice, costs, *others, *twice, end), 1)
    put_in = paths.ledger["maintenance_put_in"][:, 0]
    units = sum(batch.units for batch in scenario.fleet.batch.values())
    assert put_in.max() == pytest.approx(50 * units, rel=1e-12)
    holds(paths)


def test_the_usual_order_judges_every_step() -> None:
    terms = close(base("y1", "accounts.maintenance.target=100 USD")).terms.deal.waterfall
    for steps in (terms.performing, terms.defaulted):
        again = (steps.kind == PAY) & ~steps.opens
        assert (steps.judged | again).all()


def test_nothing_is_held_back_on_the_last_date() -> None:
    """A list that never releases the trap nor lets the lender draw on it: the last date does."""
    scenario = base("x4", "capital.tranche.senior.lock_up_dscr=9")
    closed = with_steps(
        scenario,
        pay("costs", [], "cash"),
        pay("interest", ["senior"], "cash"),
        pay("principal", ["senior"], "cash"),
        Said(kind="top_up"),
        Said(kind="distribute"),
    )
    paths = run_paths(closed, 1)
    assert (paths.ledger["trap"][:-1] > 0).any()
    assert not sum(paths.ledger[name][-1] for name in ("trap", "dsra", "revenue")).any()
    holds(paths)


@pytest.mark.parametrize("sweep", [20, 40])
def test_a_reserve_outlives_the_sweep_that_repays_its_tranche_by_one_date(sweep: int) -> None:
    """The reserve has its turn before the sweep; it comes free on the next date (model R7)."""
    closed = close(base("x1", f"capital.tranche.senior.cash_sweep={sweep} %"))
    paths = run_paths(closed, 1)
    debt, reserve = paths.ledger["senior.debt"][:, 0], paths.ledger["dsra"][:, 0]
    repaid = int(np.argmax(debt == 0))
    assert paths.ledger["senior.prepaid"][repaid, 0] > 0
    assert reserve[repaid] > 0
    assert not reserve[repaid + 1 :].any()
    holds(paths)


def test_what_maintenance_sets_free_serves_the_senior_debt_first() -> None:
    """Units lost in a default lower the reserve's target; the difference is cash for whoever is first."""
    closed = close(
        base(
            "y4",
            "accounts.maintenance.target=2,000 USD",
            "workout.shrinkage=90 %",
            "credit.default_month=19 months",
            "capital.tranche.senior.grace=4",
        )
    )
    paths = run_paths(closed, 1)
    month = 19 - closed.scenario.grid.construction - 1
    freed = paths.ledger["maintenance"][month - 1, 0] - paths.ledger["maintenance"][month, 0]
    assert freed > 0
    assert (
        paths.ledger["senior.interest_paid"][month, 0] + paths.ledger["senior.principal_paid"][month, 0] > 0
    )
    holds(paths)

"""The usual priority of payments, as the steps that the kernel takes (model 9.2, 9.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spv_sim.spv.book import (
    CASH,
    COSTS_DUE,
    DEBT,
    DSRA,
    INTEREST_DUE,
    N_DEAL_CELLS,
    N_TRANCHE_CELLS,
    PREPAID,
    PRINCIPAL_DUE,
    TRAP,
)
from spv_sim.spv.priority import ALWAYS, DISTRIBUTE, LAST_DATE, PAY, PREPAY, RELEASE, TOP_UP, Steps
from spv_sim.spv.waterfall import WaterfallTerms

NO_BALANCE = -1


@dataclass(frozen=True)
class Step:
    """One step of a priority of payments.

    kind, when : of `spv.priority`.  claims : cells of what is due, with the balance that a payment reduces.
    accounts : cells that it draws on, in this order.  share : of the cash, for a prepayment [1].
    """

    kind: int
    claims: tuple[tuple[int, int], ...] = ()
    accounts: tuple[int, ...] = ()
    when: int = ALWAYS
    every_month: bool = False
    share: float = 0.0


def cell_of(tranche: int, cell: int) -> int:
    """Where a cell of a tranche stands in the book."""
    return N_DEAL_CELLS + tranche * N_TRANCHE_CELLS + cell


def pay_costs(accounts: tuple[int, ...]) -> Step:
    """Costs are paid in every month."""
    return Step(PAY, ((COSTS_DUE, NO_BALANCE),), accounts, every_month=True)


def pay_interest(group: Sequence[int], accounts: tuple[int, ...]) -> Step:
    """Interest of the tranches of one rank, pro rata."""
    return Step(PAY, tuple((cell_of(i, INTEREST_DUE), NO_BALANCE) for i in group), accounts)


def pay_principal(group: Sequence[int], accounts: tuple[int, ...]) -> Step:
    """Principal of the tranches of one rank, pro rata."""
    return Step(PAY, tuple((cell_of(i, PRINCIPAL_DUE), cell_of(i, DEBT)) for i in group), accounts)


def sweep(group: Sequence[int], share: float) -> Step:
    """Prepayment of the tranches of one rank with a share of the cash."""
    return Step(PREPAY, tuple((cell_of(i, PREPAID), cell_of(i, DEBT)) for i in group), share=share)


def usual_priority(ranks: Sequence[int], cash_sweep: float) -> tuple[list[Step], list[Step]]:
    """Steps while the debt performs, and from an event of default on; `ranks` of the tranches, rising."""
    groups = [[i for i, rank in enumerate(ranks) if rank == each] for each in sorted(set(ranks))]
    senior, junior = groups[0], groups[1:]
    performing = [
        pay_costs((CASH, TRAP, DSRA)),
        pay_interest(senior, (CASH,)),
        pay_principal(senior, (CASH,)),
        pay_interest(senior, (TRAP, DSRA)),
        pay_principal(senior, (TRAP, DSRA)),
        Step(TOP_UP),
        Step(RELEASE, accounts=(TRAP,), when=LAST_DATE),
    ]
    for group in junior:
        performing += [pay_interest(group, (CASH,)), pay_principal(group, (CASH,))]
    if cash_sweep > 0:
        performing.append(sweep(senior, cash_sweep))
    performing.append(Step(DISTRIBUTE))
    defaulted = [Step(RELEASE, accounts=(TRAP, DSRA)), pay_costs((CASH, TRAP, DSRA))]
    for group in groups:
        defaulted += [pay_interest(group, (CASH,)), pay_principal(group, (CASH,))]
    defaulted.append(Step(DISTRIBUTE))
    return performing, defaulted


def steps_terms(steps: Sequence[Step]) -> Steps:
    """A list of steps as the kernel takes it."""
    claims = [claim for step in steps for claim in step.claims]
    accounts = [account for step in steps for account in step.accounts]
    seen: set[int] = set()
    opens = []
    for step in steps:
        cells = {cell for cell, _ in step.claims}
        opens.append(step.kind == PAY and not cells & seen)
        seen |= cells
    return Steps(
        kind=np.array([step.kind for step in steps]),
        when=np.array([step.when for step in steps]),
        every_month=np.array([step.every_month for step in steps]),
        share=np.array([step.share for step in steps]),
        first_claim=np.cumsum([0, *(len(step.claims) for step in steps)]),
        claims=np.array([cell for cell, _ in claims], dtype=np.int64),
        balances=np.array([balance for _, balance in claims], dtype=np.int64),
        first_account=np.cumsum([0, *(len(step.accounts) for step in steps)]),
        accounts=np.array(accounts, dtype=np.int64),
        opens=np.array(opens),
    )


def waterfall_terms(ranks: Sequence[int], cash_sweep: float = 0.0) -> WaterfallTerms:
    """The usual priorities in kernel terms."""
    performing, defaulted = usual_priority(ranks, cash_sweep)
    return WaterfallTerms(steps_terms(performing), steps_terms(defaulted))

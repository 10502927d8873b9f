"""The priority of payments in the steps that the kernel takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from spv_sim.closing.refinancing import lent_at_closing, steps_with_new_loan
from spv_sim.scenario import waterfall as said
from spv_sim.spv.book import (
    BLOCKS,
    CASH,
    COSTS_DUE,
    DEBT,
    DSRA,
    ENFORCEMENT,
    FEES_DUE,
    HEDGE_DUE,
    INTEREST_DUE,
    LETTER,
    LETTER_DUE,
    LETTER_LOAN,
    MAINTENANCE,
    N_DEAL_CELLS,
    N_TRANCHE_CELLS,
    PREMIUM_DUE,
    PREPAID,
    PRINCIPAL_DUE,
    SWEEPS,
    TERMINATION_DUE,
    TRAP,
    WORKING_CAPITAL,
)
from spv_sim.spv.priority import (
    ALWAYS,
    CURE,
    DISTRIBUTE,
    EQUITY,
    LAST_DATE,
    NO_LIMIT,
    PAY,
    PREPAY,
    RELEASE,
    TOP_UP,
    Steps,
)
from spv_sim.spv.waterfall import WaterfallTerms

KINDS = {
    "pay": PAY,
    "release": RELEASE,
    "top_up": TOP_UP,
    "prepay": PREPAY,
    "cure": CURE,
    "distribute": DISTRIBUTE,
}
ACCOUNTS = {
    "cash": CASH,
    "trap": TRAP,
    "dsra": DSRA,
    "maintenance": MAINTENANCE,
    "working_capital": WORKING_CAPITAL,
    "equity": EQUITY,
}
LIMITS = {None: NO_LIMIT, "enforcement": ENFORCEMENT, "costs": COSTS_DUE}
WHEN = {"always": ALWAYS, "last_date": LAST_DATE}
if TYPE_CHECKING:
    from spv_sim.scenario.accounts import Accounts
    from spv_sim.scenario.capital import Capital, Tranche

NO_BALANCE = -1


@dataclass(frozen=True)
class Step:
    """One step of a priority of payments.

    kind, when : of `spv.priority`.  claims : cells of what is due, with the balance that a payment reduces.
    accounts : cells that it draws on, in this order.  covenant : place of the one that a cure serves.
    gates : cells of covenants that a payment waits for, or that give a prepayment its share.
    share : of the cash, for a prepayment [1].
    limit : cell of what a release moves at most.
    """

    kind: int
    claims: tuple[tuple[int, int], ...] = ()
    accounts: tuple[int, ...] = ()
    covenant: int = 0
    gates: tuple[int, ...] = ()
    when: int = ALWAYS
    every_month: bool = False
    share: float = 0.0
    limit: int = NO_LIMIT


def cell_of(tranche: int, cell: int) -> int:
    """Where a cell of a tranche stands in the book."""
    return N_DEAL_CELLS + tranche * N_TRANCHE_CELLS + cell


def claims_of(
    step: said.Step, places: Mapping[str, int], tranches: Mapping[str, Tranche]
) -> tuple[tuple[int, int], ...]:
    """Cells of what the step serves, each with the balance that a payment reduces.

    What a hedge asks for ranks with the interest of its tranche; the end of a swap, and the premium on debt
    that is called in, rank with the principal. Source: model 9.2, 9.3.
    """
    if step.what == "costs":
        return ((COSTS_DUE, NO_BALANCE),)
    claims = []
    for name in step.to:
        i, hedged = places[name], tranches[name].hedge_share > 0
        if step.kind in ("prepay", "cure"):
            claims.append((cell_of(i, PREPAID), cell_of(i, DEBT)))
        elif step.what == "fees":
            claims.append((cell_of(i, FEES_DUE), NO_BALANCE))
        elif step.what == "letter_of_credit":
            claims.append((cell_of(i, LETTER_DUE), cell_of(i, LETTER_LOAN)))
        elif step.what == "interest":
            claims.append((cell_of(i, INTEREST_DUE), NO_BALANCE))
            claims += [(cell_of(i, HEDGE_DUE), NO_BALANCE)] if hedged else []
        elif step.what == "principal":
            claims.append((cell_of(i, PRINCIPAL_DUE), cell_of(i, DEBT)))
            claims += [(cell_of(i, TERMINATION_DUE), NO_BALANCE)] if hedged else []
            claims += [(cell_of(i, PREMIUM_DUE), NO_BALANCE)] if tranches[name].prepayment_premium else []
    return tuple(claims)


def accounts_of(step: said.Step, n_tranches: int) -> Iterator[int]:
    """Cells that the step draws on, letters of credit tranche by tranche; of a top-up, what it fills."""
    for name in [step.reserve or "dsra"] if step.kind == "top_up" else step.accounts:
        if name == "letter_of_credit":
            yield from (cell_of(i, LETTER) for i in range(n_tranches))
        else:
            yield ACCOUNTS[name]


def gates_of(step: said.Step, covenants: Mapping[str, int]) -> tuple[int, ...]:
    """Cells of the covenants that decide what the step pays."""
    effect = {"pay": BLOCKS, "prepay": SWEEPS}.get(step.kind)
    return () if effect is None else tuple(covenants[name] + effect for name in step.covenants)


def kernel_steps(
    steps: Sequence[said.Step],
    tranches: Mapping[str, Tranche],
    order: Sequence[str],
    covenants: Mapping[str, int] = MappingProxyType({}),
) -> list[Step]:
    """The steps of a scenario as the kernel takes them; costs are met in every month.

    Parameters
    ----------
    order : names of the tranches in order.  covenants : first cell of each by name, in order.
    """
    tests = list(covenants)
    places = {name: i for i, name in enumerate(order)}
    return [
        Step(
            kind=KINDS[step.kind],
            claims=claims_of(step, places, tranches),
            accounts=tuple(accounts_of(step, len(order))),
            covenant=tests.index(step.covenants[0]) if step.kind == "cure" else 0,
            gates=gates_of(step, covenants),
            when=WHEN[step.when],
            every_month=step.what == "costs" or step.up_to is not None,
            share=step.share or 0.0,
            limit=LIMITS[step.up_to],
        )
        for step in steps
    ]


def steps_terms(steps: Sequence[Step]) -> Steps:
    """A list of steps as the kernel takes it."""
    claims = [claim for step in steps for claim in step.claims]
    accounts = [account for step in steps for account in step.accounts]
    seen: set[int] = set()
    opens = []
    for step in steps:
        cells = claimed(step)
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
        covenant=np.array([step.covenant for step in steps]),
        first_gate=np.cumsum([0, *(len(step.gates) for step in steps)]),
        gates=np.array([gate for step in steps for gate in step.gates], dtype=np.int64),
        limit=np.array([step.limit for step in steps], dtype=np.int64),
        opens=np.array(opens),
        judged=np.array([is_judged(steps, number) for number in range(len(steps))]),
    )


def is_judged(steps: Sequence[Step], number: int) -> bool:
    """Whether all claims served before a step's own could draw on whatever it, or a later one for it, does.

    Only then does a payment by it prove that nobody before it is short (model I8, "in the same pass"). Steps
    that count what they take together are judged as one, in the place of the first.
    """
    first, own = steps[number], counts(steps[number])
    if any(own & counts(step) for step in steps[:number]):
        return False
    before = {cell for step in steps[:number] if step.kind == PAY for cell in claimed(step)} - claimed(first)
    for at in (at for at, step in enumerate(steps) if own & counts(step)):
        draws = set(steps[at].accounts) if first.kind == PAY else {CASH}
        for claim in before:
            had = {
                n: step for n, step in enumerate(steps[:at]) if step.kind == PAY and claim in claimed(step)
            }
            reach = {account for step in had.values() for account in step.accounts}
            last = max((n for n, step in had.items() if CASH in step.accounts), default=-1)
            freed = {DSRA for step in steps[last + 1 : at] if step.kind == TOP_UP and DSRA in step.accounts}
            freed |= {
                account for step in steps[last + 1 : at] if step.kind == RELEASE for account in step.accounts
            }
            if not (draws | freed if CASH in draws else draws) <= reach:
                return False
    return True


def counts(step: Step) -> set[tuple[int, ...]]:
    """What tells how much the step has taken: of a payment its claims, else what steps of its kind share."""
    if step.kind == PAY:
        return {(PAY, cell) for cell in claimed(step)}
    if step.kind == CURE:
        return {(CURE, step.covenant, account) for account in step.accounts}
    return {(step.kind, *step.accounts)}


def claimed(step: Step) -> set[int]:
    """Cells of what the step serves."""
    return {cell for cell, _ in step.claims}


def waterfall_terms(
    waterfall: said.Waterfall,
    capital: Capital,
    accounts: Accounts,
    order: Sequence[str],
    covenants: Mapping[str, int],
) -> WaterfallTerms:
    """Both priorities of a deal in kernel terms.

    A list of the scenario's own holds nothing back on the last date: all accounts join the cash first.

    Parameters
    ----------
    order : the tranches' place in the book.  covenants : first cell of each by name, in order.
    """
    performing, defaulted = said.steps_of(waterfall, lent_at_closing(capital), accounts)
    performing, defaulted = (steps_with_new_loan(steps, capital) for steps in (performing, defaulted))
    held: list[said.Account] = ["trap", "dsra", "working_capital", "maintenance"]
    end = said.Step(kind="release", accounts=held, when="last_date")
    if waterfall.step:
        performing = [end, *performing]
    if waterfall.step_in_default:
        defaulted = [end, *defaulted]
    lists = (
        kernel_steps(performing, capital.tranche, order, covenants),
        kernel_steps(defaulted, capital.tranche, order),
    )
    between = ([step for step in steps if step.every_month] for steps in lists)
    return WaterfallTerms(*map(steps_terms, (*lists, *between)))

"""The identity of strict priority, told from the ledger of some paths; see `tests.identities`."""

from __future__ import annotations

import numpy as np

from spv_sim.closing.refinancing import steps_with_new_loan
from spv_sim.scenario.waterfall import Step, steps_of
from tests.identities import largest
from tests.paths import Array, Paths

Claim = tuple[str | None, str]
CURED = {"trap": "cured_from_trap", "cash": "cured_from_cash", "equity": "cured_by_equity"}
"""Row of a covenant for what an account has given to its cure."""
JUDGED = ("costs", "interest", "principal")
"""Claims whose dues are in the ledger."""


def nobody_jumps_the_queue(paths: Paths) -> float:
    """I8: a step gets something only where no claim before it that may draw on the same is short.

    Told from what is paid over the whole month, so that a step counts only where each claim before it has
    had its turn at all that the step, or a later one for the same claim, draws on. A claim that a covenant
    may hold back stands before the shareholders alone.
    """
    scenario = paths.closed.scenario
    lists = steps_of(scenario.waterfall, scenario.capital, scenario.accounts)
    if paths.closed.terms.deal.refinance.in_use:
        lists = tuple(steps_with_new_loan(steps, scenario.capital) for steps in lists)
    worst = 0.0
    for steps, follows in zip(lists, (~paths.in_default, paths.in_default), strict=True):
        for number, step in enumerate(steps):
            if step.when == "last_date" or any(counts(step) & counts(one) for one in steps[:number]):
                continue
            for claim in set().union(*(claims_of(one) for one in steps[:number])):
                held_back = any(claim in claims_of(one) and one.covenants for one in steps)
                if held_back and step.kind != "distribute":
                    continue
                if claim[0] in JUDGED and may_be_judged(steps, step, claim):
                    got = paid_by(paths, step)
                    short = owed_on(paths, claim)
                    jumped = np.where(follows & paths.on_date, np.minimum(got, short), 0.0)
                    worst = max(worst, largest(jumped))
    return worst / paths.uses


def claims_of(step: Step) -> set[Claim]:
    """What a step pays, and to whom."""
    return {(step.what, name) for name in (step.to or [""])} if step.kind == "pay" else set()


def counts(step: Step) -> set[Claim]:
    """Claims of the step, or else what its kind is counted in: steps that share it are told as one."""
    if step.kind == "cure":
        return {(f"covenant.{step.covenants[0]}", account) for account in step.accounts}
    return claims_of(step) or {(step.kind, step.reserve or "dsra")}


def may_be_judged(steps: list[Step], step: Step, claim: Claim) -> bool:
    """Whether a claim had its turn at the accounts before each turn of what the step is counted in."""
    for number, turn in enumerate(steps):
        if not counts(step) & counts(turn):
            continue
        draws = set(turn.accounts) - {"equity"} if turn.kind in ("pay", "cure") else {"cash"}
        had: set[str] = set()
        freed: set[str] = set()  # what was put into the cash since the claim's last turn at the cash
        for one in steps[:number]:
            if claim in claims_of(one):
                had |= set(one.accounts)
                freed = set() if "cash" in one.accounts else freed
            elif one.kind == "release":
                freed |= set(one.accounts)
            elif one.kind == "top_up" and (one.reserve or "dsra") == "dsra":
                freed.add("dsra")
        if not (draws | freed if "cash" in draws else draws) <= had:
            return False
    return True


def paid_by(paths: Paths, step: Step) -> Array:
    """The most that one claim of the step, or the step itself, gets in the month [USD]."""
    if step.kind == "pay":
        rows = [row_of(claim) for claim in claims_of(step)]
        # What other vehicles give has no part in the vehicle's own order.
        own = np.max([paths.ledger[row] for row in rows], axis=0) - paths.ledger["shared_in"]
        return np.asarray(np.maximum(own, 0.0))
    if step.kind == "cure":
        given = [paths.ledger[f"covenant.{step.covenants[0]}.{CURED[account]}"] for account in step.accounts]
        return np.nan_to_num(np.max(given, axis=0))
    if step.kind == "top_up" and step.reserve == "working_capital":
        return np.where(paths.on_date, np.maximum(paths.rise("working_capital"), 0.0), 0.0)
    reserve = "maintenance_put_in" if step.reserve == "maintenance" else "reserve_topped_up"
    row = {"top_up": reserve, "prepay": "swept", "distribute": "dist"}.get(step.kind)
    return paths.ledger[row] if row else np.zeros_like(paths.ledger["dist"])


def owed_on(paths: Paths, claim: Claim) -> Array:
    """What a claim is still owed after the month [USD]."""
    paid = row_of(claim)
    return paths.ledger[paid.removesuffix("_paid") + "_due"] - paths.ledger[paid]


def row_of(claim: Claim) -> str:
    """Row of the ledger that holds what is paid on a claim."""
    what, name = claim
    if what == "letter_of_credit":
        return f"{name}.letter_repaid"
    return f"{name}.{what}_paid" if name else "costs_paid"

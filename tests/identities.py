"""The identities of model 9.4, told from the ledger and the columns of some paths, one function each.

Each says how far the worst path is off: amounts as a share of the total uses, so that 1e-9 counts as nothing
(model 0.7). None of them looks at how the engine judges itself.
"""

from __future__ import annotations

import numpy as np

from tests.paths import ACCOUNTS, Array, Paths

EXACT = 1e-9
"""Share of the total uses that counts as nothing (model 0.7, 9.4)."""


def largest(values: Array | float) -> float:
    """The largest of some residuals; infinite where one is not a number."""
    worst = np.max(values, initial=0.0)
    return float(worst) if np.isfinite(worst) else float("inf")


def sources_are_uses(paths: Paths) -> float:
    """I1: each month up to completion equity and net debt pay the uses, and the draws are the commitment."""
    table, scenario = paths.closed.table, paths.closed.scenario
    hardware = np.zeros(scenario.grid.construction + 1)
    for batch in scenario.fleet.batch.values():
        cost = batch.units * batch.unit_cost
        hardware[max(batch.delivery - batch.deposit_lead, 0)] += batch.deposit * cost
        hardware[batch.delivery] += (1 - batch.deposit) * cost
    hardware[0] += scenario.capital.other_costs
    spent = hardware + table.upfront_fee + table.interest + table.commitment_fee + table.reserve
    spent = spent + table.hedge_premium
    spent[-1] += table.working_capital
    gaps = [np.abs(table.equity + table.net_proceeds - table.uses), -table.equity, table.uses - spent]
    gaps += [np.abs([t.draws.sum() - t.commitment for t in paths.tranches]), -table.draws]
    return max(largest(gap) for gap in gaps) / paths.uses


def dollars_in_are_dollars_out(paths: Paths) -> float:
    """I2: each month's inflow is paid or kept in an account, and nothing is kept after the last month."""
    kept = np.sum([paths.rise(name) for name in ACCOUNTS], axis=0)
    left = np.abs(paths.total(*ACCOUNTS)[-1])
    return max(largest(np.abs(paths.inflow - paths.paid - kept)), largest(left)) / paths.uses


def accounts_hold_something(paths: Paths) -> float:
    """I3: no account is overdrawn, and only its own step of the priority fills one."""
    worst = max(largest(-paths.ledger[name]) for name in ACCOUNTS)
    filled = paths.rise("dsra") - paths.ledger["reserve_topped_up"]
    kept = paths.rise("maintenance") - paths.ledger["maintenance_put_in"]
    trapped = np.where(paths.on_date, 0.0, paths.rise("trap"))
    return max(worst, *(largest(gain) for gain in (filled, kept, trapped))) / paths.uses


def coupon_of(paths: Paths, number: int) -> Array:
    """What a tranche bears on each date, without a margin for default [1]."""
    loan, _ = paths.loans[number]
    coupon = paths.terms_of(loan).coupon if number < len(paths.tranches) else None
    accrual = paths.closed.terms.deal.tranche.interest.accrual[number][paths.months]
    bears = paths.of(loan, "coupon") if coupon is None else coupon
    return np.where(paths.on_date, bears * accrual, 0.0)


def grows_by(paths: Paths, number: int) -> Array:
    """Interest that the schedule of a sculpted tranche adds to its debt instead of asking for it [USD].

    While the debt performs, up to its maturity, and no more than the interest of the date.
    """
    if number >= len(paths.tranches):
        return np.zeros_like(paths.ledger["dist"])
    tranche = paths.tranches[number]
    asked = -np.minimum(tranche.scheduled_principal[paths.months], 0.0)
    debt = paths.opened(tranche.commitment, paths.of(tranche.name, "debt"))
    scheduled = ~paths.in_default & (paths.months < min(tranche.maturity, int(paths.months[-1, 0])))
    return np.where(scheduled, np.minimum(asked, debt * coupon_of(paths, number)), 0.0)


def debt_rolls_forward(paths: Paths) -> float:
    """I4: debt = debt before + interest paid in kind - principal, up to dust, and never below nothing."""
    worst = 0.0
    for number, (loan, face) in enumerate(paths.loans):
        debt = paths.of(loan, "debt")
        in_kind = grows_by(paths, number)
        if paths.terms_of(loan).pik:
            unpaid = paths.of(loan, "interest_due") - paths.of(loan, "interest_paid")
            in_kind = in_kind + np.maximum(unpaid, 0.0)
        repaid = paths.of(loan, "principal_paid") + paths.of(loan, "prepaid")
        gap = debt - paths.opened(face, debt) - in_kind + repaid
        worst = max(worst, largest(np.abs(gap)), largest(-debt))
    return worst / paths.uses


def asked_for(paths: Paths, number: int, interest: Array) -> Array:
    """Interest as it falls due: of a tranche that pays on some dates alone, with what went before [USD].

    Between its dates it asks for it where all its principal is due too.
    """
    loan, face = paths.loans[number]
    every = paths.terms_of(loan).payment_every
    if every == paths.closed.terms.deal.payment_every:
        return interest
    own = paths.tranches[number].pays[paths.months]
    called = paths.of(loan, "principal_due") >= paths.opened(face, paths.of(loan, "debt"))
    asked, held = np.zeros_like(interest), np.zeros_like(interest[0])
    for month in range(len(interest)):
        held = held + interest[month]
        at_once = called[month] | paths.in_default[month] | own[month] | (month == len(interest) - 1)
        asked[month] = np.where(at_once, held, 0.0)
        held = held - asked[month]
    return asked


def interest_is_paid_or_owed(paths: Paths) -> float:
    """I5: interest on the debt and on arrears is paid, in arrears or added to the debt."""
    worst = 0.0
    for number, (tranche, face) in enumerate(paths.loans):
        terms = paths.terms_of(tranche)
        accrual = paths.closed.terms.deal.tranche.interest.accrual[number][paths.months]
        bare = coupon_of(paths, number)
        rate = bare + np.where(paths.in_default, terms.default_margin * accrual, 0.0)
        debt = paths.opened(face, paths.of(tranche, "debt"))
        arrears = paths.of(tranche, "interest_arrears")
        before = paths.opened(0.0, arrears)
        late = bare * before if terms.interest_on_arrears == "coupon" else 0.0
        due, paid = paths.of(tranche, "interest_due"), paths.of(tranche, "interest_paid")
        unpaid = np.zeros_like(due) if terms.pik else np.maximum(due - paid, 0.0)
        owed = np.where(paths.on_date, unpaid, before)
        current = asked_for(paths, number, np.where(paths.on_date, debt * rate, 0.0))
        accrued = np.where(paths.on_date, current + before + late, 0.0) - grows_by(paths, number)
        gaps = [np.abs(due - accrued), np.abs(arrears - owed), paid - due]
        worst = max(worst, *(largest(gap) for gap in gaps))
    return worst / paths.uses


def losses_are_what_is_unpaid(paths: Paths) -> float:
    """I6: a tranche's loss is its unpaid principal and arrears, and all losses are claims less payments."""
    lost = drawn = accrued = received = 0.0
    worst = 0.0
    for number, (tranche, face) in enumerate(paths.loans):
        loss = paths.columns[f"{tranche}.loss"]
        owed = paths.of(tranche, "debt")[-1] + paths.of(tranche, "interest_arrears")[-1]
        worst = max(worst, largest(np.abs(loss - owed)))
        arrears = paths.opened(0.0, paths.of(tranche, "interest_arrears"))
        new = np.where(paths.on_date, paths.of(tranche, "interest_due") - arrears, 0.0)
        new = new + grows_by(paths, number)
        lost, drawn, accrued = lost + loss, drawn + face, accrued + new.sum(axis=0)
        for name in ("interest_paid", "principal_paid", "prepaid"):
            received = received + paths.of(tranche, name).sum(axis=0)
    gap = np.abs(lost - np.maximum(drawn + accrued - received, 0.0))
    return max(worst, largest(gap) / len(paths.months)) / paths.uses


def equity_waits_for_the_tests(paths: Paths) -> float:
    """I7: a distribution needs a passed test, no debt or the last date; after default, no debt."""
    dist, repaid = paths.ledger["dist"], paths.owed <= 2 * len(paths.loans) * EXACT * paths.uses
    last = paths.months == paths.months[-1]
    allowed = repaid | ((paths.ledger["locked"] == 0) & ~paths.in_default)
    locked_out = (paths.ledger["locked"] > 0) & ~last
    worst = max(largest(dist[~(allowed | last)]), largest(dist[locked_out]))
    return max(worst, largest(dist[paths.in_default & ~repaid])) / paths.uses

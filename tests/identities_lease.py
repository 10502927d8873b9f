"""The identities of model 9.4 on the lessee's side, and those of the whole deal; see `tests.identities`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from spv_sim.scenario.waterfall import steps_of
from spv_sim.spv.book import COSTS_DUE
from spv_sim.spv.lease_phase import LIQUIDATING, STAY
from tests.identities import (
    EXACT,
    accounts_hold_something,
    debt_rolls_forward,
    dollars_in_are_dollars_out,
    equity_waits_for_the_tests,
    interest_is_paid_or_owed,
    largest,
    losses_are_what_is_unpaid,
    sources_are_uses,
)
from tests.identities_new_loan import lent_on, service_of_new_loan
from tests.identities_priority import claims_of, nobody_jumps_the_queue
from tests.identities_sums import SUMS
from tests.paths import TO_OTHERS, Array, Paths
from tests.spv.asset_oracle import rents, start_of


def leases_end(paths: Paths) -> list[tuple[int, float]]:
    """Month in which each batch's lease ends, and its units in H100-equivalents."""
    scenario = paths.closed.scenario
    batches = scenario.fleet.batch.values()
    return [
        (start_of(scenario, batch) + scenario.lease.term, batch.units * scenario.fleet.weight(batch))
        for batch in batches
    ]


def contract_rents(paths: Paths) -> tuple[dict[int, Array], dict[int, Array]]:
    """Least and most rent by month that the contract may make due while the lessee performs [USD]."""
    scenario = paths.closed.scenario
    columns = paths.ledger["rent"].shape[1]
    rate = np.concatenate(
        [np.full((scenario.grid.construction + 1, columns), np.nan), paths.ledger["lease_rate"]]
    )
    used = scenario.utilisation
    bounds = (used.lowest, used.highest) if used and scenario.lease.billing == "used" else (1.0, 1.0)
    least, most = (rents(scenario, rate, [use] * len(rate)) for use in bounds)
    return least, most


def rent_is_due_or_nothing(paths: Paths) -> float:
    """I9: rent is what the contract makes due until the lease is over for good; no claim exceeds the rest.

    Where rent abates, it is due for the units that work.
    """
    scenario, rent = paths.closed.scenario, paths.ledger["rent"]
    end = max(month for month, _ in leases_end(paths))
    least, most = contract_rents(paths)
    performs = np.ones(rent.shape[1], dtype=bool)
    worst = 0.0
    default = np.where(paths.outcome > 0, paths.ledger["default_month"][-1], np.inf)
    kept = (paths.outcome > 0) & np.isinf(paths.rejected_in)
    for row, (month,) in enumerate(paths.months.tolist()):
        if month > end:
            break
        low, high = np.asarray(least.get(month, 0.0)), np.asarray(most.get(month, 0.0))
        if not scenario.lease.hell_or_high_water:
            working = paths.ledger["working_share"][row]
            low, high = low * working, high * working
        pays = (rent[row] > 0) | (high == 0) | (scenario.lease.early_termination is None)
        cured = kept & (default <= month)  # may pay less, but no more
        performs &= (pays & (default > month)) | cured
        low = np.where(cured, 0.0, low)
        gap = np.where(performs, np.maximum(low - rent[row], rent[row] - high), rent[row])
        worst = max(worst, largest(gap))
    early = paths.closed.terms.deal.assets.lease.rent_payable
    if scenario.lease.deposit is None or scenario.lease.deposit.kind != "prepaid_last":
        for month in range(scenario.grid.construction + 1):
            low, high = np.asarray(least.get(month, 0.0)), np.asarray(most.get(month, 0.0))
            worst = max(worst, largest(np.maximum(low - early[month], early[month] - high)))
    claims, rejected = paths.closed.terms.deal.assets.workout.claim_gross, np.isfinite(paths.rejected_in)
    lost = np.where(rejected, claims[np.where(rejected, paths.rejected_in, 0).astype(int)], 0.0)
    received = np.where(rejected, paths.total("claim", "deposit", "support").sum(axis=0), 0.0)
    return max(worst, largest(received - lost)) / paths.uses


def forced(paths: Paths) -> NDArray[np.bool_]:
    """Where a sale is forced."""
    workout = paths.closed.scenario.workout
    if workout.mode == "remarket":
        return np.zeros_like(paths.ledger["sale"], dtype=bool)
    if workout.mode == "best":
        return paths.ledger["lease_phase"] == LIQUIDATING
    ready = paths.rejected_in + workout.downtime
    return (ready <= paths.months) & (paths.months < ready + workout.liquidation_months)


def units_gone(paths: Paths) -> Array:
    """Units that leave the vehicle by month, told from what they bring [1]."""
    scenario = paths.closed.scenario
    price, cost = paths.ledger["price"], scenario.gpu_price
    worth = paths.ledger["sale"] / (price * (1 - cost.sell_cost))
    impact, depth = scenario.workout.price_impact, scenario.workout.market_depth or np.inf
    whole = paths.ledger["sale"] / (price * (1 - cost.liquidation_cost))
    if impact > 0 and np.isfinite(depth):
        root = np.sqrt(np.maximum(1 - 4 * impact * whole / depth, 0.0))
        whole = np.where(
            whole >= (1 - impact) * depth, whole / (1 - impact), depth * (1 - root) / (2 * impact)
        )
    right = scenario.lease.end_of_term
    fleet = sum(units for _, units in leases_end(paths))
    paid = {"fixed_price": right.price, "bargain": 1 / fleet}.get(right.option)
    bought = paths.ledger["purchase"] / (price if paid is None else paid)
    return np.where(forced(paths), whole, worth) + bought


def units_roll_forward(paths: Paths) -> float:
    """I10 of units that fail or burn: units = units before - failed + replaced - destroyed - left.

    None is below zero, and none leaves but by a sale, a purchase or a default; as a share of the fleet.
    """
    fleet = float(sum(batch.units for batch in paths.closed.scenario.fleet.batch.values()))
    units, row = paths.ledger["units"], paths.ledger
    failed, replaced, lost, destroyed = (
        row[f"units_{what}"] for what in ("failed", "replaced", "lost", "destroyed")
    )
    left = paths.opened(fleet, units) - failed + replaced - destroyed - units
    leaves = (row["sale"] + row["purchase"] + row["termination"] > 0) | (paths.months == paths.rejected_in)
    stays = np.where(leaves | (units == 0), 0.0, np.abs(left))
    over = lost.sum(axis=0) - failed.sum(axis=0)
    least = min(float(amount.min()) for amount in (units, failed, replaced, lost, destroyed, left))
    return max(-least, largest(stays), largest(over)) / fleet


def units_add_up(paths: Paths) -> float:
    """I10: all units are sold in the end, but for those lost in a default; as a share of the fleet.

    Units that fail are counted one by one, as what is sold is worth no more than those that work.
    """
    if paths.closed.terms.deal.assets.fleet.active:
        return units_roll_forward(paths)
    ends, rejected = leases_end(paths), paths.rejected_in
    fleet, last = sum(units for _, units in ends), max(month for month, _ in ends)
    gone = units_gone(paths)
    held = np.sum(
        [np.where((rejected <= month) | (rejected > last), units, 0) for month, units in ends], axis=0
    )
    lost = paths.closed.scenario.workout.shrinkage * np.where(np.isfinite(rejected), held, 0)
    return max(largest(-gone), largest(np.abs(gone.sum(axis=0) + lost - fleet))) / fleet


def stakeholders_share_what_comes_in(paths: Paths) -> float:
    """I11: what equity and lenders get net is what crosses the vehicle's boundary, over its life."""
    closed, scenario = paths.closed, paths.closed.scenario
    kc, deal = scenario.grid.construction, closed.terms.deal
    batches = scenario.fleet.batch.values()
    hardware = sum(batch.units * batch.unit_cost for batch in batches)
    early = float(deal.assets.lease.rent_payable[: kc + 1].sum())
    arrears = float(deal.opening[COSTS_DUE])
    starts = scenario.lease.timing == "advance" and not scenario.lease.triple_net
    opex = (scenario.opex.per_month * scenario.grid.period if starts else 0.0) - arrears
    came = (
        early + scenario.lease.first_payment.amount(hardware) - hardware - scenario.capital.other_costs - opex
    )
    outside = paths.ledger["costs_paid"] + paths.of_all(*TO_OTHERS) + paths.ledger["equity_cure"]
    came -= float(closed.table.hedge_premium.sum())
    crossed = came + (paths.inflow - outside).sum(axis=0)
    lenders = sum(float(tranche.lender_flow.sum()) for tranche in paths.tranches)
    equity = deal.equity.distributed_at_completion - float(closed.table.equity.sum())
    received = lenders + equity + (paths.paid - outside).sum(axis=0)
    return largest(np.abs(received - crossed)) / len(paths.months) / paths.uses


def classes_share_each_distribution(paths: Paths) -> float:
    """I12: what the classes of equity get is what is distributed, and none gets less than nothing."""
    if not paths.closed.classes:
        return 0.0
    parts = [paths.ledger[f"{name}.dist"] for name in paths.closed.classes]
    gap = np.abs(np.sum(parts, axis=0) - paths.ledger["dist"])
    return max(largest(gap), largest(-np.min(parts, axis=0))) / paths.uses


def swaps_cost_nothing_at_closing(paths: Paths) -> float:
    """I15: at the forward rates of closing the settlements of each par swap are worth nothing."""
    worst = 0.0
    for number, tranche in enumerate(paths.tranches):
        if tranche.hedge.kind != "swap":
            continue
        terms = paths.closed.terms.deal.tranche
        curve = paths.closed.scenario.rates.curve
        dates = np.flatnonzero(tranche.pays & (tranche.hedge_notional > 0))
        starts = dates - paths.closed.scenario.capital.tranche[tranche.name].payment_every
        begin, end = (np.exp(curve.log_discount(at / 12)) for at in (starts, dates))
        paid = tranche.hedge.rate * terms.interest.accrual[number][dates] * end
        worst = max(worst, abs(float((tranche.hedge_notional[dates] * (begin - end - paid)).sum())))
    return worst / paths.uses


def reserve_keeps_to_its_target(paths: Paths) -> float:
    """I14: the reserve holds no more than the service ahead of tranches not yet repaid; at last nothing.

    What a step behind its release repays is covered until the next date.
    """
    scenario = paths.closed.scenario
    steps, _ = steps_of(scenario.waterfall, scenario.capital, scenario.accounts)
    fills = [number for number, step in enumerate(steps) if step.kind == "top_up" and step.reserve is None]
    after = set().union(*(claims_of(step) for step in steps[max(fills, default=0) :]))
    target, dates = np.zeros_like(paths.ledger["dsra"]), np.flatnonzero(paths.closed.terms.deal.pays)
    dates = np.append(scenario.grid.construction, dates[dates > scenario.grid.construction])
    for tranche in paths.tranches:
        if tranche.reserve_kind == "letter_of_credit":
            continue
        ahead = scenario.capital.tranche[tranche.name].dsra
        service = tranche.scheduled_debt_service
        paid_by = np.cumsum(service)
        if scenario.grid.periods_per_year == 1:  # of a year that is covered in part, so much of its service
            paid_by = np.interp(np.arange(len(service)), dates, paid_by[dates])
        sums = np.array([paid_by[min(k + ahead, len(service) - 1)] - by for k, by in enumerate(paid_by)])
        owed = paths.of(tranche.name, "debt")
        if ("principal", tranche.name) in after:
            owed = owed + paths.of(tranche.name, "principal_paid")
        owed = owed + paths.of(tranche.name, "prepaid") > EXACT * paths.uses
        target += np.where(owed, sums[paths.months], 0.0)
    for name, _ in paths.loans[len(paths.tranches) :]:
        ahead = paths.terms_of(name).refinance.dsra
        service = service_of_new_loan(paths)
        sums = np.array([service[k + 1 : k + 1 + ahead].sum(axis=0) for k in range(len(service))])
        owed = paths.of(name, "debt") + paths.of(name, "prepaid") + lent_on(paths)
        owed = owed + paths.of(name, "principal_paid") > EXACT * paths.uses
        target += np.where(owed, sums, 0.0)
    target[-1] = 0.0
    over = np.where(paths.on_date & ~paths.in_default, paths.ledger["dsra"] - target, 0.0)
    return largest(over) / paths.uses


def lease_takes_legal_steps(paths: Paths) -> float:
    """I16: one default at most and for good; what each state of the lease forbids does not happen."""
    row, months, scenario = paths.ledger, paths.months, paths.closed.scenario
    phase = row["lease_phase"]
    forward = np.diff(phase, axis=0, prepend=0.0)
    back = (forward < 0) & ~((phase == 0) & (np.roll(phase, 1, axis=0) <= STAY))
    moved = int(back.sum()) + int((forward[1:] < 0).sum(axis=0).max(initial=0) > 1)
    for name in ("default_month", "event_of_default_month"):
        first = row[name][-1]
        moved += int((row[name] != np.where(months >= first, first, np.inf)).sum())
    lost, ready = paths.rejected_in <= months, paths.rejected_in + scenario.workout.downtime
    left = units_gone(paths)
    owned = np.cumsum(left[::-1], axis=0)[::-1] > 1e-9 * left.sum(axis=0)
    # Units that have all been lost or have failed leave no trace of when.
    owned |= scenario.workout.shrinkage == 1 or paths.closed.terms.deal.assets.fleet.active
    forbidden = {
        "rent": lost | ~owned,
        "purchase": lost,
        "termination": lost,
        "merchant": (lost & (months < ready)) | ~owned,
        "enforcement": ~lost | (months >= ready) | ~owned,
        "deposit": (paths.outcome == 0) | (lost & (paths.rejected_in != months)),
        "claim": ~lost,
        "support": paths.outcome == 0,
        "arrears": lost | (paths.outcome == 0),
        "opex": ~owned,
        "guarantee": ~owned,
    }
    broken = max(largest(np.where(never, row[name], 0.0)) for name, never in forbidden.items())
    twice = largest(np.minimum(row["rent"], row["merchant"] + row["enforcement"]))
    return max(float(moved), broken / paths.uses, twice / paths.uses)


IDENTITIES: dict[str, Callable[[Paths], float]] = {
    "I1": sources_are_uses,
    "I2": dollars_in_are_dollars_out,
    "I3": accounts_hold_something,
    "I4": debt_rolls_forward,
    "I5": interest_is_paid_or_owed,
    "I6": losses_are_what_is_unpaid,
    "I7": equity_waits_for_the_tests,
    "I8": nobody_jumps_the_queue,
    "I9": rent_is_due_or_nothing,
    "I10": units_add_up,
    "I11": stakeholders_share_what_comes_in,
    "I12": classes_share_each_distribution,
    "I14": reserve_keeps_to_its_target,
    "I15": swaps_cost_nothing_at_closing,
    "I16": lease_takes_legal_steps,
    **SUMS,
}
"""Every identity that the model asks for and the engine can break, and what paths leave against ledgers."""


def holds(paths: Paths) -> None:
    """Assert every identity, told from outside and by the engine."""
    for name, identity in IDENTITIES.items():
        assert identity(paths) <= EXACT, name
    assert paths.columns["spv.breach"].max() <= EXACT

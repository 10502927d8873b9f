"""How much of each tranche closes: fees, interest and reserves depend on the debt that they cost.

With shares of the uses alone, the draws are an affine map of the commitments, F(C) = a + M C, solved exactly.
Where an amount binds, or debt and equity pay in turn, every commitment follows from one number, the total
uses V: C = min(share of V, amount), less what equity must pay. The uses that these commitments cause fall
below V as V grows, so that one bracketed root closes any number of tranches.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.root import MOST_STEPS, NoRootError, falling_root
from spv_sim.closing.sources_and_uses import (
    DebtTerms,
    Funded,
    Spending,
    fund,
    in_turn,
    refuse_negative_uses,
    side_by_side,
)
from spv_sim.errors import Problem, UserError

Array = NDArray[np.float64]

TRIAL_DEBT = 1e9
SETTLED = 1e-10
"""Share of total uses by which amounts may differ where one is sought that closes (model 2.3)."""
LARGEST = 2.0**20
"""Uses over spending beyond which no closing is looked for."""


@dataclass(frozen=True)
class Size:
    """What limits one tranche; the smallest holds.

    share : net proceeds over total uses, None without such a limit [1].
    face : smallest of the limits in money, inf without one [USD].
    share_key, face_key : settings that say them.
    gives_way : whether `face` comes from cash flow or value and yields to the least equity.
    rank : order of payment.
    """

    share: float | None
    face: float
    share_key: str
    face_key: str
    gives_way: bool
    rank: int


@dataclass(frozen=True)
class Sized:
    """Sizes that close: face [USD], share of total uses [1] and binding limit by tranche, and the months."""

    commitments: tuple[float, ...]
    shares: tuple[float, ...]
    binding: tuple[str, ...]
    run: Funded


@dataclass(frozen=True)
class Structure:
    """What is to be closed: spending, tranches and their limits in one order, and the rule of funding."""

    spent: Spending
    debts: Sequence[DebtTerms]
    sizes: Sequence[Size]
    funding: str = "pro_rata"
    min_equity: float = 0.0


def close_debt(structure: Structure) -> Sized:
    """Sizes at which the draws of every tranche add up to its commitment.

    Raises
    ------
    UserError : where the debt feeds on itself, does not fit into the uses, or a month cannot be paid for.
    """
    completion = len(structure.spent.total) - 1
    prepaid = float(structure.spent.prepaid_rent.sum())
    refuse_negative_uses(structure.spent.total.sum(keepdims=True), prepaid)
    if (
        structure.funding == "pro_rata"
        and all(math.isinf(size.face) for size in structure.sizes)
        and all(debt.availability == completion for debt in structure.debts)
    ):
        sized = _close_by_shares(structure)
    else:
        sized = _close_by_total_uses(structure)
    refuse_negative_uses(sized.run.uses, prepaid)
    _check_fit(structure, sized)
    return sized


def _close_by_shares(structure: Structure) -> Sized:
    """The affine map, solved exactly.

    Source: model 2.3.
    """
    shares = [size.share or 0.0 for size in structure.sizes]
    split = side_by_side(structure.debts, shares)
    many = len(shares)

    def draws(commitments: Sequence[float]) -> Array:
        return np.asarray(fund(structure.spent, structure.debts, commitments, split).draws.sum(axis=1))

    at_zero = draws([0.0] * many)
    trials = TRIAL_DEBT * np.eye(many)
    slopes = np.stack([(draws(trial.tolist()) - at_zero) / TRIAL_DEBT for trial in trials], axis=1)
    growth = float(np.abs(np.linalg.eigvals(slopes)).max())
    if not growth < 1:
        raise _infeasible(structure, growth)
    commitments = np.linalg.solve(np.eye(many) - slopes, at_zero).tolist()
    run = fund(structure.spent, structure.debts, commitments, split)
    binding = tuple(size.share_key for size in structure.sizes)
    return Sized(tuple(commitments), tuple(shares), binding, run)


def _close_by_total_uses(structure: Structure) -> Sized:
    spending = float(structure.spent.total.sum())

    def missing(total: float) -> float:
        return float(_try(structure, total).run.uses.sum()) - total

    high = 2 * spending
    while missing(high) > 0:
        high *= 2
        if high > LARGEST * spending:
            raise _infeasible(structure, math.inf)
    try:
        return _try(structure, falling_root(missing, spending, high))
    except NoRootError:
        raise _infeasible(structure, math.inf) from None


def _try(structure: Structure, total: float) -> Sized:
    """Sizes and months if the total uses were `total`; they are where the months' uses add up to it."""
    net, binding = _net_proceeds(structure, total)
    debts = structure.debts
    commitments = [held / (1 - debt.oid) for held, debt in zip(net, debts, strict=True)]
    shares = [held / total if total else 0.0 for held in net]
    if structure.funding == "pro_rata":
        run = _draw_until_available(structure, commitments, net, total)
    else:
        split = in_turn(net, total - sum(net), structure.funding == "debt_first")
        run = fund(structure.spent, debts, commitments, split)
    return Sized(tuple(commitments), tuple(shares), tuple(binding), run)


def _net_proceeds(structure: Structure, total: float) -> tuple[list[float], list[str]]:
    """Net proceeds by tranche and what limits them, for given total uses."""
    net, binding = [], []
    for size, debt in zip(structure.sizes, structure.debts, strict=True):
        by_share = math.inf if size.share is None else size.share * total
        by_face = size.face * (1 - debt.oid)
        net.append(min(by_share, by_face))
        binding.append(size.share_key if by_share <= by_face else size.face_key)
    excess = sum(net) - (1 - structure.min_equity) * total
    for rank in sorted({size.rank for size in structure.sizes}, reverse=True):
        group = [
            i
            for i, size in enumerate(structure.sizes)
            if size.rank == rank and size.gives_way and binding[i] == size.face_key
        ]
        held = sum(net[i] for i in group)
        cut = min(max(excess, 0.0), held)
        for i in group if cut > 0 else ():
            net[i] -= cut * net[i] / held
            binding[i] = "capital.min_equity"
        excess -= cut
    return net, binding


def _draw_until_available(
    structure: Structure, commitments: list[float], net: list[float], total: float
) -> Funded:
    """Draws pro rata to the uses of the months in which each tranche can be drawn."""
    debts, completion = structure.debts, len(structure.spent.total) - 1
    whole = [debt.availability >= completion for debt in debts]
    base = [total for _ in debts]
    for _ in range(MOST_STEPS):
        shares = [held / over if held else 0.0 for held, over in zip(net, base, strict=True)]
        run = fund(structure.spent, debts, commitments, side_by_side(debts, shares))
        uses = np.cumsum(run.uses)
        found = [
            total if to_the_end else float(uses[debt.availability])
            for debt, to_the_end in zip(debts, whole, strict=True)
        ]
        if any(held and not over > 0 for held, over in zip(net, found, strict=True)):
            raise _nothing_to_draw_for(structure, net, found)
        if all(abs(a - b) <= 1e-15 * total for a, b in zip(found, base, strict=True)):
            return run
        base = found
    raise _infeasible(structure, math.inf)


def _infeasible(structure: Structure, growth: float) -> UserError:
    key = next((size.share_key for size in structure.sizes if size.share), structure.sizes[0].face_key)
    further = f"needs {growth:.2f} USD" if math.isfinite(growth) else "needs a USD or more"
    return UserError(
        Problem(
            "infeasible-closing",
            f"{key}: each USD of debt {further} of further debt for its own "
            "fees, interest and reserve, so no amount closes; lower the share, the fees or the reserve",
            key=key,
        )
    )


def _nothing_to_draw_for(structure: Structure, net: list[float], base: list[float]) -> UserError:
    at = next(i for i, (held, over) in enumerate(zip(net, base, strict=True)) if held and not over > 0)
    key = structure.sizes[at].face_key or structure.sizes[at].share_key
    month = structure.debts[at].availability
    message = f"{key}: there are no uses up to month {month}, the last in which the tranche can be drawn"
    return UserError(Problem("tranche-does-not-fit", message, key=key))


def _check_fit(structure: Structure, sized: Sized) -> None:
    """Equity pays what it must, in the whole and in every month.

    Raises
    ------
    UserError : where it would have to be paid out.
    """
    uses = sized.run.uses
    total, least = float(uses.sum()), structure.min_equity
    room = SETTLED * float(np.abs(uses).sum())
    net = [c * (1 - debt.oid) for c, debt in zip(sized.commitments, structure.debts, strict=True)]
    last = max(range(len(net)), key=lambda i: (net[i] > 0, structure.sizes[i].rank, i))
    key = sized.binding[last]
    if sum(net) > (1 - least) * total + room:
        limit = f"uses are only {total / 1e6:,.1f} m USD"
        if least:
            limit += f", of which equity pays {least:.1%} (capital.min_equity)"
        raise UserError(
            Problem(
                "tranche-does-not-fit",
                f"{key}: the debt brings {sum(net) / 1e6:,.1f} m USD but the {limit}; "
                f"lower it to {(1 - least) * total / sum(net):.1%} of what it is, or add uses",
                key=key,
            )
        )
    discount = np.array([1 - debt.oid for debt in structure.debts])
    equity = uses - discount @ sized.run.draws
    worst = int(np.argmin(equity))
    if equity[worst] < -room:
        message = (
            f"{key}: the draws of month {worst} exceed its uses by {-equity[worst] / 1e6:,.1f} m USD; "
            "lengthen an availability period or lower a size"
        )
        raise UserError(Problem("tranche-does-not-fit", message, key=key))

"""Uses month by month up to completion, and the draws that pay for them, for sizes that are given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spv_sim.errors import Problem, UserError
from spv_sim.spv.tolerance import CASH_TOLERANCE

Array = NDArray[np.float64]

Split = Callable[[int, float], list[float]]
"""Net debt by tranche that pays for a month's uses: (month, uses [USD]) -> [USD]."""


@dataclass(frozen=True)
class DebtTerms:
    """What of a tranche matters before completion.

    monthly_rate : coupon of each month up to completion [1].
    commitment_fee : per month on the undrawn face [1].
    upfront_fee, oid : shares of face [1].
    reserve : DSRA paid in at completion per USD of face [1].
    hedge_premium : paid for a cap at closing per USD of face [1].
    availability : last month in which the tranche can be drawn.
    period : months between the dates, counted from completion, on which the commitment fee is due.
    """

    monthly_rate: tuple[float, ...]
    commitment_fee: float
    upfront_fee: float
    oid: float
    reserve: float
    availability: int
    period: int = 1
    hedge_premium: float = 0.0


@dataclass(frozen=True)
class Spending:
    """Uses that do not depend on the debt: (completion + 1,) float64 each [USD].

    working_capital : paid into the reserve for operating cost at completion [USD].
    """

    hardware: Array
    other: Array
    prepaid_rent: Array
    working_capital: float = 0.0

    @property
    def total(self) -> Array:
        """Net of prepaid rent that reduces the uses, (completion + 1,) float64 [USD]."""
        spent = self.hardware + self.other - self.prepaid_rent
        spent[-1] += self.working_capital
        return spent


@dataclass(frozen=True)
class Funded:
    """Months of construction, played through: (tranches, completion + 1) float64 each, but `uses` [USD].

    uses : (completion + 1,) float64.  draws : face drawn.  The others are uses by name.
    """

    uses: Array
    draws: Array
    upfront_fee: Array
    interest: Array
    commitment_fee: Array
    reserve: Array
    hedge_premium: Array


@dataclass(frozen=True)
class SourcesAndUses:
    """A closed table: by month up to completion [USD], with uses = net debt proceeds + equity in each.

    commitment : face of all tranches.  gearing : net debt proceeds over total uses [1].
    draws : face drawn of all tranches.  The others are uses or sources by name, of all tranches.
    working_capital : paid into its reserve at completion [USD].
    """

    commitment: float
    gearing: float
    draws: Array
    hardware: Array
    other: Array
    prepaid_rent: Array
    upfront_fee: Array
    interest: Array
    commitment_fee: Array
    reserve: Array
    hedge_premium: Array
    uses: Array
    net_proceeds: Array
    equity: Array
    working_capital: float = 0.0


def fund(spent: Spending, debts: Sequence[DebtTerms], commitments: Sequence[float], split: Split) -> Funded:
    """Uses and draws month by month, for given commitments and a given split of each month's uses.

    The draws add up to the commitments only when the two fit together; that is the closing's work.
    Source: model 2.1, 2.2.
    """
    spending = spent.total.tolist()
    last = len(spending) - 1
    many = range(len(debts))
    drawn = [0.0 for _ in many]
    uses = []
    flows: list[list[list[float]]] = []
    for month, need in enumerate(spending):
        upfront, interest, fee, reserve, premium = ([0.0 for _ in many] for _ in range(5))
        for i, debt in enumerate(debts):
            if month == 0:
                upfront[i] = debt.upfront_fee * commitments[i]
                premium[i] = debt.hedge_premium * commitments[i]
            else:
                interest[i] = drawn[i] * debt.monthly_rate[month]
                if month <= debt.availability and (last - month) % debt.period == 0:
                    fee[i] = (commitments[i] - drawn[i]) * debt.commitment_fee * debt.period
            if month == last:
                reserve[i] = debt.reserve * commitments[i]
        needed = need + sum(upfront) + sum(interest) + sum(fee) + sum(reserve) + sum(premium)
        net = split(month, needed)
        draws = [net[i] / (1 - debts[i].oid) for i in many]
        drawn = [drawn[i] + draws[i] for i in many]
        uses.append(needed)
        flows.append([draws, upfront, interest, fee, reserve, premium])
    by_name = np.array(flows, dtype=np.float64).reshape(last + 1, 6, len(debts)).transpose(1, 2, 0)
    return Funded(np.array(uses), *by_name)


def refuse_negative_uses(uses: Array, prepaid: float) -> None:
    """Pass only uses that leave something to be paid, and nothing to be paid back in any month.

    Parameters
    ----------
    uses : by month, or their sum [USD].
    prepaid : rent set off against them [USD].

    Raises
    ------
    UserError : where the rent paid first is more than what it is set off against.
    """
    total = float(uses.sum())
    if total > 0.0 and float(uses.min()) >= -CASH_TOLERANCE * total:
        return
    month = f"of month {int(np.argmin(uses))}" if len(uses) > 1 else "of all months"
    message = (
        f"lease.first_payment: {prepaid / 1e6:,.1f} m USD set off against the uses are "
        f"{-float(uses.min()) / 1e6:,.1f} m USD more than those {month}"
    )
    help = 'lower it, or send it elsewhere: lease.first_payment_to = "trap" or "equity"'
    raise UserError(Problem("negative-uses", message, key="lease.first_payment", help=help))


def side_by_side(debts: Sequence[DebtTerms], shares: Sequence[float]) -> Split:
    """Each tranche pays its share of each month's uses while it can be drawn [1]."""

    def split(month: int, needed: float) -> list[float]:
        return [
            share * needed if month <= debt.availability else 0.0
            for debt, share in zip(debts, shares, strict=True)
        ]

    return split


def in_turn(net: Sequence[float], equity: float, debt_first: bool) -> Split:
    """Debt or equity pays until it is used up, then the other; tranches among themselves pro rata.

    Parameters
    ----------
    net : proceeds of each tranche in all [USD].
    equity : calls in all [USD].
    """
    total = sum(net)
    left = total if debt_first else max(equity, 0.0)

    def split(month: int, needed: float) -> list[float]:
        nonlocal left
        first = min(max(needed, 0.0), left)
        left -= first
        debt = first if debt_first else needed - first
        return [debt * held / total if total else 0.0 for held in net]

    return split


def add_up(
    spent: Spending, debts: Sequence[DebtTerms], commitments: Sequence[float], run: Funded
) -> SourcesAndUses:
    """The table of all tranches together; equity is what the net debt proceeds leave."""
    discount = np.array([1 - debt.oid for debt in debts])[:, np.newaxis]
    net = (run.draws * discount).sum(axis=0)
    total = float(run.uses.sum())
    return SourcesAndUses(
        commitment=sum(commitments),
        gearing=float(net.sum()) / total if total else 0.0,
        draws=run.draws.sum(axis=0),
        hardware=spent.hardware,
        other=spent.other,
        prepaid_rent=spent.prepaid_rent,
        upfront_fee=run.upfront_fee.sum(axis=0),
        interest=run.interest.sum(axis=0),
        commitment_fee=run.commitment_fee.sum(axis=0),
        reserve=run.reserve.sum(axis=0),
        hedge_premium=run.hedge_premium.sum(axis=0),
        uses=run.uses,
        net_proceeds=net,
        equity=run.uses - net,
        working_capital=spent.working_capital,
    )

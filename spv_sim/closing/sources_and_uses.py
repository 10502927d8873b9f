"""Sources and uses up to completion, with fees, interest and a reserve that depend on the debt they cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spv_sim.errors import Problem, UserError

Array = NDArray[np.float64]

TRIAL_DEBT = 1e9
NOTHING = 1e-9
"""Share of the uses up to which an amount counts as zero (model 0.7)."""


@dataclass(frozen=True)
class DebtTerms:
    """What of the debt matters before completion.

    monthly_rate : coupon of a month [1].  commitment_fee : per month on the undrawn face [1].
    upfront_fee, oid : shares of face [1].  reserve : DSRA at completion per USD of face [1].
    """

    monthly_rate: float
    commitment_fee: float
    upfront_fee: float
    oid: float
    reserve: float


@dataclass(frozen=True)
class Spending:
    """Uses that do not depend on the debt: (completion + 1,) float64 each [USD]."""

    hardware: Array
    other: Array
    prepaid_rent: Array

    @property
    def total(self) -> Array:
        """Net of prepaid rent that reduces the uses, (completion + 1,) float64 [USD]."""
        return self.hardware + self.other - self.prepaid_rent


@dataclass(frozen=True)
class SourcesAndUses:
    """A closed table: by month up to completion [USD], with uses = net debt proceeds + equity in each.

    commitment : face of the debt.  gearing : net debt proceeds over total uses [1].
    draws : face drawn.  The others are uses or sources by name.
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
    uses: Array
    net_proceeds: Array
    equity: Array


def fund(spending: Spending, debt: DebtTerms, commitment: float, gearing: float) -> SourcesAndUses:
    """Uses and pro-rata draws month by month, for a given commitment and gearing.

    The draws add up to the commitment only when the two fit together; that is the closing's work.
    Source: model 2.1, 2.2.
    """
    months = len(spending.total)
    upfront, interest, fee, reserve, draws = (np.zeros(months) for _ in range(5))
    upfront[0] = debt.upfront_fee * commitment
    reserve[-1] = debt.reserve * commitment
    drawn = 0.0
    for month in range(months):
        if month > 0:
            interest[month] = drawn * debt.monthly_rate
            fee[month] = (commitment - drawn) * debt.commitment_fee
        needed = spending.total[month] + upfront[month] + interest[month] + fee[month] + reserve[month]
        draws[month] = gearing * needed / (1 - debt.oid)
        drawn += draws[month]
    uses = spending.total + upfront + interest + fee + reserve
    net = draws * (1 - debt.oid)
    return SourcesAndUses(
        commitment=commitment,
        gearing=gearing,
        draws=draws,
        hardware=spending.hardware,
        other=spending.other,
        prepaid_rent=spending.prepaid_rent,
        upfront_fee=upfront,
        interest=interest,
        commitment_fee=fee,
        reserve=reserve,
        uses=uses,
        net_proceeds=net,
        equity=uses - net,
    )


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
    if total > 0.0 and float(uses.min()) >= -NOTHING * total:
        return
    month = f"of month {int(np.argmin(uses))}" if len(uses) > 1 else "of all months"
    message = (
        f"lease.first_payment: {prepaid / 1e6:,.1f} m USD set off against the uses are "
        f"{-float(uses.min()) / 1e6:,.1f} m USD more than those {month}"
    )
    help = 'lower it, or send it elsewhere: lease.first_payment_to = "trap" or "equity"'
    raise UserError(Problem("negative-uses", message, key="lease.first_payment", help=help))


def close_by_debt_share(spending: Spending, debt: DebtTerms, debt_share: float) -> SourcesAndUses:
    """Commitment at which the draws of a given gearing add up to it: an affine map, solved exactly.

    Raises
    ------
    UserError : where the fees, interest and reserve of a dollar of debt ask for a dollar or more of debt.

    Source: model 2.3.
    """
    at_zero = float(fund(spending, debt, 0.0, debt_share).draws.sum())
    at_trial = float(fund(spending, debt, TRIAL_DEBT, debt_share).draws.sum())
    slope = (at_trial - at_zero) / TRIAL_DEBT
    if slope >= 1:
        raise UserError(
            Problem(
                "infeasible-closing",
                f"capital.debt_share: each USD of debt needs {slope:.2f} USD of further debt for its own "
                "fees, interest and reserve, so no amount closes; lower the share, the fees or the reserve",
                key="capital.debt_share",
            )
        )
    return fund(spending, debt, at_zero / (1 - slope), debt_share)


def close_by_commitment(spending: Spending, debt: DebtTerms, commitment: float, key: str) -> SourcesAndUses:
    """Gearing at which the draws add up to a given commitment: increasing in the gearing, bracketed root.

    Raises
    ------
    UserError : where the debt does not fit into the uses.
    """
    if commitment == 0:
        return fund(spending, debt, 0.0, 0.0)

    def excess(gearing: float) -> float:
        return float(fund(spending, debt, commitment, gearing).draws.sum()) - commitment

    if excess(1.0) < 0:
        uses = float(fund(spending, debt, commitment, 1.0).uses.sum())
        net = commitment * (1 - debt.oid)
        raise UserError(
            Problem(
                "tranche-does-not-fit",
                f"{key}: the debt brings {net / 1e6:,.1f} m USD but the uses are only "
                f"{uses / 1e6:,.1f} m USD; lower it to {uses / net:.1%} of what it is, or add uses",
                key=key,
            )
        )
    low, high = 0.0, 1.0
    gearing = commitment * (1 - debt.oid) / float(fund(spending, debt, commitment, 0.5).uses.sum())
    for _ in range(200):
        error = excess(gearing)
        low, high = (gearing, high) if error < 0 else (low, gearing)
        step = 1e-6 * max(gearing, 1e-3)
        slope = (excess(gearing + step) - error) / step
        newton = gearing - error / slope
        candidate = newton if low <= newton <= high else (low + high) / 2
        if abs(candidate - gearing) <= 1e-16 * gearing or high - low <= 1e-16:
            break
        gearing = candidate
    return fund(spending, debt, commitment, gearing)

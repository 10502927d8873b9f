"""Who bears the loss: the shortfall of each stakeholder against the base case, which add up to the deal's.

A path takes from stakeholder h the *lost value* X_h = V_h(base case) − V_h(path), where V is the present
value at closing of all of h's flows, at one rate for everybody, so that a dollar is a dollar whoever gets it.
The deal's loss is X = Σ_h X_h, on every path.

**The stakeholders.** Each tranche: draws, fees, interest and principal; a loan that refinances one has a
lender of its own. The shareholders: calls and
distributions, split between sponsor and vendor where the scenario says so, a vendor less what it pays in
support. The lessee, with the guarantor of its rent: *what is paid on a lease that no longer gives the use of
the fleet*, that is the claim, what deposit and guarantor pay for it, and the fee for ending the lease. Rent
is not its loss, because rent buys use that is worth the rent to it (the value in use of model 12.2, taken at
the contract rent), whoever pays it when; rent that it does not pay is not its gain in the deal, because
it gives up the use or has it for less by agreement. What the lessee saves by hiring the same use for less
elsewhere, and what its default does to its shareholders and other creditors, lies outside the deal.

**The boundary.** So transfers between stakeholders (claims, support, interest, distributions) cancel in the
sum, and X is what the deal as a whole gets less from outside: rent for use, the market's rent, what the fleet
is worth when it leaves, less costs paid. With the engine's monthly flows after completion, and D_k the value
at closing of a dollar in month k on the risk-free curve, or without one at the rate r that the accounts earn,
D_k = (1 + r/12)^(−k),

    X = O(base case) − O(path),
    O = Σ_k D_k (rent + merchant + sale + bought + account interest − costs paid − Δ accounts)_k.

Where the accounts earn what is discounted at, waiting cash moves no value and they drop out of the sum; else
O holds what the waiting costs. `outside_breach` holds the two sides, computed independently, against each
other.

**Columns.** `equity.pv`, `<class>.pv` of each class of equity, `<tranche>.pv`, `lessee.pv_paid` (claims,
deposit, the fee for ending the lease, and the price of units bought less what they are worth),
`guarantor.pv_paid` (the residual value guarantee), `bank.pv_paid` (what is drawn on letters of credit, less
what is paid back) and `spv.pv_outside` (O): all at D_k from closing.

Limits
------
One rate for everybody is not a lender's own: a lender repaid early loses the interest that it was promised,
and one who is paid late with interest on the arrears may gain; `<tranche>.loss_pv`, at the coupon, measures
another thing. Costs that are never paid are a loss of those to whom they are owed, outside the deal. D_k is
known at closing also where the short rate is random.

Source: model 12.2 to 12.4, its simple form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from spv_sim.results.metrics_refinancing import REFINANCING
from spv_sim.results.stakeholder import Array, Stakeholder

OUTSIDE = "spv.pv_outside"
LESSEE_PAID = "lessee.pv_paid"
GUARANTOR_PAID = "guarantor.pv_paid"
BANK_PAID = "bank.pv_paid"

VENDOR = "vendor"
"""The hardware's seller: its classes of equity together, less what it pays under a guarantee."""

WHOLE_EQUITY: Mapping[str, Mapping[str, float]] = {"equity": {"equity.pv": 1.0}}


def stakeholders(
    base: Mapping[str, float],
    tranches: Sequence[str],
    equity: Mapping[str, Mapping[str, float]] = WHOLE_EQUITY,
    guarantor: str | None = None,
    bank: bool = False,
    refinances: bool = False,
) -> tuple[Stakeholder, ...]:
    """The lessee, the tranches in order of rank, the shareholders, guarantor, bank; nobody without columns.

    Parameters
    ----------
    base : the columns of the base case by name.
    tranches : their names in order of rank.
    equity : shareholder, such as sponsor and vendor -> weights of the columns that make its part; together
        they are the whole equity.
    guarantor : who pays under the guarantee of the residual value, one of the others or one of its own; None
        where there is none.
    bank : whether there are letters of credit.
    refinances : whether a new lender may repay a tranche.
    """
    parts: dict[str, dict[str, float]] = {"lessee": {LESSEE_PAID: -1.0}}
    parts |= {tranche: {f"{tranche}.pv": 1.0} for tranche in tranches}
    parts |= {name: dict(of) for name, of in equity.items()}
    if guarantor is not None:
        parts.setdefault(guarantor, {})[GUARANTOR_PAID] = -1.0
    if refinances:
        parts[REFINANCING] = {f"{REFINANCING}.pv": 1.0}
    if bank:
        parts["bank"] = {BANK_PAID: -1.0}
    if not all(column in base for of in parts.values() for column in of):
        return ()
    return tuple(
        Stakeholder(name, of, sum(weight * base[column] for column, weight in of.items()))
        for name, of in parts.items()
    )


def lost_values(columns: Mapping[str, Array], holders: Sequence[Stakeholder]) -> Array:
    """(stakeholders, paths) float64 lost value of each [USD]."""
    return np.array([holder.lost_value(columns) for holder in holders])


def whole_loss(columns: Mapping[str, Array], holders: Sequence[Stakeholder]) -> Array:
    """(paths,) float64 lost value of the deal: the sum over its stakeholders, in their order [USD]."""
    return np.asarray(sum((holder.lost_value(columns) for holder in holders), start=np.zeros(())))


def path_shares(columns: Mapping[str, Array], holders: Sequence[Stakeholder], eps_cash: float) -> Array:
    """(stakeholders, paths) float64 share of each in the path's loss [1].

    They add up to 1 on every path; NaN where the deal neither loses nor gains more than `eps_cash` [USD].
    """
    lost = lost_values(columns, holders)
    whole = whole_loss(columns, holders)
    return np.asarray(lost / np.where(np.abs(whole) > eps_cash, whole, np.nan))


def outside_breach(
    columns: Mapping[str, Array], holders: Sequence[Stakeholder], outside: float, total_uses: float
) -> Array:
    """(paths,) float64 distance between the sum of all losses and what the deal gets less from outside.

    Parameters
    ----------
    columns : by name, `spv.pv_outside` among them.
    holders : all stakeholders.
    outside : `spv.pv_outside` in the base case [USD].
    total_uses : what the distance is a share of [USD].
    """
    return np.asarray(np.abs(whole_loss(columns, holders) - (outside - columns[OUTSIDE])) / total_uses)

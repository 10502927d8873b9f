"""What a month brings in from the assets, and the operating costs that it has to bear."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit


class Receipts(NamedTuple):
    """Cash in of a month from the assets and the operating costs that it has to bear [USD].

    payable : rent that the contract asks for, collected or not.  arrears : rent of earlier months.
    support : what the lessee's guarantor pays of its rent.
    purchase : price of units that the lessee buys.  bought : what they are worth on the market, no cash.
    termination : what it pays for ending the lease early.  missing : for units that it cannot return.
    insurance : what an insurer pays for units that are destroyed.
    deposit : drawn on its security.  for_claim : of support and deposit, what a rejected lease brings.
    """

    payable: Any
    rent: Any
    arrears: Any
    support: Any
    merchant: Any
    sale: Any
    purchase: Any
    bought: Any
    termination: Any
    missing: Any
    insurance: Any
    guarantee: Any
    deposit: Any
    for_claim: Any
    claim: Any
    opex: Any
    enforcement: Any
    spares: Any


@jit
def cash_in(got: Receipts) -> Any:
    """All cash that the assets bring in the month [USD]."""
    sold = got.sale + got.purchase + got.termination + got.missing + got.insurance
    let = got.rent + got.arrears + got.support + got.merchant
    return let + sold + got.guarantee + got.deposit + got.claim


@jit
def paid_by_lessee(got: Receipts) -> Any:
    """What the lessee, its guarantor or estate pay beyond the use and the units that it gets [USD].

    Rent buys use, whenever it is paid; a claim, what secures it, units that are missing and the fee for
    ending the lease buy nothing; units bought below the market's price are a gain.
    """
    return got.claim + got.for_claim + got.missing + got.termination + (got.purchase - got.bought)


@jit
def leaving_cash(got: Receipts) -> Any:
    """What units bring when they leave the vehicle, with what is guaranteed and insured of it [USD]."""
    return got.sale + got.purchase + got.termination + got.missing + got.insurance + got.guarantee


@jit
def operating_costs(got: Receipts) -> Any:
    """What the vehicle has to bear in the month for its units [USD]."""
    return got.opex + got.enforcement + got.spares


@jit
def operating_cash(got: Receipts) -> Any:
    """Cash of the month from letting the units, after their costs [USD]."""
    return got.rent + got.arrears + got.support + got.merchant - got.opex - got.enforcement - got.spares

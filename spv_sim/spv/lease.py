"""The lease: contract rent falls due by schedule and is paid until the lessee defaults."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import where


class LeaseTerms(NamedTuple):
    """Contract rent by month.

    rent_due : (months + 1,) float64, contract rent [USD].
    rent_payable : (months + 1,) float64, rent after holidays; the difference is waived [USD].
    last_month : month of the last rent or residual date.
    """

    rent_due: Any
    rent_payable: Any
    last_month: int


@jit
def collected_rent(terms: LeaseTerms, month: int, defaulted: Any) -> Any:
    """Rent received from the lessee in the month [USD]."""
    return where(defaulted, 0.0, terms.rent_payable[month])

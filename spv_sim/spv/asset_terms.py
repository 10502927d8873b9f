"""The assets' terms, and what a path remembers of them."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.spv.casualty import InsuranceTerms
from spv_sim.spv.choice import Tenure
from spv_sim.spv.fleet import FleetTerms
from spv_sim.spv.index import IndexRates
from spv_sim.spv.lease import LeaseTerms
from spv_sim.spv.lessee_default import DefaultTerms
from spv_sim.spv.workout import WorkoutTerms


class AssetTerms(NamedTuple):
    """The units, who pays for them, and what becomes of them.

    opex_performing, opex_defaulted : (months + 1,) float64, the vehicle's cost while a lessee pays and
        while none does, as long as the units are owned [USD].
    """

    lease: LeaseTerms
    default: DefaultTerms
    workout: WorkoutTerms
    fleet: FleetTerms
    insurance: InsuranceTerms
    opex_performing: Any
    opex_defaulted: Any


class AssetState(NamedTuple):
    """What a path remembers of the assets.

    default_month : month of the default on a lease in force.  rejected_in : the same, where that ends it.
    tenure : who holds the units until when.
    units : units held since a rejection, and before it as the contract has it, had none failed [1].
    claim : on the lessee's estate [USD].
    index_rates : rates of the indexed hours.
    """

    default_month: Any
    rejected_in: Any
    tenure: Tenure
    units: Any
    claim: Any
    index_rates: IndexRates

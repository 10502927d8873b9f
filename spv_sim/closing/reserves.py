"""The maintenance reserve in kernel terms."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from spv_sim.spv.deal import MaintenanceTerms

if TYPE_CHECKING:
    from spv_sim.scenario.accounts import Accounts


def maintenance_terms(accounts: Accounts, payment_every: int) -> MaintenanceTerms:
    """What a unit asks of the reserve on each payment date; nothing where the deal has none."""
    said = accounts.maintenance
    if said is None:
        return MaintenanceTerms(target=0.0, contribution=0.0)
    return MaintenanceTerms(
        target=math.inf if said.target is None else said.target,
        contribution=math.inf if said.contribution is None else said.contribution * payment_every,
    )

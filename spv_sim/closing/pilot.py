"""Cash flow of the deal before its debt is known: the same vehicle, all equity, on given paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.engine.cpu import ledgers
from spv_sim.engine.path import Terms
from spv_sim.scenario.accounts import Accounts
from spv_sim.scenario.capital import Tranche
from spv_sim.scenario.waterfall import Waterfall

if TYPE_CHECKING:
    from spv_sim.scenario.model import Scenario

Array = NDArray[np.float64]

LEAVING = ("sale", "purchase", "termination", "guarantee")
"""What units bring when they leave the vehicle, by ledger row."""

NO_DEBT = "none"


def without_debt(scenario: Scenario) -> Scenario:
    """The scenario with nothing borrowed: rent, costs and sale do not depend on who paid for the units."""
    dates = next(iter(scenario.capital.tranche.values()))
    nothing = Tranche.model_validate(
        {
            "coupon": "0 %",
            "commitment": "0 USD",
            "amortisation": "bullet",
            "tenor": f"{dates.tenor} months",
            "payment_every": f"{dates.payment_every} months",
        }
    )
    none = dict.fromkeys(("debt_share", "advance_rate"))
    capital = scenario.capital.model_copy(
        update={"tranche": {NO_DEBT: nothing}, "equity": {}, "sale_in_cfads": False, **none}
    )
    return scenario.model_copy(update={"capital": capital, "accounts": Accounts(), "waterfall": Waterfall()})


def cash_flows(
    terms: Terms, counts_sale: bool, seed: int = 0, first_path: int = 0, n_paths: int = 1
) -> Array:
    """Rent and re-letting less costs, of a deal without debt: (months + 1, n_paths) float64 [USD].

    Parameters
    ----------
    counts_sale : whether what units bring when they leave counts too.
    """
    with np.errstate(invalid="ignore"):  # what nobody has lent has no rate of loss
        rows = ledgers(terms, (NO_DEBT,), seed, first_path, n_paths)
    flow = rows["rent"] + rows["merchant"] - rows["opex"] - rows["enforcement"]
    if counts_sale:
        flow = flow + sum(rows[name] for name in LEAVING)
    return np.nan_to_num(flow, nan=0.0)

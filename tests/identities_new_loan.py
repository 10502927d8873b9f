"""What a loan that refinances another has scheduled, by its profile alone; see `tests.identities`."""

from __future__ import annotations

import numpy as np

from spv_sim.engine.refinancing import NEW_LOAN
from tests.paths import Array, Paths


def lent_on(paths: Paths) -> Array:
    """What is lent on each date, which the rows of the new loan count as prepaid below zero [USD]."""
    month = paths.terms_of(NEW_LOAN).refinance.month
    return np.where(paths.months == month, paths.columns[f"{NEW_LOAN}.face"], 0.0)


def service_of_new_loan(paths: Paths) -> Array:
    """Scheduled debt service of the loan that repays another, by month after completion and path [USD]."""
    deal, said = paths.closed.terms.deal, paths.terms_of(NEW_LOAN).refinance
    every, maturity = deal.payment_every, int(deal.tranche.maturity[-1])
    face, n = paths.columns[f"{NEW_LOAN}.face"], (maturity - said.month) // every
    rate = np.nan_to_num(paths.columns[f"{NEW_LOAN}.coupon"]) * every / 12
    service, balance = np.zeros_like(paths.ledger["dsra"]), face
    for date in range(1, n + 1):
        interest = balance * rate
        principal = {
            "level": face
            / np.maximum(sum((1 + rate) ** j for j in range(n)), 1.0)
            * (1 + rate) ** (date - 1),
            "straight_line": face / n,
            "bullet": np.zeros_like(face),
        }[said.amortisation]
        principal = balance if date == n else principal
        service[said.month + date * every - int(paths.months[0, 0])] = interest + principal
        balance = balance - principal
    return service

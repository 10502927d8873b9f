"""A month of a deal's ledger, but for its tranches, classes and covenants."""

from __future__ import annotations

from typing import Any, NamedTuple


class DealRow(NamedTuple):
    """A month of a path, as the ledger keeps it, but for the tranches."""

    price: Any
    lease_rate: Any
    short_rate: Any
    default_month: Any
    lease_phase: Any
    outcome: Any
    rent_due: Any
    rent: Any
    arrears: Any
    support: Any
    merchant: Any
    claim: Any
    sale: Any
    purchase: Any
    termination: Any
    missing: Any
    insurance: Any
    guarantee: Any
    deposit: Any
    account_interest: Any
    opex: Any
    enforcement: Any
    spares: Any
    costs_due: Any
    costs_paid: Any
    cost_arrears: Any
    cfads: Any
    revenue: Any
    trap: Any
    dsra: Any
    maintenance: Any
    working_capital: Any
    event_of_default_month: Any
    dist: Any
    equity_cure: Any
    shared_out: Any
    shared_in: Any
    reserve_topped_up: Any
    maintenance_put_in: Any
    letters_drawn: Any
    swept: Any
    debt_service: Any
    dscr: Any
    locked: Any
    units: Any
    working_share: Any
    units_failed: Any
    units_replaced: Any
    units_lost: Any
    units_destroyed: Any

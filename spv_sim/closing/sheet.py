"""The closing sheet: sources and uses and the tranche's terms, as people read them."""

from __future__ import annotations

from typing import Any

from spv_sim.closing.close import Closed


def uses(closed: Closed) -> list[dict[str, Any]]:
    """What the vehicle spends up to completion, by name [USD]."""
    table = closed.table
    named = {
        "hardware": table.hardware,
        "other costs": table.other,
        "upfront fee": table.upfront_fee,
        "interest during construction": table.interest,
        "commitment fee": table.commitment_fee,
        "debt service reserve": table.reserve,
        "rent paid in advance": -table.prepaid_rent,
    }
    return [{"name": name, "amount": float(flow.sum())} for name, flow in named.items() if flow.any()]


def sources(closed: Closed) -> list[dict[str, Any]]:
    """Who pays for it, by name [USD]; debt net of its original issue discount."""
    table = closed.table
    named = {closed.tranche: table.net_proceeds, "equity": table.equity}
    return [{"name": name, "amount": float(flow.sum())} for name, flow in named.items() if flow.any()]


def closing_sheet(closed: Closed) -> dict[str, Any]:
    """The `closing` part of a run document: amounts in USD, shares as fractions, months from closing."""
    table, deal = closed.table, closed.terms.deal
    tranche = closed.scenario.capital.tranche[closed.tranche]
    hardware = float(table.hardware.sum())
    first_date = deal.completion + tranche.payment_every
    return {
        "uses": uses(closed),
        "sources": sources(closed),
        "total_uses": deal.total_uses,
        "equity": deal.equity.contributed,
        "months": {
            "completion": deal.completion,
            "lease_end": deal.assets.lease.contract_end,
            "maturity": deal.tranche.maturity,
            "end": deal.last_month,
        },
        "tranche": {
            closed.tranche: {
                "commitment": table.commitment,
                "net_proceeds": float(table.net_proceeds.sum()),
                "debt_share": table.gearing,
                "advance_rate": table.commitment / hardware,
                "coupon": tranche.coupon,
                "debt_service_first": float(closed.debt.debt_service[first_date]),
                "reserve": deal.opening_dsra,
            }
        },
        "warnings": list(closed.warnings),
    }

"""The closing sheet: sources and uses and the tranche's terms, as people read them."""

from __future__ import annotations

from typing import Any

from spv_sim.closing.close import Closed
from spv_sim.closing.credit_sheet import credit_sheet
from spv_sim.closing.tranche_facts import TrancheFacts, tranche_facts
from spv_sim.spv.book import DSRA


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


def sources(closed: Closed, facts: tuple[TrancheFacts, ...]) -> list[dict[str, Any]]:
    """Who pays for it, by name, in order of rank [USD]; debt net of its original issue discount."""
    named = {of.name: of.net_proceeds for of in facts} | {"equity": closed.table.equity}
    return [{"name": name, "amount": float(flow.sum())} for name, flow in named.items() if flow.any()]


def tranche_sheet(closed: Closed, of: TrancheFacts, hardware: float) -> dict[str, Any]:
    """Terms of a tranche as closed."""
    terms = closed.scenario.capital.tranche[of.name]
    return {
        "rank": terms.rank,
        "commitment": of.commitment,
        "net_proceeds": float(of.net_proceeds.sum()),
        "debt_share": of.gearing,
        "advance_rate": of.commitment / hardware,
        "coupon": terms.coupon,
        "maturity": of.maturity,
        "debt_service_first": float(
            of.debt_service[closed.terms.deal.completion + closed.terms.deal.payment_every]
        ),
    }


def closing_sheet(closed: Closed) -> dict[str, Any]:
    """The `closing` part of a run document: amounts in USD, shares as fractions, months from closing."""
    deal = closed.terms.deal
    facts = tranche_facts(closed)
    hardware = float(closed.table.hardware.sum())
    sheets = {of.name: tranche_sheet(closed, of, hardware) for of in facts}
    for sheet in list(sheets.values())[:1]:  # one reserve serves the senior tranche
        sheet["reserve"] = float(deal.opening[DSRA])
    return {
        "uses": uses(closed),
        "sources": sources(closed, facts),
        "total_uses": deal.total_uses,
        "equity": deal.equity.contributed,
        "months": {
            "completion": deal.completion,
            "lease_end": deal.assets.lease.last_month,
            "maturity": max((of.maturity for of in facts), default=deal.completion),
            "end": deal.last_month,
        },
        "tranche": sheets,
        "credit": credit_sheet(closed.scenario.credit),
        "warnings": list(closed.warnings),
    }

"""The closing sheet: sources and uses and the tranche's terms, as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spv_sim.closing.close import Closed
from spv_sim.closing.credit_sheet import YEARS, credit_sheet
from spv_sim.closing.discount_curve import zero_rate
from spv_sim.closing.discounting import discounted_at
from spv_sim.closing.equity_classes import EquityClosing
from spv_sim.closing.fleet_sheet import fleet_sheet
from spv_sim.closing.tranche_closing import SizingCase, TrancheClosing
from spv_sim.closing.vendor import vendor_sheet

if TYPE_CHECKING:
    from spv_sim.scenario.rates import Rates


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
        "premium of interest rate caps": table.hedge_premium,
        "working capital": np.array([table.working_capital]),
        "rent paid in advance": -table.prepaid_rent,
    }
    return [{"name": name, "amount": float(flow.sum())} for name, flow in named.items() if flow.any()]


def sources(closed: Closed) -> list[dict[str, Any]]:
    """Who pays for it, by name [USD]; debt net of its original issue discount."""
    debt = {tranche.name: tranche.net_proceeds for tranche in closed.capital.tranches}
    named = [*debt.items(), *((held.name, held.calls) for held in closed.capital.equity)]
    return [{"name": name, "amount": float(flow.sum())} for name, flow in named if flow.any()]


def sizing_sheet(case: SizingCase | None) -> dict[str, Any]:
    """What a simulated cash flow allows, with its error, and its paths; nothing in the base case."""
    if case is None:
        return {}
    return {
        "sizing_case": case.name,
        "case_face": case.face,
        "case_face_error": case.standard_error,
        "pilot_paths": case.paths,
        "pilot_seed": case.seed,
    }


def tranche_sheet(closed: Closed, tranche: TrancheClosing) -> dict[str, Any]:
    """One tranche, as people read it."""
    terms, months = closed.scenario.capital.tranche[tranche.name], closed.terms.deal.completion
    first_date = months + terms.payment_every
    coupon, has_letter = terms.coupon, terms.dsra_kind == "letter_of_credit"
    if coupon is None:
        coupon = float(tranche.coupon.by_month[first_date]) * 12 / terms.payment_every
    return {
        "rank": tranche.rank,
        "commitment": tranche.commitment,
        "net_proceeds": float(tranche.net_proceeds.sum()),
        "debt_share": tranche.gearing,
        "advance_rate": tranche.commitment / float(closed.table.hardware.sum()),
        "binding": tranche.binding,
        "coupon": coupon,
        **rates_of(closed, tranche),
        "debt_service_first": float(tranche.scheduled_debt_service[first_date]),
        "maturity": tranche.maturity,
        "reserve": tranche.reserve,
        **sizing_sheet(tranche.case),
        **refinancing_sheet(closed, tranche),
        **({"letter_of_credit": float(tranche.dsra_target[months])} if has_letter else {}),
    }


def refinancing_sheet(closed: Closed, tranche: TrancheClosing) -> dict[str, Any]:
    """When a new loan may repay the tranche, until when that runs, and what it costs; else nothing."""
    terms = closed.terms.deal.refinance
    if closed.scenario.capital.tranche[tranche.name].refinance is None:
        return {}
    price = "new_loan_coupon" if terms.has_coupon else "new_loan_spread"
    maturity = int(closed.terms.deal.tranche.maturity[terms.new])
    return {"refinanced_in": terms.month, "new_loan_maturity": maturity, price: terms.spread}


def class_sheet(held: EquityClosing) -> dict[str, Any]:
    """One class of equity, as people read it."""
    return {
        "share": held.share,
        "contributed": float(held.calls.sum()),
        "kind": held.kind,
        "rate": held.rate if held.kind == "preferred" else None,
        "vendor": held.vendor,
    }


def rates_of(closed: Closed, tranche: TrancheClosing) -> dict[str, Any]:
    """What a floating tranche pays above its base rate, and how it is hedged [1/year, 1, USD]."""
    terms, hedge = closed.scenario.capital.tranche[tranche.name], tranche.hedge
    told: dict[str, Any] = {}
    if terms.base_rate is not None:
        told |= {"base_rate": terms.base_rate, "margin": terms.margin}
        told |= {} if terms.floor is None else {"floor": terms.floor}
    if hedge.kind != "none":
        told |= {"hedge_share": hedge.share, f"{hedge.kind}_rate": hedge.rate}
    if hedge.premium:
        told["cap_premium"] = hedge.premium * tranche.commitment
    return told


def rates_sheet(rates: Rates | None) -> dict[str, Any] | None:
    """The `rates` part: model, measure, and zero rates by years; None without a curve."""
    if rates is None:
        return None
    years = np.array(YEARS, dtype=np.float64)
    zero = zero_rate(rates.curve, years)
    return {
        "model": rates.model,
        "measure": rates.measure,
        "rate_risk": rates.rate_risk,
        "zero_rate": {str(year): float(rate) for year, rate in zip(YEARS, zero, strict=True)},
    }


def closing_sheet(closed: Closed) -> dict[str, Any]:
    """The `closing` part of a run document: amounts in USD, shares as fractions, months from closing."""
    deal = closed.terms.deal
    return {
        "uses": uses(closed),
        "sources": sources(closed),
        "total_uses": deal.total_uses,
        "equity": deal.equity.contributed,
        "discounted_at": discounted_at(closed.scenario),
        "months": {
            "completion": deal.completion,
            "lease_end": deal.assets.lease.contract_end,
            "maturity": max(tranche.maturity for tranche in closed.capital.tranches),
            "end": deal.last_month,
        },
        "tranche": {tranche.name: tranche_sheet(closed, tranche) for tranche in closed.capital.tranches},
        "equity_class": {held.name: class_sheet(held) for held in closed.capital.equity if closed.classes},
        "vendor": vendor_sheet(closed),
        "fleet": fleet_sheet(closed.scenario),
        "credit": credit_sheet(closed.scenario.credit),
        "rates": rates_sheet(closed.scenario.rates),
        "warnings": list(closed.warnings),
    }

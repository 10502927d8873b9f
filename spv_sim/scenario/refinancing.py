"""Refinancing of a tranche: when, on what terms of the new loan, and what the old lender gets on top."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.quantities import Months, Rate, Ratio, Share
from spv_sim.scenario.table import Table, setting


class Refinance(Table):
    """A new loan that repays what the tranche is owed after the scheduled payment of a debt date.

    Only a loan without arrears on a lease that performs is refinanced. The new loan takes the place of the
    old one in the priority of payments.
    """

    month: Months = setting(
        "Month",
        "Debt date of the refinancing, from closing; at the tranche's maturity what falls due then is "
        "refinanced, and what nobody pays is an event of default a date later.",
        ge=1,
        le=360,
        examples=("16 months",),
        also=("date", "call_month", "call_date"),
    )
    max_ltv: Share | None = setting(
        "Highest loan to value",
        "Highest share of the units' appraised value on the path that is lent, debt before and beside the "
        "new loan included; silent: no such limit.",
        default=None,
        gt=0,
        examples=("70 %",),
        also=("ltv", "loan_to_value", "advance_rate"),
    )
    haircut: Share = setting(
        "Haircut",
        "Share of the units' market price that the appraisal does not count.",
        default=0.0,
        lt=1,
        examples=("10 %",),
    )
    min_dscr: Ratio | None = setting(
        "Lowest DSCR",
        "The new loan is at most the present value, at its coupon, of the contract's cash flow until its "
        "maturity as expected at closing, over this ratio, less the service of debt before and beside it. "
        "Silent: no such limit.",
        default=None,
        gt=0,
        examples=("1.30x",),
        also=("dscr", "target_dscr", "llcr"),
    )
    tenor: Months | None = setting(
        "Tenor",
        "Months until the new loan is repaid; silent: to the last debt date of the lease.",
        default=None,
        ge=1,
        le=240,
        also=("term", "maturity"),
    )
    amortisation: Literal["level", "straight_line", "bullet"] = setting(
        "Amortisation",
        "Level: equal debt service. Straight line: equal principal. Bullet: all at maturity.",
        default="level",
        also=("amortization", "profile"),
    )
    coupon: Rate | None = setting(
        "Coupon",
        "Fixed nominal annual interest rate of the new loan. One of coupon, liquidity_spread.",
        default=None,
        ge=0,
        examples=("8 %",),
        also=("interest_rate", "rate"),
    )
    liquidity_spread: Rate | None = setting(
        "Liquidity spread",
        "Annual rate above the risk-free rate, beside what the lessee's hazard adds where there is a "
        "recovery_rate. The new coupon is fixed at their sum. One of coupon, liquidity_spread.",
        default=None,
        examples=("150 bps",),
        also=("liq_spread", "spread", "margin"),
    )
    recovery_rate: Share | None = setting(
        "Recovery rate",
        "Of the new loan when the lessee defaults: the rest times the lessee's average hazard until the new "
        "maturity, after survival to the date, is part of the spread. Silent: the hazard adds nothing.",
        default=None,
        examples=("60 %",),
        also=("recovery", "rec"),
    )
    base_rate: Rate | None = setting(
        "Risk-free rate",
        "Rate that spreads are added to; silent: the par swap rate of [rates] on the path, to the maturity "
        "of the loan in question.",
        default=None,
        gt=-1,
        examples=("3.9 %",),
        also=("treasury_rate", "swap_rate"),
    )
    fee: Share = setting(
        "Fee",
        "Share of the new face that its lender keeps; the loan grows by it.",
        default=0.0,
        lt=1,
        examples=("1 %",),
        also=("upfront_fee", "fees", "arrangement_fee"),
    )
    premium: Literal["table", "make_whole"] = setting(
        "Premium",
        "What the old lender gets before maturity on what is repaid. Table: the tranche's "
        "prepayment_premium. Make-whole: what its scheduled payments are worth at the risk-free rate and "
        "make_whole_spread, less what it is owed, and never less than nothing.",
        default="table",
        also=("make_whole", "call_premium"),
    )
    make_whole_spread: Rate = setting(
        "Make-whole spread",
        "Annual rate above the risk-free rate at which a make-whole premium discounts.",
        default=0.005,
        ge=0,
        examples=("50 bps",),
    )
    exercise: Literal["always", "if_cheaper"] = setting(
        "Exercise",
        "If cheaper: only where the old loan's scheduled payments, at the new coupon, are worth more than "
        "it takes to replace it, premium and fee included.",
        default="always",
        also=("when", "option"),
    )
    cash_out: bool = setting(
        "Cash out",
        "Whether the new loan is as large as its limits allow; what the old one does not take joins the "
        "cash. Otherwise it is no larger than needed.",
        default=False,
        also=("recapitalisation", "dividend_recap", "release_equity"),
    )
    dsra: Months = setting(
        "Debt service reserve",
        "Months of the new loan's scheduled debt service that the reserve account holds, from what the old "
        "loan leaves in it and then from cash flow; what is beyond that joins the cash.",
        default=0,
        ge=0,
        le=24,
        examples=("3 months",),
        also=("reserve", "dsra_months"),
    )

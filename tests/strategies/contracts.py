"""What a lease may hold beside its rent: index, steps, deposits, guarantees, options, an early end."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from tests.strategies import Document, Draw, Size, between, hourly, months, mostly, percent, usd


@st.composite
def steps(draw: Draw, size: Size) -> Document:
    """Multiples of the first rent by time."""
    period = 12 if size.yearly else 1
    times = draw(st.lists(st.integers(1, size.term // period - 1), min_size=1, max_size=4, unique=True))
    return {months(period * time): f"{draw(between(0, 1.5, 2))}x" for time in times}


@st.composite
def indices(draw: Draw, size: Size, weight: float) -> Document:
    """A collar around the market rate."""
    floor = draw(mostly(0.0, between(0.2, 1, 2)))
    cap = draw(mostly(None, between(0, 1, 2)))
    return {
        "weight": percent(weight),
        "of_market": f"{draw(between(0.5, 1.5, 2))}x",
        "basis": draw(st.sampled_from(["gross", "net"])),
        "floor": hourly(floor * size.fair_rate),
        "cap": None if cap is None else hourly((floor + cap) * size.fair_rate + 1e-6),
        "reset_every": months(size.lease_every * draw(st.integers(1, 12 // size.lease_every))),
    }


@st.composite
def ends_of_term(draw: Draw, size: Size, one_end: bool, has_guarantee: bool) -> Document:
    """Purchase, renewal and re-letting; the last two only where all leases end together.

    On a grid of years nothing is renewed.
    """
    options = ["none", "fixed_price", "fair_market_value", *([] if has_guarantee else ["bargain"])]
    table: Document = {
        "option": draw(st.sampled_from(options)),
        "premium": percent(draw(between(0, 0.3, 2))),
    }
    match table["option"]:
        case "fixed_price":
            table["price"] = usd(size.cost / size.units * draw(between(0.01, 0.6, 2)))
            if draw(st.booleans()):
                table |= {"exercise": "behavioural", "intercept": draw(between(-2, 2, 1))}
                table["slope"] = draw(between(0, 20, 1))
        case "fair_market_value":
            table["probability"] = percent(draw(between(0, 1, 2)))
    if one_end and not size.yearly and draw(st.booleans()):
        table |= {
            "renewal_months": months(draw(st.integers(1, 12))),
            "renewals": draw(st.integers(1, 3)),
            "renewal_of_market": f"{draw(between(0, 1.2, 2))}x",
            "renewal_floor": hourly(size.fair_rate * draw(mostly(0.0, between(0, 1, 2)))),
        }
    if one_end and draw(st.booleans()):
        length = draw(st.integers(1, 24))
        table |= {"re_let": months(length), "re_let_after": months(draw(st.integers(0, min(6, length - 1))))}
    return table


@st.composite
def terminations(draw: Draw, size: Size, last_end: int) -> Document:
    """An early end on a date or at a hazard, at stipulated values or at later rents' present value."""
    table: Document = {"fee": usd(size.cost * draw(mostly(0.0, between(0, 0.02, 3))))}
    latest = last_end - size.construction - 1
    if draw(st.booleans()):
        table["month"] = months(size.construction + draw(st.integers(1, latest)))
    else:
        table["hazard"] = percent(draw(between(0.01, 0.8, 2)))
        table["first_month"] = months(draw(st.integers(0, latest)))
    if draw(st.booleans()):
        times = draw(st.lists(st.integers(0, size.term), min_size=1, max_size=3, unique=True))
        table["stipulated_loss"] = {months(time): percent(draw(between(0, 1, 2))) for time in times}
    else:
        table |= {
            "discount_rate": percent(draw(between(0, 0.2, 3))),
            "residual": percent(draw(mostly(0.0, between(0, 0.3, 2)))),
        }
    return table


@st.composite
def deposits(draw: Draw, size: Size, may_prepay: bool) -> Document:
    """Security in months of rent."""
    kinds = ["cash", "letter_of_credit", *(["prepaid_last"] if may_prepay else [])]
    periods = size.term // size.lease_every
    return {
        "kind": draw(st.sampled_from(kinds)),
        "months": months(size.lease_every * draw(st.integers(1, min(6, periods)))),
    }


@st.composite
def guarantees(draw: Draw, size: Size) -> Document:
    """A residual value guarantee."""
    guarantor = draw(st.sampled_from(["third_party", "vendor", "lessee"]))
    cap = draw(mostly(None, between(0, 0.2, 2)))
    other = guarantor != "lessee"
    return {
        "amount": usd(size.cost / size.units * draw(between(0.05, 0.6, 2))),
        "coverage": percent(draw(mostly(1.0, between(0, 1, 2)))),
        "cap": None if cap is None else usd(cap * size.cost),
        "guarantor": guarantor,
        "on_default": other and draw(st.booleans()),
        "hazard": percent(draw(mostly(0.0, between(0, 0.5, 2))) if other else 0.0),
    }


@st.composite
def add_contract(draw: Draw, document: Document, size: Size) -> int:
    """Enrich the plain lease of a document; the month in which its last lease ends.

    Where filed figures tell the rents, they alone do.
    """
    lease, batches = document["lease"], document["fleet"]["batch"]
    starts, free = [size.construction], "filed" not in lease
    if free and draw(st.booleans()):
        lease["rent_start"] = "per_batch"
        lease["early_rent_to"] = draw(mostly("trap", st.just("reduces_uses")))
        # Every lease outlasts completion, and that of the first batch the first debt date.
        soonest = size.construction + 1 - size.term
        starts = []
        for batch in batches.values():
            earliest = soonest if starts else soonest + size.debt_every - 1
            delivery = int(batch["delivery"].split()[0])
            start = max(delivery + draw(st.integers(0, 5)), earliest)
            if size.yearly:
                delivery, start = (12 * math.ceil(month / 12) for month in (delivery, start))
            starts.append(start)
            batch["acceptance_lag"] = months(starts[-1] - delivery)
    if free and draw(st.booleans()):
        add_index(draw, lease, size)
    said = next((name for name in ("rate", "rate_factor") if name in lease), None)
    if said and size.term > (12 if size.yearly else 1) and draw(st.booleans()):
        lease |= {"steps": draw(steps(size)), "escalation": "0 %"}
    on_cost = "rate_factor" in lease or "implicit_rate" in lease
    if free and not on_cost and lease["timing"] == "arrears" and draw(st.booleans()):
        lease |= {"billing": "used", "commitment": percent(draw(between(0, 0.9, 2)))}
    if "implicit_rate" not in lease and not size.yearly and draw(mostly(False, st.booleans())):
        lease["ramp"] = [percent(part) for part in draw(st.lists(between(0, 1, 2), max_size=size.term))]
    common = lease.get("rent_start") != "per_batch"
    if draw(st.booleans()):
        lease["residual_value_guarantee"] = draw(guarantees(size))
    if draw(st.booleans()):
        fixed = "index" not in lease and lease.get("billing") != "used"
        lease["deposit"] = draw(deposits(size, common and fixed))
    one_end, guaranteed = len(set(starts)) == 1, "residual_value_guarantee" in lease
    lease["end_of_term"] = draw(ends_of_term(size, one_end, guaranteed))
    last_end = max(starts) + size.term
    lease["holiday"] = {
        name: holiday
        for name, holiday in lease["holiday"].items()
        if int(holiday["end"].split()[0]) <= last_end
    }
    if last_end - size.construction > 1 and not size.yearly and draw(st.booleans()):
        lease["early_termination"] = draw(terminations(size, last_end))
    return last_end


def add_index(draw: Draw, lease: Document, size: Size) -> None:
    """Let some or all hours pay the index."""
    weight = draw(mostly(1.0, between(0.1, 0.9, 1)))
    lease["index"] = draw(indices(size, weight))
    if weight == 1:
        for name in ("rate", "rate_factor", "implicit_rate", "implicit_residual"):
            lease.pop(name, None)
        lease.setdefault("commitment", percent(draw(between(0.5, 1, 2))))

"""Refinancings of one tranche, on any of its dates and by any terms of the new loan."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.strategies import Document, Draw, Size, between, months, mostly, percent


def count(duration: str) -> int:
    """Months of a duration as this package writes it."""
    return int(duration.split()[0])


@st.composite
def add_refinancing(
    draw: Draw, capital: Document, size: Size, lease_end: int, has_rates: bool, scheduled_default: bool
) -> None:
    """Let a new loan repay a tranche that none of the rules keeps from it, if there is one."""
    able = [
        tranche
        for tranche in capital["tranche"].values()
        if "hedge_share" not in tranche and tranche["dsra_kind"] != "letter_of_credit"
    ]
    every, first = size.debt_every, size.construction
    dates = [[first + every * n for n in range(1, count(tranche["tenor"]) // every + 1)] for tranche in able]
    able = [
        (tranche, [date for date in ends if date + every <= lease_end])
        for tranche, ends in zip(able, dates, strict=True)
    ]
    able = [(tranche, ends) for tranche, ends in able if ends]
    if not able:
        return
    tranche, ends = draw(st.sampled_from(able))
    month = draw(st.sampled_from([*ends, ends[-1]]))
    said: Document = {
        "month": months(month),
        "max_ltv": draw(mostly(None, between(0.05, 1, 2).map(percent))),
        "min_dscr": draw(mostly(None, between(0.5, 2, 2))),
        "amortisation": draw(st.sampled_from(["level", "straight_line", "bullet"])),
        "fee": percent(draw(between(0, 0.05, 3))),
        "dsra": months(draw(mostly(0, st.integers(1, 6)))),
    }
    if draw(st.booleans()):
        said["tenor"] = months(every * draw(st.integers(1, (lease_end - month) // every)))
    needs_rate = draw(st.booleans())
    if needs_rate:
        said["liquidity_spread"] = percent(draw(between(0, 0.3, 2)))
        if not scheduled_default:
            said["recovery_rate"] = draw(mostly(None, between(0, 1, 2).map(percent)))
    else:
        said["coupon"] = percent(draw(between(0, 0.3, 2)))
    if "coupon" in tranche:
        said["exercise"] = draw(st.sampled_from(["always", "if_cheaper"]))
        if draw(st.booleans()):
            said["premium"], needs_rate = "make_whole", True
    if needs_rate and not has_rates:
        said["base_rate"] = percent(draw(between(0, 0.06, 3)))
    if said["max_ltv"] or said["min_dscr"]:
        said["cash_out"] = draw(st.booleans())
    if said["max_ltv"]:
        said["haircut"] = percent(draw(between(0, 0.5, 1)))
    tranche["refinance"] = said

"""Random capital structures for hypothesis: spending, a base case and any number of tranches."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from spv_sim.closing.capital import Base
from spv_sim.closing.forward_rates import ForwardRates
from spv_sim.closing.sources_and_uses import Spending
from spv_sim.scenario.capital import Capital
from tests.strategies import Draw, between, mostly, percent

COST = 1e9


@st.composite
def tranche_documents(draw: Draw, term: int, construction: int, pro_rata: bool) -> dict[str, Any]:
    """Terms of a tranche as a file says them; several limits of its size may speak."""
    every = draw(st.sampled_from([1, 3]))
    tenor = every * draw(st.integers(1, term // every))
    kind = draw(
        st.sampled_from(["level", "straight_line", "sculpted", "bullet", "custom", "scheduled_share"])
    )
    sizes = {
        "debt_share": percent(draw(between(0, 0.25, 3))),
        "advance_rate": percent(draw(between(0, 0.3, 3))),
        "commitment": f"{draw(st.integers(0, 300))} m USD",
        "target_dscr": f"{draw(between(1.0, 3.0, 2))}x",
        "max_ltv": [percent(draw(between(0, 1, 2))), percent(draw(between(0, 1, 2)))],
    }
    said = draw(st.sets(st.sampled_from(sorted(sizes)), min_size=1))
    document = {key: value for key, value in sizes.items() if key in said} | {
        "rank": draw(st.integers(1, 3)),
        "tenor": f"{tenor} months",
        "payment_every": f"{every} months",
        "amortisation": kind,
        "upfront_fee": percent(draw(between(0, 0.03))),
        "oid": percent(draw(between(0, 0.03))),
        "commitment_fee": percent(draw(between(0, 0.02))),
        "dsra": f"{draw(st.integers(0, min(6, tenor)))} months",
        "dsra_kind": draw(st.sampled_from(["cash", "letter_of_credit", "sweep"])),
    }
    if draw(st.booleans()):
        document["coupon"] = percent(draw(between(0, 0.16, 4)))
    else:
        document |= {
            "base_rate": draw(st.sampled_from(["term_1m", "term_3m", "compounded"])),
            "margin": percent(draw(between(0, 0.06, 4))),
            "floor": percent(draw(between(0, 0.05, 3))),
        }
    match kind:
        case "level" | "straight_line":
            document["balloon"] = percent(draw(mostly(0.0, between(0, 0.9, 2))))
        case "sculpted":
            document["target_dscr"] = sizes["target_dscr"]
            document["negative_amortisation"] = draw(st.sampled_from(["clamp", "allow"]))
        case "custom":
            dates = tenor // every
            document["repayment"] = [1.0 / dates] * dates
        case "scheduled_share":
            document["scheduled_share"] = f"{draw(between(0, 5, 2))} %/month"
    if pro_rata and draw(st.booleans()):
        document["availability"] = f"{draw(st.integers(0, construction))} months"
    return document


@st.composite
def capitals(draw: Draw) -> tuple[Capital, Spending, Base]:
    """What a closing needs."""
    construction, term = draw(st.integers(0, 6)), draw(st.integers(3, 36))
    last = construction + term
    weights = np.array([draw(st.integers(1, 9)) for _ in range(construction + 1)], dtype=np.float64)
    other = np.zeros(construction + 1)
    other[0] = draw(st.integers(0, 20)) * 1e6
    spent = Spending(COST * weights / weights.sum(), other, np.zeros(construction + 1))
    months = np.arange(last + 1)
    earned = draw(between(0.5, 3, 2)) * COST / term
    cash_flow = np.where(months > construction, earned * draw(between(0.95, 1.03, 3)) ** months, 0.0)
    value = COST * draw(between(0.3, 1.0, 2)) * draw(between(0.93, 1.0, 3)) ** months
    forward = draw(between(-0.01, 0.06, 4)) + draw(between(-0.0005, 0.0005, 5)) * months
    funding = draw(st.sampled_from(["pro_rata", "equity_first", "debt_first"]))
    count = draw(st.integers(1, 4))
    documents = tranche_documents(term, construction, funding == "pro_rata")
    capital = Capital.model_validate(
        {
            "funding": funding,
            "min_equity": percent(draw(mostly(0.0, between(0, 0.3, 2)))),
            "tranche": {f"tranche{number}": draw(documents) for number in range(count)},
            "equity": {"sponsor": {"share": "75 %"}, "vendor": {"share": "25 %", "vendor": True}},
        }
    )
    return capital, spent, Base(cash_flow, value, ForwardRates(forward))

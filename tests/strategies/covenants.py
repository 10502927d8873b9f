"""Random deals with random covenants of every kind, for hypothesis."""

from __future__ import annotations

from hypothesis import assume
from hypothesis import strategies as st

from spv_sim.errors import UserError
from spv_sim.scenario.model import Scenario
from tests.strategies import Document, Draw, between, build, months, mostly, percent
from tests.strategies.plain import documents

MILDER = {
    "dscr": "lock_up",
    "ltv": "prepay",
    "borrowing_base": "prepay",
    "contract_realisation": "lock_up",
    "contract_cover": "lock_up",
    "liquidity": "retain",
}
"""A consequence short of a default for each kind of covenant."""
KINDS = (*MILDER,)


@st.composite
def covenants(draw: Draw, every: int) -> Document:
    """Up to four covenants of every kind, consequence and cure."""
    found: Document = {}
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(KINDS))
        covenant: Document = {"kind": kind}
        if kind == "dscr":
            covenant["level"] = draw(between(0.5, 2.5, 2))
            covenant["basis"] = draw(st.sampled_from(["historic", "forward"]))
            covenant["window"] = draw(mostly(None, st.integers(1, 4).map(lambda n: months(every * n))))
            then = draw(st.sampled_from(["lock_up", "default", "sweep"]))
        elif kind == "contract_realisation":
            covenant["level"] = draw(between(0.3, 1, 2))
            covenant["window"] = draw(mostly(None, st.integers(1, 4).map(lambda n: months(every * n))))
            then = draw(st.sampled_from(["lock_up", "default", "sweep"]))
        elif kind == "contract_cover":
            covenant["level"] = draw(between(0.5, 2.5, 2))
            then = draw(st.sampled_from(["lock_up", "default", "sweep"]))
        elif kind == "liquidity":
            said = draw(st.sampled_from([("minimum",), ("debt_service",), ("minimum", "debt_service")]))
            if "minimum" in said:
                amounts = st.integers(0, 300).map(lambda n: f"{n} m USD")
                covenant["minimum"] = draw(st.lists(amounts, min_size=1, max_size=3))
            if "debt_service" in said:
                covenant["debt_service"] = draw(st.integers(1, 12).map(months))
            then = draw(st.sampled_from(["retain", "default"]))
        else:
            name = "level" if kind == "ltv" else "advance_rate"
            covenant[name] = [percent(draw(between(0.05, 1, 2))) for _ in range(draw(st.integers(1, 3)))]
            if draw(st.booleans()):
                covenant |= {"appraisal": "depreciated_cost", "depreciated_cost": ["90 %", "60 %", "30 %"]}
            else:
                covenant["haircut"] = percent(draw(mostly(0.0, between(0, 0.4, 2))))
            milder = ["lock_up", "sweep"] if kind == "ltv" else []
            then = draw(st.sampled_from(["prepay", "default", *milder]))
            if then in ("prepay", "default"):
                covenant["equity_cures"] = draw(st.integers(0, 3))
        own = {"lock_up": "release_after", "default": "grace"}.get(then)
        if own is not None:
            covenant[own] = draw(st.integers(1, 4))
        if then == "sweep":
            covenant["sweep"] = percent(draw(between(0.05, 1, 2)))
        covenant["first_test"] = draw(mostly(None, st.integers(1, 30).map(months)))
        found[f"test{number}"] = covenant | {"consequence": then}
    return found


@st.composite
def bound_scenarios(draw: Draw) -> Scenario:
    """Valid scenarios with covenants; a default before a milder test of the same measure is left out."""
    document = draw(documents())
    tranche = document["capital"]["tranche"]["senior"]
    tested = draw(covenants(int(tranche["payment_every"].split()[0])))
    document["capital"]["covenant"] = tested
    try:
        return build(document)
    except UserError as fault:
        assume(any("comes before" in problem.message for problem in fault.problems))
        for covenant in tested.values():
            if covenant["consequence"] == "default":
                covenant["consequence"] = MILDER[covenant["kind"]]
                covenant.pop("grace")
        return build(document)

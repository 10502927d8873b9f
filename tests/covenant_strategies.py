"""Random deals with random covenants of every kind, for hypothesis."""

from __future__ import annotations

from hypothesis import assume
from hypothesis import strategies as st

from spv_sim.errors import UserError
from spv_sim.scenario.model import Scenario
from tests.strategies import Document, Draw, between, build, months, mostly, percent
from tests.strategies.plain import documents


@st.composite
def covenants(draw: Draw, every: int) -> Document:
    """Up to four covenants of every kind, consequence and cure."""
    found: Document = {}
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["dscr", "ltv", "borrowing_base"]))
        covenant: Document = {"kind": kind}
        if kind == "dscr":
            covenant["level"] = draw(between(0.5, 2.5, 2))
            covenant["basis"] = draw(st.sampled_from(["historic", "forward"]))
            covenant["window"] = draw(mostly(None, st.integers(1, 4).map(lambda n: months(every * n))))
            then = draw(st.sampled_from(["lock_up", "default", "sweep"]))
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
                covenant["consequence"] = "prepay" if covenant["kind"] != "dscr" else "lock_up"
                covenant.pop("grace")
        return build(document)

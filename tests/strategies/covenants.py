"""Random covenants of every kind, consequence and cure."""

from __future__ import annotations

from hypothesis import strategies as st

from spv_sim.scenario.model import Scenario
from tests.strategies import Document, Draw, between, build, months, mostly, percent
from tests.strategies.plain import documents

KINDS = ("dscr", "ltv", "borrowing_base", "contract_realisation", "contract_cover", "liquidity")


@st.composite
def of_flow(draw: Draw, kind: str, every: int) -> Document:
    """What a covenant on cash flow, rent or cash is measured by, and its consequence."""
    covenant: Document = {"kind": kind}
    if kind == "liquidity":
        said = draw(st.sampled_from([("minimum",), ("debt_service",), ("minimum", "debt_service")]))
        if "minimum" in said:
            amounts = st.integers(0, 300).map(lambda n: f"{n} m USD")
            covenant["minimum"] = draw(st.lists(amounts, min_size=1, max_size=3))
        if "debt_service" in said:
            covenant["debt_service"] = draw(st.integers(1, 12).map(months))
        return covenant | {"consequence": draw(st.sampled_from(["retain", "default"]))}
    covenant["level"] = draw(between(0.3, 1, 2) if kind == "contract_realisation" else between(0.5, 2.5, 2))
    if kind == "dscr":
        covenant["basis"] = draw(st.sampled_from(["historic", "forward"]))
    if kind != "contract_cover":
        covenant["window"] = draw(mostly(None, st.integers(1, 4).map(lambda n: months(every * n))))
    return covenant | {"consequence": draw(st.sampled_from(["lock_up", "default", "sweep"]))}


@st.composite
def of_collateral(draw: Draw, kind: str, may_cure: bool) -> Document:
    """What a covenant on the units is measured by, and its consequence."""
    levels = [percent(draw(between(0.05, 1, 2))) for _ in range(draw(st.integers(1, 3)))]
    covenant: Document = {"kind": kind, "level" if kind == "ltv" else "advance_rate": levels}
    if draw(st.booleans()):
        covenant |= {"appraisal": "depreciated_cost", "depreciated_cost": ["90 %", "60 %", "30 %"]}
    else:
        covenant["haircut"] = percent(draw(mostly(0.0, between(0, 0.4, 2))))
    milder = ["lock_up", "sweep"] if kind == "ltv" else []
    covenant["consequence"] = draw(st.sampled_from(["prepay", "default", *milder]))
    if covenant["consequence"] in ("prepay", "default"):
        covenant["equity_cures"] = draw(st.integers(0, 3)) if may_cure else 0
    return covenant


@st.composite
def covenants(draw: Draw, built: int, every: int, tranches: Document, may_cure: bool = True) -> Document:
    """Up to four covenants, of any rank's debt.

    `built` is the month of completion, `every` the months between dates; `may_cure` tells whether the
    shareholders may pay in again.
    """
    ranks = {name: terms.get("rank", 1) for name, terms in tranches.items()}
    found: Document = {}
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(KINDS))
        on_units = kind in ("ltv", "borrowing_base")
        covenant = draw(of_collateral(kind, may_cure) if on_units else of_flow(kind, every))
        of, then = draw(mostly(None, st.sampled_from(list(tranches)))), covenant["consequence"]
        rank = min(ranks.values()) if of is None else ranks[of]
        if of is None and then == "sweep":
            of = min(tranches, key=lambda name: ranks[name])
        covenant["tranche"] = of
        if any(other > rank for other in ranks.values()):
            covenant["blocks_junior"] = draw(st.booleans())
        own = {"lock_up": "release_after", "default": "grace"}.get(then)
        if own is not None:
            covenant[own] = draw(st.integers(1, 4))
        if then == "sweep":
            covenant["sweep"] = percent(draw(between(0.05, 1, 2)))
        tested = [int(terms["tenor"].split()[0]) for name, terms in tranches.items() if ranks[name] <= rank]
        period = 12 if every == 12 else 1
        latest = (built + max(tested) - 1) // period
        if latest > 0 and draw(st.booleans()):
            covenant["first_test"] = months(period * draw(st.integers(1, latest)))
        found[f"test{number}"] = covenant
    defaults_come_last(found, tranches)
    return found


def defaults_come_last(found: Document, tranches: Document) -> None:
    """Put the level of each default where every milder test has failed before."""
    locks = [terms.get("lock_up_dscr") for terms in tranches.values()]
    milder = [of for of in found.values() if of["consequence"] != "default"]
    locks += [of["level"] for of in milder if of["kind"] == "dscr" and of["consequence"] == "lock_up"]
    lowest = min((level for level in locks if level is not None), default=2.5)
    highest = max((share_of(word) for of in milder if of["kind"] == "ltv" for word in of["level"]), default=0)
    for covenant in found.values():
        if covenant["consequence"] == "default" and covenant["kind"] == "dscr":
            covenant["level"] = min(covenant["level"], lowest)
        elif covenant["consequence"] == "default" and covenant["kind"] == "ltv":
            covenant["level"] = [percent(max(share_of(word), highest)) for word in covenant["level"]]


def share_of(word: str) -> float:
    """The share that a word of a file says."""
    return float(word.removesuffix(" %")) / 100


@st.composite
def bound_scenarios(draw: Draw) -> Scenario:
    """Valid scenarios of the plain deal with covenants."""
    document = draw(documents())
    tranches = document["capital"]["tranche"]
    built = int(document["grid"]["construction"].split()[0])
    every = int(tranches["senior"]["payment_every"].split()[0])
    document["capital"]["covenant"] = draw(covenants(built, every, tranches))
    return build(document)

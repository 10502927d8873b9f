"""Units in = units out on random deals whose units fail: every identity of cash and units, month by month."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from spv_sim.closing.close import close
from spv_sim.engine.cpu import LANES, run_chunk
from spv_sim.kernel.jit import PLAIN
from spv_sim.scenario.model import Scenario
from tests.months import months_of
from tests.strategies import Draw, between, build, examples, months, mostly, percent
from tests.strategies.fleets import casualties, failures
from tests.strategies.plain import documents

PATHS = 2 if PLAIN else 32
WIDTH = 1 if PLAIN else LANES
EXACT = 1e-9


@st.composite
def failing(draw: Draw) -> Scenario:
    """Valid scenarios with failures, casualties and two generations."""
    document = draw(documents())
    fleet, lease = document["fleet"], document["lease"]
    fails = {"failures": draw(failures(lease["triple_net"]))}
    if draw(st.booleans()):
        fails["casualty"] = draw(casualties("early_termination" in lease))
    first = next(iter(fleet["batch"]))
    batches = fleet["batch"] | {
        first: fleet["batch"][first] | {"generation": draw(st.sampled_from(["H100", "B200"]))}
    }
    abates = {"hell_or_high_water": draw(st.booleans())}
    shrinks = {
        "shrinkage": percent(draw(mostly(0.0, between(0, 0.2, 2)))),
        "liquidation_months": months(draw(st.integers(1, 5))),
    }
    return build(
        document
        | {"fleet": {"batch": batches, **fails}, "lease": lease | abates}
        | {"workout": document["workout"] | shrinks}
    )


@examples(40)
@given(failing())
def test_units_in_are_units_out(scenario: Scenario) -> None:
    closed = close(scenario)
    seed, start = scenario.monte_carlo.seed, scenario.grid.construction
    with np.errstate(all="ignore"):  # in plain Python, both sides of every choice are computed
        ledger = months_of(closed, seed, 0, PATHS, WIDTH)
        values = run_chunk(closed.terms, seed, 0, PATHS, WIDTH).columns
    rows = {name: of[start:] for name, of in ledger.items()}
    columns = dict(zip(closed.columns, values, strict=True))
    assert columns["spv.breach"].max() <= EXACT
    if not closed.terms.deal.assets.fleet.active:
        return
    whole = closed.terms.deal.assets.fleet.units.sum()
    rows["units"][0] = whole
    units, room = rows["units"], 1e-9 * whole
    kinds = ("failed", "replaced", "lost", "destroyed")
    failed, replaced, lost, destroyed = (rows[f"units_{kind}"][1:] for kind in kinds)
    assert min(units.min(), failed.min(), replaced.min(), lost.min(), destroyed.min()) >= -room
    left = units[:-1] - failed + replaced - destroyed - units[1:]
    assert left.min() >= -room
    bought = rows["purchase"][1:] + rows["termination"][1:]
    leaves = (rows["sale"][1:] + bought > 0) | (
        rows["default_month"][1:] == np.arange(1, len(units))[:, None] + start
    )
    assert np.abs(left[~leaves & (units[1:] > 0)]).max(initial=0.0) <= room
    assert (lost.sum(axis=0) <= failed.sum(axis=0) + room).all()
    gone = (lost + destroyed).sum(axis=0)
    np.testing.assert_allclose(columns["spv.units_lost"], gone, rtol=0, atol=room)
    assert ((columns["spv.availability"] >= 0) & (columns["spv.availability"] <= 1 + EXACT)).all()

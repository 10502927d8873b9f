"""Random deals whose lessee may default before completion: identities of cash, and what stops with it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, reject
from hypothesis import strategies as st

from spv_sim.analysis.base_case import run_base_case
from spv_sim.analysis.simulation import deal_facts
from spv_sim.closing.close import close
from spv_sim.engine.cpu import LANES, run_chunk
from spv_sim.errors import UserError
from spv_sim.kernel.jit import PLAIN
from spv_sim.results.loss_shares import outside_breach
from spv_sim.scenario.model import Scenario
from spv_sim.spv.book import EQUITY_PAID_IN
from spv_sim.spv.tolerance import CASH_TOLERANCE
from tests.strategies import Draw, build, examples, mostly, percent
from tests.strategies.whole import documents

PATHS = 3 if PLAIN else 32
WIDTH = 1 if PLAIN else LANES


@st.composite
def stopping(draw: Draw) -> Scenario:
    """Valid scenarios; batches are cancelled or not, deposits on them come back or not."""
    document = draw(documents())
    batches = {}
    for name, batch in document["fleet"]["batch"].items():
        own = {"cancellable": draw(st.booleans())}
        if own["cancellable"] and not batch["deposit"].startswith("0"):
            own["deposit_forfeited"] = percent(draw(mostly(1.0, st.sampled_from([0.0, 0.5]))))
        batches[name] = {key: said for key, said in batch.items() if key != "deposit_forfeited"} | own
    fleet = document["fleet"] | {"batch": batches}
    credit = document["credit"] | {"clock": "closing", "draw_stop": True}
    return build(document | {"fleet": fleet, "credit": credit})


@examples(40)
@given(stopping())
def test_nothing_is_lost_and_nothing_is_drawn_behind_a_default(scenario: Scenario) -> None:
    try:
        closed = close(scenario)
    except UserError:
        reject()
    deal, seed = closed.terms.deal, scenario.monte_carlo.seed
    with np.errstate(all="ignore"):  # in plain Python, both sides of every choice are computed
        chunk = run_chunk(closed.terms, seed, 0, PATHS, WIDTH)
        base = run_base_case(closed).values
    columns = dict(zip(closed.columns, chunk.columns, strict=True))
    assert columns["spv.breach"].max() <= CASH_TOLERANCE
    facts = deal_facts(closed, base)
    gaps = outside_breach(columns, facts.stakeholders, facts.outside, facts.total_uses)
    assert gaps.max() <= CASH_TOLERANCE
    if not deal.stop.in_use:
        return
    early = np.flatnonzero(columns["lessee.default_month"] <= deal.completion)
    for path in early[:2]:
        month = int(columns["lessee.default_month"][path])
        with np.errstate(all="ignore"):
            flows = run_chunk(closed.terms, seed, int(path), 1, WIDTH).flow_sums[0].sum(axis=2)
        debt, equity = flows[1 : 1 + len(closed.tranches)], flows[0]
        assert (debt[:, month : deal.completion + 1] == 0).all()
        assert (equity[month : deal.completion + 1] <= 0).all()
        paid_in = -equity[: deal.completion + 1].sum()
        over = (debt[:, :month] - deal.lender_flow[: len(debt), :month]).sum()
        more = paid_in - deal.stop.book[month, EQUITY_PAID_IN] - over
        room = CASH_TOLERANCE * deal.total_uses
        assert more >= -room  # interest saved beyond the calls stays in the vehicle
        assert more <= room or deal.contingent.in_use

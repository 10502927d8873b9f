"""Random deals under random covenants keep every identity on every path."""

from __future__ import annotations

import numpy as np
from hypothesis import event, given

from spv_sim.closing.close import close
from spv_sim.engine.cpu import run_chunk
from spv_sim.scenario.model import Scenario
from tests.months import months_of
from tests.strategies import examples
from tests.strategies.covenants import bound_scenarios

PATHS = 32


@examples(60)
@given(bound_scenarios())
def test_random_covenants_keep_every_identity(scenario: Scenario) -> None:
    closed = close(scenario)
    seed = scenario.monte_carlo.seed
    chunk = run_chunk(closed.terms, seed, 0, PATHS)
    columns = dict(zip(closed.columns, chunk.columns, strict=True))
    assert columns["spv.breach"].max() <= 1e-9
    rows = months_of(closed, seed, 0, PATHS)
    months = slice(scenario.grid.construction + 1, None)
    uses = closed.terms.deal.total_uses
    np.testing.assert_allclose(
        columns["equity.cures"], rows["equity_cure"][months].sum(axis=0), atol=1e-9 * uses
    )
    # Nobody pays dividends and cures on one date, and nothing is paid out while the debt is called.
    called = rows["event_of_default_month"][months] <= np.arange(len(rows["dist"]))[months, None]
    owes = rows["D"][months] > 1e-9 * uses
    assert rows["dist"][months][called & owes].sum() == 0
    for name, covenant in scenario.capital.covenant.items():
        fails = rows[f"covenant.{name}.fails"][months] > 0
        first = np.where(fails.any(axis=0), fails.argmax(axis=0) + months.start, np.inf)
        np.testing.assert_array_equal(columns[f"covenant.{name}.first_breach_month"], first)
        event(f"{covenant.kind} {covenant.consequence} {'fails' if fails.any() else 'holds'}")
        if covenant.consequence != "sweep":
            last = rows["locked"].shape[0] - 1
            paid = rows["dist"][months] > 1e-9 * uses
            before_last = np.arange(rows["locked"].shape[0])[months, None] < last
            assert not (paid & fails & owes & before_last).any()

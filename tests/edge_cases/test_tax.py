"""Edge case 28 of model §19: tax losses left at exit."""

from __future__ import annotations

import pytest

from spv_sim.errors import UserError
from spv_sim.scenario.read import read_text
from spv_sim.scenario.starter import STARTER


@pytest.mark.parametrize("table", ['[tax]\nrate = "21 %"', '[tax]\nmode = "entity"\nnol_cap = "80 %"'])
def test_edge_28_a_scenario_with_tax_is_refused_and_never_runs_without_it(table: str) -> None:
    """No tax is simulated, so that no loss can be left at exit: a file that asks for tax is told so."""
    with pytest.raises(UserError) as caught:
        read_text(f"{STARTER}\n{table}\n", "deal.toml")
    assert caught.value.exit_code == 2
    (problem,) = caught.value.problems
    assert problem.code == "unsupported"
    assert "tax" in problem.message
    assert "before tax" in problem.message
    assert problem.line == STARTER.count("\n") + 2

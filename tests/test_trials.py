"""A slice of the trial on random deals over the whole schema, and how a trial goes on and reports."""

from __future__ import annotations

import json
from pathlib import Path

import numba
import pytest
from hypothesis import given

from spv_sim.closing.close import close
from spv_sim.engine.block import run_block
from spv_sim.errors import UserError
from spv_sim.kernel.jit import PLAIN
from spv_sim.scenario.model import Scenario
from tests import trials
from tests.closing.deals import base
from tests.strategies import examples
from tests.strategies.whole import scenarios
from tests.trials import report, run_slice, run_trial


@pytest.mark.skipif(PLAIN, reason="in plain Python a slice takes minutes")
@pytest.mark.parametrize(("of_programmes", "draws"), [(False, 60), (True, 20)])
def test_every_identity_holds_on_random_deals(of_programmes: bool, draws: int) -> None:
    before = len(run_block.signatures)
    found = run_slice(seed=0, number=(trials.PROGRAMMES - 1) * of_programmes, paths=32, draws=draws)
    assert found.scenarios >= draws // 4
    assert ("I2 across" in found.worst) == of_programmes
    assert not found.failures
    lines, holds = report([found], before)
    assert holds, lines


@examples(25)
@given(scenarios())
def test_one_compilation_serves_every_deal(scenario: Scenario) -> None:
    """What a deal uses changes the numbers in its terms and never their types."""
    try:
        terms = close(scenario).terms
    except UserError:
        return
    assert numba.typeof(terms) == numba.typeof(close(base("x1")).terms)


def test_a_trial_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = tmp_path / "journal"
    first = run_trial(1, seed=5, paths=2, journal=journal, draws=4)
    monkeypatch.setattr(trials, "run_slice", lambda *_: pytest.fail("a slice is run again"))
    assert run_trial(1, seed=5, paths=2, journal=journal, draws=4) == first
    assert len(journal.read_text().splitlines()) == len(first)


def test_a_breach_is_told_with_a_scenario_that_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "residuals", lambda *_: ({"I2": 1e-3, "I4": 0.0}, 10))
    done = run_trial(1, seed=5, paths=2, journal=tmp_path / "journal", draws=4)
    lines, holds = report(done)
    assert not holds
    assert any(line.split() == ["I2", "1.0e-03", "FAILS"] for line in lines)
    assert 'kind = "' in Path(done[0].failures["I2"]).read_text()
    assert json.loads((tmp_path / "journal").read_text().splitlines()[0])["failures"].keys() == {"I2"}

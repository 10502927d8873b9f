"""A resolved scenario written as one file reads back equal."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given

from spv_sim.scenario.model import Scenario
from spv_sim.scenario.read import read, read_text
from spv_sim.scenario.write import write_toml
from tests.scenario.base import EXAMPLES
from tests.strategies import examples
from tests.strategies.whole import scenarios


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_shipped_scenarios_come_back(path: Path, tmp_path: Path) -> None:
    scenario = read(path).scenario
    text = write_toml(scenario)
    if any(vehicle.extends for vehicle in scenario.spv.values()):
        (tmp_path / "pyproject.toml").touch()
        shutil.copytree(path.parent, tmp_path / "scenarios")
        (tmp_path / "scenarios" / "written.toml").write_text(text)
        again = read(tmp_path / "scenarios" / "written.toml").scenario
    else:
        again = read_text(text).scenario
    assert again == scenario
    assert write_toml(again) == text


@examples(100)
@given(scenario=scenarios())
def test_any_scenario_comes_back(scenario: Scenario) -> None:
    assert read_text(write_toml(scenario)).scenario == scenario


def test_awkward_names_come_back() -> None:
    text = (EXAMPLES[-1]).read_text().replace("fleet.batch.first", 'fleet.batch."a.b \\"c\\" é"')
    text = text.replace('name = "First deal"', 'name = "tab\\t, \\"quote\\", \\u007f and \\\\"')
    scenario = read_text(text).scenario
    assert read_text(write_toml(scenario)).scenario == scenario
    assert 'a.b "c" é' in scenario.fleet.batch


def test_failures_without_replacement_come_back() -> None:
    text = EXAMPLES[-1].read_text() + '\n[fleet.failures]\nannual_rate = "5 %"\n'
    scenario = read_text(text.replace("triple_net = true", "triple_net = false")).scenario
    assert read_text(write_toml(scenario)).scenario == scenario

"""Steps of one's own that covenants act through: named where they act, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from spv_sim.scenario.read import read
from spv_sim.scenario.waterfall import usual_steps
from tests.scenario.test_waterfall import COSTS, INTEREST, PRINCIPAL, RESERVE, REST, faults, scenario_file

TABLES = (
    '[capital.covenant.value]\nkind = "ltv"\nlevel = "70 %"\nequity_cures = 1',
    '[capital.covenant.cash]\nkind = "dscr"\nlevel = 1.4\nconsequence = "sweep"\nsweep = "50 %"',
    '[capital.covenant.lock]\nkind = "dscr"\nlevel = 1.1\nwindow = "12 months"',
)
CURE = 'kind = "cure"\nto = ["senior"]\nfrom = ["trap", "cash", "equity"]\ncovenants = ["value"]'
SWEEP = 'kind = "prepay"\nto = ["senior"]\ncovenants = ["cash"]'
IN_DEFAULT = (COSTS, INTEREST, PRINCIPAL, RESERVE, CURE, REST)
SOUND = (*TABLES, COSTS, INTEREST, PRINCIPAL, RESERVE, CURE, SWEEP, REST)


def swap(old: str, new: str) -> tuple[str, ...]:
    """The sound list with one step changed, or left out."""
    return tuple(step for step in (each.replace(old, new) if each == old else each for each in SOUND) if step)


def test_a_list_that_names_its_covenants_is_read(tmp_path: Path) -> None:
    steps = read(scenario_file(tmp_path, *SOUND)).scenario.waterfall.step
    assert [step.covenants for step in steps] == [[], [], [], [], ["value"], ["cash"], []]


@pytest.mark.parametrize(
    ("steps", "code", "words"),
    [
        (swap(CURE, ""), "missing-key", "no step of kind cure names capital.covenant.value"),
        (swap(SWEEP, ""), "missing-key", "no step of kind prepay names capital.covenant.cash"),
        (swap(SWEEP, SWEEP.replace('"cash"', '"csh"')), "unknown-name", "there is no covenant csh"),
        (
            swap(SWEEP, SWEEP.replace('"cash"', '"cash", "lock"')),
            "rule",
            "lock does nothing to a step of kind",
        ),
        (swap(CURE, CURE.replace('["value"]', '["value", "lock"]')), "rule", "a cure serves one covenant"),
        (swap(CURE, CURE.replace('\ncovenants = ["value"]', "")), "missing-key", "needs `covenants`"),
        (swap(CURE, CURE.replace('"trap"', '"dsra"')), "rule", "a cure draws on cash, equity, trap alone"),
        (swap(INTEREST, INTEREST.replace('"dsra"', '"equity"')), "rule", "contribute to cures alone"),
        (
            swap(INTEREST, f'{INTEREST}\ncovenants = ["lock"]'),
            "rule",
            "lock does nothing to a step of kind pay",
        ),
        (swap(REST, f'{REST}\ncovenants = ["lock"]'), "rule", "takes no `covenants`"),
        (swap(SWEEP, 'kind = "prepay"\nto = ["senior"]'), "missing-key", "needs `share` or `covenants`"),
        (
            (
                *SOUND,
                *(f"[[waterfall.step_in_default]]\n{step}" for step in IN_DEFAULT),
            ),
            "rule",
            "value does nothing to a step of kind cure here",
        ),
    ],
)
def test_a_list_that_covenants_do_not_fit_is_refused(
    tmp_path: Path, steps: tuple[str, ...], code: str, words: str
) -> None:
    found = faults(tmp_path, *steps)
    assert any(code == each and words in message for each, message in found), found


def test_the_usual_order_with_covenants(tmp_path: Path) -> None:
    """Trap before the ranks behind, cash and equity after them, sweeps last (model 9.2)."""
    capital = read(scenario_file(tmp_path, *TABLES)).scenario.capital
    steps = usual_steps(capital.tranche, covenants=capital.covenant)
    acting = [(step.kind, step.accounts, step.covenants) for step in steps if step.covenants]
    assert acting == [
        ("cure", ["trap"], ["value"]),
        ("cure", ["cash", "equity"], ["value"]),
        ("prepay", [], ["cash"]),
    ]
    kinds = [step.kind for step in steps]
    assert kinds.index("top_up") < kinds.index("cure") < kinds.index("prepay") < kinds.index("distribute")

"""Options for the numbers of a run: settings of the scenario like any other, under shorter names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from spv_sim.errors import Problem, UserError

if TYPE_CHECKING:
    from spv_sim.scenario.read import Loaded

KEYS: Mapping[str, str] = {
    "paths": "monte_carlo.paths",
    "seed": "monte_carlo.seed",
    "keep": "monte_carlo.keep",
}


def read_with(file: str, sets: tuple[str, ...], **given: int | None) -> Loaded:
    """Read a scenario with assignments and numbers of the command line, so that one schema bounds them all.

    Raises
    ------
    UserError : a fault of a number is placed at the option as it was typed.
    """
    from spv_sim.scenario.read import read

    typed = {
        f"{KEYS[name]}={value}": f"--{name} {value}" for name, value in given.items() if value is not None
    }
    try:
        return read(file, [*sets, *typed])
    except UserError as fault:
        places = {f"--set {assignment}": option for assignment, option in typed.items()}
        problems = [_move(problem, places) for problem in fault.problems]
        raise UserError(*problems, exit_code=fault.exit_code) from fault


def _move(problem: Problem, places: Mapping[str, str]) -> Problem:
    return replace(problem, file=places.get(problem.file or "", problem.file))


def as_options(sets: tuple[str, ...], until: tuple[str, ...] = (), **given: int | None) -> list[str]:
    """The words of a command line that decide the numbers of a run."""
    words = [word for assignment in sets for word in ("--set", assignment)]
    for name, value in given.items():
        words += [] if value is None else [f"--{name}", str(value)]
    return words + [word for text in until for word in ("--until", text)]

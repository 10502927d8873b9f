"""What a sweep varies: settings with their values, and the grid of all combinations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from spv_sim.analysis.solve.knob import knob, known_entry, name_in_full
from spv_sim.errors import Problem, UserError
from spv_sim.scenario.read import Loaded
from spv_sim.scenario.rules_sweep import kind_of
from spv_sim.scenario.units import UnitError
from spv_sim.scenario.vary import SPECIAL, Step, VaryError, parse_assignment, parse_values, steps_of

MOST_POINTS = 10**5


@dataclass(frozen=True)
class Axis:
    """A varied setting.

    key : in full.  title : the market's term.  unit : of the steps' numbers; empty where they have none.
    overrides : a step to the settings that say it.
    """

    key: str
    title: str
    unit: str
    steps: tuple[Step, ...]
    overrides: Callable[[Step], Mapping[str, object]]

    @property
    def is_number(self) -> bool:
        """Whether the values are numbers, with an order and a distance."""
        return all(step.number is not None for step in self.steps)


def axes_of(loaded: Loaded, varied: Sequence[str]) -> tuple[Axis, ...]:
    """The axes of assignments `key=values`; where there is none, those of the file's table `sweep`.

    Raises
    ------
    UserError : nothing to vary, unknown keys, values that do not fit, a setting varied twice, or more than
        `MOST_POINTS` combinations.
    """
    axes: list[Axis] = []
    for text in varied:
        place = f"--vary {text if len(text) <= 200 else text[:199] + '…'}"
        with_place(axes, loaded, place, text)
    for key, said in loaded.scenario.sweep.items() if not varied else ():
        problem = loaded.problem("", f"sweep.{key}", "")
        place = f"{problem.file}: sweep.{key}" if problem.file else f"sweep.{key}"
        axes.append(axis(loaded, key, said, place))
        refuse_twice(axes, place)
    if not axes:
        message = "nothing is varied"
        help = 'give --vary KEY=VALUES, as in --vary capital.debt_share="50%:90%:9", or a table [sweep]'
        raise UserError(Problem("usage", message, help=help))
    count = prod(len(own.steps) for own in axes)
    if count > MOST_POINTS:
        sizes = " x ".join(f"{len(own.steps):,}" for own in axes)
        message = f"{sizes} = {count:,} points are more than {MOST_POINTS:,}"
        raise UserError(Problem("too-many", message, help="take fewer values, or fewer settings"))
    return tuple(axes)


def with_place(axes: list[Axis], loaded: Loaded, place: str, text: str) -> None:
    """Add the axis of an assignment, with every fault at its place."""
    try:
        key, values = parse_assignment(text)
    except VaryError as fault:
        raise UserError(Problem(fault.code, str(fault), file=place)) from fault
    axes.append(axis(loaded, key, values, place))
    refuse_twice(axes, place)


def refuse_twice(axes: Sequence[Axis], place: str) -> None:
    """A setting has one value at a point.

    Raises
    ------
    UserError : the last axis is of a setting that another one varies.
    """
    key = axes[-1].key
    if key in [own.key for own in axes[:-1]]:
        raise UserError(Problem("twice", f"{key} is varied already", file=place))


def axis(loaded: Loaded, key: str, said: object, place: str) -> Axis:
    """The axis of a setting; `said` is the text of a command line, or a file's range or list.

    Raises
    ------
    UserError : located at `place`.
    """
    if key in SPECIAL:
        own = knob(loaded, key, place)
        steps = read_steps(said, key, place)
        return Axis(key, own.title, own.kind.stored, steps, lambda step: own.overrides(step.number or 0.0))
    entry = known_entry(key, place)
    if entry.tables:
        raise UserError(Problem("unknown-key", f"{key} is a table, not a setting", file=place))
    full = name_in_full(loaded.scenario, entry, key, place)
    kind = kind_of(entry)
    steps = read_steps(said, key, place)
    return Axis(full, entry.title, kind.stored if kind else "", steps, lambda step: {full: step.setting})


def read_steps(said: object, key: str, place: str) -> tuple[Step, ...]:
    """The values, with every fault at its place.

    Raises
    ------
    UserError
    """
    kind = SPECIAL[key] if key in SPECIAL else kind_of(known_entry(key, place))
    try:
        return steps_of(parse_values(said, kind) if isinstance(said, str) else said, kind)
    except (VaryError, UnitError) as fault:
        raise UserError(Problem(fault.code, str(fault), key=key, file=place)) from fault


def combinations(axes: Sequence[Axis]) -> Iterator[tuple[int, ...]]:
    """The number of the step of each axis, the last axis the fastest."""
    return product(*(range(len(own.steps)) for own in axes))


def overrides_of(axes: Sequence[Axis], point: Sequence[int]) -> dict[str, object]:
    """The settings of a point."""
    said: dict[str, object] = {}
    for own, at in zip(axes, point, strict=True):
        said.update(own.overrides(own.steps[at]))
    return said

"""When a run has paths enough: fixed checkpoints, reasons to stop, and errors that no run reaches."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection

import pytest

from spv_sim.analysis.precision import Precision
from spv_sim.analysis.until import OF_KEPT_PATHS, STEP, Standing, Until, is_checkpoint
from spv_sim.engine.cpu import CHUNK_BLOCKS
from spv_sim.engine.summing import BLOCK
from spv_sim.errors import UserError
from spv_sim.results.estimate import Estimate, undefined_estimate
from spv_sim.results.metric import MEAN, PROBABILITY, Metric

Made = Callable[[Collection[str]], dict[str, Estimate]]


def goal(width: float, *, relative: bool = False, estimator: str = MEAN, name: str = "m") -> Precision:
    return Precision(Metric(name, "USD", "", estimator), width, relative, f"{name} ± {width}")


def falling(paths: int) -> Made:
    """Half-widths of 100 over the root of the paths in steps, around a value of 10."""
    half = 100.0 / math.sqrt(paths / STEP)
    return lambda names: {name: Estimate(10.0, half / 2, (10.0 - half, 10.0 + half), paths) for name in names}


def stop_at(until: Until, make: Callable[[int], Made] = falling) -> int:
    """The number of paths at which a run stops whose chunks are of one step."""
    paths = 0
    while True:
        paths = min(paths + STEP, until.most)
        if until.is_enough(paths, make(paths)) or paths == until.most:
            return paths


def test_checkpoints_are_twice_a_doubling() -> None:
    found = [paths // STEP for paths in range(STEP, 65 * STEP, STEP) if is_checkpoint(paths)]
    assert found == [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]
    assert not any(is_checkpoint(paths) for paths in (0, 1, STEP - 1, STEP + BLOCK))


def test_the_engine_hands_over_every_checkpoint() -> None:
    assert STEP % (CHUNK_BLOCKS * BLOCK) == 0


@pytest.mark.parametrize(
    ("width", "steps"),
    [(100.0, 1), (99.0, 2), (100.0 / math.sqrt(6), 6), (100.0 / math.sqrt(6.1), 8), (25.0, 16)],
)
def test_it_stops_at_the_first_checkpoint_that_is_good_enough(width: float, steps: int) -> None:
    seen: list[Standing] = []
    until = Until([goal(width * (1 + 1e-12))], 10**9, 10**6, seen.append)
    assert stop_at(until) == steps * STEP
    assert until.record()["stopped"] == "reached"
    assert [standing.paths // STEP for standing in seen] == [
        n for n in (1, 2, 3, 4, 6, 8, 12, 16) if n <= steps
    ]
    assert [standing.needed for standing in seen] == pytest.approx(
        [max(STEP * (100.0 / width) ** 2, standing.paths) for standing in seen], rel=1e-9
    )


def test_all_goals_must_be_reached() -> None:
    until = Until([goal(60.0), goal(3.0, relative=True, name="n")], 10**9, 10**6, lambda _: None)
    assert stop_at(until) == 12 * STEP
    first, second = until.record()["goals"]
    assert (first["half_width"], second["half_width"]) == pytest.approx(
        (100 / math.sqrt(12), 10 / math.sqrt(12)), rel=1e-12
    )
    assert first["reached"]
    assert second["reached"]


@pytest.mark.parametrize("most", [1, STEP - 1, 5 * STEP, 5 * STEP + 77])
def test_the_most_paths_end_it(most: int) -> None:
    until = Until([goal(1.0)], most, 10**6, lambda _: None)
    assert stop_at(until) == most
    record = until.record()
    assert (record["stopped"], record["paths"], record["goals"][0]["reached"]) == ("most_paths", most, False)


@pytest.mark.parametrize("estimator", OF_KEPT_PATHS)
def test_what_rests_on_kept_paths_ends_with_them(estimator: str) -> None:
    until = Until([goal(1.0, estimator=estimator)], 10**9, 3 * STEP + 5, lambda _: None)
    assert stop_at(until) == 3 * STEP + 5
    assert until.record()["stopped"] == "kept_paths"
    assert Until([goal(1.0, estimator=estimator)], 100, 10**6, lambda _: None).most == 100
    assert Until([goal(1.0, estimator=PROBABILITY)], 10**9, 10, lambda _: None).most == 10**9


def test_what_is_known_exactly_is_reached_at_once() -> None:
    for relative in (False, True):
        until = Until([goal(1e-9, relative=relative)], 10**9, 10**6, lambda _: None)
        exact = Estimate(0.0, 0.0, (0.0, 0.0), STEP)
        assert until.is_enough(STEP, lambda names, exact=exact: dict.fromkeys(names, exact))


def test_a_bound_that_is_not_known_yet_is_waited_for() -> None:
    until = Until([goal(1.0)], 10**9, 10**6, lambda _: None)
    assert not until.is_enough(STEP, lambda names: {"m": Estimate(1.0, math.nan, (0.0, math.inf), STEP)})
    assert until.record()["goals"][0]["half_width"] is None
    assert until.last is not None
    assert until.last.needed == math.inf


@pytest.mark.parametrize(
    ("estimate", "relative", "words"),
    [
        (
            undefined_estimate("USD", "undefined: no path with a loss"),
            False,
            ": undefined: no path with a loss",
        ),
        (Estimate(1.0, math.nan, (math.nan, math.nan), 1), False, "the error of m is not defined after"),
        (Estimate(0.0, 0.0, (0.0, 0.1), STEP), True, "m is 0 after 16,384 paths, and its error is no share"),
    ],
)
def test_an_error_that_is_not_defined_is_refused(estimate: Estimate, relative: bool, words: str) -> None:
    until = Until([goal(1.0, relative=relative)], 10**9, 10**6, lambda _: None)
    with pytest.raises(UserError, match="m") as caught:
        until.is_enough(STEP, lambda names: dict.fromkeys(names, estimate))
    assert caught.value.exit_code == 2
    assert words in str(caught.value)

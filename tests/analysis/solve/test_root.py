"""The search for zeros: functions whose zeros are known, domains with edges, holes, jumps and noise."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from spv_sim.analysis.solve.expand import Domain
from spv_sim.analysis.solve.root import MONOTONICITY_POINTS, search

POSITIVE = Domain(low=0.0)
SHARE = Domain(0.0, 1.0, has_low=True, has_high=True)


def exact(function: Callable[[float], float]) -> Callable[[float], tuple[float, float]]:
    return lambda x: (function(x), 0.0)


@pytest.mark.parametrize("root", [1e-3, 0.7, 1.3, 4.0, 90.0])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_logarithm(root: float, sign: float) -> None:
    found = search(exact(lambda x: sign * math.log(x / root)), POSITIVE, 1.3, 1e-10)
    (crossing,) = found.crossings
    assert crossing.at == pytest.approx(root, rel=1e-9)
    assert crossing.jump is None
    assert found.direction == sign
    assert len(found.points) >= MONOTONICITY_POINTS


def test_every_crossing_of_a_parabola() -> None:
    found = search(exact(lambda x: (x - 0.2) * (x - 0.7)), SHARE, 0.1, 1e-10)
    assert [c.at for c in found.crossings] == pytest.approx([0.2, 0.7], rel=1e-9)
    assert found.direction == 0


def test_two_zeros_between_neighbouring_points_are_found_from_the_hump() -> None:
    """The top of a hump, 1e-4 above zero, is narrower than the points are apart."""
    found = search(exact(lambda x: 1e-4 - (x - 0.437) ** 2), SHARE, 0.9, 1e-10)
    assert [c.at for c in found.crossings] == pytest.approx([0.427, 0.447], rel=1e-8)


def test_no_solution_tells_the_nearest() -> None:
    found = search(exact(lambda x: -1e-4 - (x - 0.437) ** 2), SHARE, 0.9, 1e-10)
    assert found.crossings == ()
    assert found.best is not None
    assert found.best.at == pytest.approx(0.437, abs=1e-3)
    assert found.best.value == pytest.approx(-1e-4, rel=1e-2)


def test_a_zero_at_an_edge_of_the_domain() -> None:
    for edge in (0.0, 1.0):
        found = search(exact(lambda x, edge=edge: x - edge), SHARE, 0.3, 1e-10)
        assert [c.at for c in found.crossings] == [edge]


def test_nothing_is_asked_outside_the_domain() -> None:
    asked: list[float] = []

    def follow(x: float) -> tuple[float, float]:
        asked.append(x)
        return 1.0 + x, 0.0

    assert search(follow, Domain(0.0, 2.0, has_low=False, has_high=True), 0.5, 1e-8).crossings == ()
    assert 0.0 < min(asked) < 0.05
    assert max(asked) == 2.0
    assert len(asked) == len(set(asked))


def test_a_border_within_the_domain() -> None:
    """Defined up to 0.8 alone, with a zero close to it."""
    found = search(exact(lambda x: x - 0.79 if x <= 0.8 else math.nan), SHARE, 0.3, 1e-10)
    assert [c.at for c in found.crossings] == pytest.approx([0.79], rel=1e-9)


def test_defined_nowhere() -> None:
    found = search(exact(lambda x: math.nan), SHARE, 0.3, 1e-10)
    assert (found.crossings, found.best, found.direction) == ((), None, 0)


def test_a_jump_is_no_zero() -> None:
    found = search(exact(lambda x: 1.0 if x > 0.3 else -2.0), SHARE, 0.5, 1e-10)
    (crossing,) = found.crossings
    assert crossing.at == pytest.approx(0.3, rel=1e-9)
    assert crossing.jump == (-2.0, 1.0)


def test_a_pole_is_no_zero() -> None:
    (crossing,) = search(exact(lambda x: 1.0 / (x - 0.31)), SHARE, 0.5, 1e-10).crossings
    assert crossing.jump is not None
    assert crossing.jump[0] < 0 < crossing.jump[1]


def test_a_range_of_zeros() -> None:
    found = search(exact(lambda x: max(x - 0.5, 0.0)), SHARE, 0.3, 1e-10)
    (crossing,) = found.crossings
    assert crossing.at == 0.3
    assert crossing.flat is not None
    assert crossing.flat[0] < 0.3 < crossing.flat[1] <= 0.5


def test_a_value_within_its_error_ends_the_search() -> None:
    """A tenth of the standard error is enough, and the slope turns that error into one of the variable."""
    found = search(lambda x: (x * x - 2.0, 0.01), POSITIVE, 1.0, 1e-8, with_slope=True)
    (crossing,) = found.crossings
    assert abs(crossing.value) <= 0.001
    assert crossing.slope == pytest.approx(2 * crossing.at, rel=1e-9)


def test_touching_within_the_error_is_an_answer() -> None:
    found = search(lambda x: ((x - 0.5) ** 2 + 1e-4, 0.01), SHARE, 0.5, 1e-8)
    assert [c.at for c in found.crossings] == [0.5]


def test_noise_within_a_tenth_of_the_error_does_not_break_a_rise() -> None:
    found = search(lambda x: (x - 0.5 + 1e-4 * math.sin(1e4 * x), 0.01), SHARE, 0.4, 1e-8)
    assert found.direction == 1

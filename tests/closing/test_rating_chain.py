"""The rating chain against the given matrices and its own consistency."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.closing.rating_chain import (
    cumulative_defaults,
    generator_of,
    hazards_of_rating,
    transitions,
)
from tests.given import agrees, given


def test_rating_chain_given() -> None:
    inputs, expected, tolerance = given("rating_chain_given")
    generator = np.array(inputs["G"])
    monthly = transitions(generator, 1 / 12).ravel()
    assert all(agrees(*pair, tolerance) for pair in zip(monthly, np.ravel(expected["monthly"]), strict=True))
    for years, defaults in expected["PD"].items():
        found = cumulative_defaults(generator, float(years))
        assert all(agrees(*pair, tolerance) for pair in zip(found, defaults, strict=True))


def test_a_valid_generator_comes_back_from_its_yearly_matrix() -> None:
    generator = np.array(given("rating_chain_given")[0]["G"])
    found, error = generator_of(transitions(generator, 1.0))
    assert found == pytest.approx(generator, abs=1e-13)
    assert error <= 1e-14


def test_a_matrix_without_a_generator_is_mended_and_its_error_told() -> None:
    yearly = np.array(
        [[0.90, 0.10, 0.0, 0.0], [0.05, 0.80, 0.15, 0.0], [0.0, 0.10, 0.70, 0.20], [0, 0, 0, 1.0]]
    )
    generator, error = generator_of(yearly)
    off = generator[~np.eye(4, dtype=bool)]
    assert off.min() >= 0
    assert np.abs(generator.sum(axis=1)).max() <= 1e-15
    assert generator[3].tolist() == [0, 0, 0, 0]
    assert 0 < error < 0.02  # the mended matrix is near the given one and not the same


def test_the_hazard_of_a_rating_has_the_chain_s_defaults() -> None:
    inputs, expected, tolerance = given("rating_chain_given")
    generator = np.array(inputs["G"])
    for state in range(3):
        curve = hazards_of_rating(generator, state, 60)
        for years, defaults in expected["PD"].items():
            got = 1 - float(curve.survival(np.array([float(years)]))[0])
            assert agrees(got, defaults[state], tolerance)

"""The nearest correlation matrix against the published one; told in the fault, never applied."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.scenario.nearest_correlation import nearest_correlation
from tests.given import agrees, given
from tests.scenario.base import faults, spoil


def test_nearest_correlation_higham() -> None:
    inputs, expected, tolerance = given("nearest_correlation_higham")
    found = nearest_correlation(np.array(inputs["A"]))
    assert all(agrees(*pair, tolerance) for pair in zip(found.ravel(), np.ravel(expected), strict=True))
    assert np.linalg.eigvalsh(found)[0] >= -1e-9
    assert np.all(np.diag(found) == 1)


def test_a_possible_matrix_is_its_own_nearest() -> None:
    matrix = np.array([[1.0, 0.6, 0.4], [0.6, 1.0, 0.4], [0.4, 0.4, 1.0]])
    assert nearest_correlation(matrix) == pytest.approx(matrix, abs=1e-12)


def test_no_nearby_possible_matrix_is_nearer() -> None:
    wanted = np.array([[1.0, 0.9, 0.9], [0.9, 1.0, -0.9], [0.9, -0.9, 1.0]])
    found = nearest_correlation(wanted)
    rng = np.random.default_rng(3)
    for _ in range(200):
        noise = rng.normal(0, 1e-3, (3, 3))
        other = found + noise + noise.T
        np.fill_diagonal(other, 1.0)
        if np.linalg.eigvalsh(other)[0] >= 0:
            assert np.linalg.norm(other - wanted) >= np.linalg.norm(found - wanted) - 1e-9


def test_the_fault_tells_the_nearest_matrix() -> None:
    impossible = "lease_rate = 0.9, lessee_credit = 0.9 }\nlease_rate = { lessee_credit = -0.9 }"
    engine = 'engine = "first_passage"\nhazard = "5 %/year"'
    (fault,) = faults(spoil("lease_rate = 0.6 }", impossible, spoil('hazard = "5 %/year"', engine)))
    assert fault.code == "not-psd"
    assert fault.help is not None
    # By symmetry all three shrink alike, and the smallest eigenvalue 1 - 2 rho vanishes at one half.
    assert "gpu_price.lease_rate = 0.5000" in fault.help
    assert "lease_rate.lessee_credit = -0.5000" in fault.help
    assert "a change of at most 0.4000" in fault.help

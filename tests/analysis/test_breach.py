"""The first path that violates an identity is named."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.analysis.breach import IdentityError, refuse_breach
from spv_sim.spv.tolerance import CASH_TOLERANCE


def test_sound_paths_pass() -> None:
    refuse_breach(np.array([0.0, CASH_TOLERANCE, 1e-12]), 0)
    refuse_breach(np.array([]), 5)


@pytest.mark.parametrize("violation", [np.nextafter(CASH_TOLERANCE, 1.0), 1.0, math.inf, math.nan])
def test_the_first_faulty_path_is_named(violation: float) -> None:
    with pytest.raises(IdentityError) as told:
        refuse_breach(np.array([0.0, 0.0, violation, 0.0, math.nan]), 100)
    assert told.value.path == 102
    assert told.value.violation == violation or math.isnan(violation)
    assert "on path 102:" in str(told.value)


def test_the_base_case_has_no_number() -> None:
    with pytest.raises(IdentityError, match=r"on the base case: 1\.0e\+00 of the total uses"):
        refuse_breach(np.array([1.0]), None)

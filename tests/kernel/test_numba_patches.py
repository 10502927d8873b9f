"""What is done otherwise than numba does it leaves numba whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from spv_sim.kernel.jit import PLAIN

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
import numpy as np
import numba
import spv_sim.kernel.jit

@numba.njit
def half(x):
    return 0.5 * x

@numba.njit
def product(a, b):
    return a @ b

half(1.0)
print("scipy.linalg" in sys.modules)
print(product(np.eye(2), np.array([3.0, 4.0])).tolist())
print("scipy.linalg" in sys.modules)
"""


@pytest.mark.skipif(PLAIN, reason="numba compiles nothing in plain Python")
def test_blas_is_looked_for_when_matrices_multiply_and_not_before() -> None:
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False", "[3.0, 4.0]", "True"]

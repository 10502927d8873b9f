"""What is done otherwise than numba does it leaves numba whole."""

from __future__ import annotations

import os
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


OTHERS = """
import gc
import numba
import numpy as np
import spv_sim.kernel.jit

@numba.njit
def half(x):
    return 0.5 * x

@numba.njit
def quarter(x):
    return half(half(x))

@numba.cfunc("float64(float64)")
def eighth(x):
    return half(quarter(x))

@numba.vectorize(["float64(float64)"])
def sixteenth(x):
    return quarter(quarter(x))

print(quarter(16.0), half(16.0), eighth.ctypes(16.0), sixteenth(np.array([16.0])).tolist())
print(gc.isenabled())
"""


@pytest.mark.skipif(PLAIN, reason="numba compiles nothing in plain Python")
def test_functions_of_others_compile_as_ever() -> None:
    command = [sys.executable, "-c", OTHERS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["4.0 8.0 2.0 [1.0]", "True"]


FORMULA = """
from spv_sim.kernel.jit import jit, kernel
from spv_sim.kernel.lanes import maximum

@jit
def formula(x):
    return maximum(x, 0.0)

@kernel
def run(values):
    for i in range(len(values)):
        values[i] = formula(values[i])
"""

COUNT = """
import numpy as np
from numba.core import codegen
made = []
finalize = codegen.CPUCodeLibrary._finalize_final_module
codegen.CPUCodeLibrary._finalize_final_module = lambda self: (made.append(self.name), finalize(self))
from spv_sim import formula_of_a_test as own
values = np.array([-1.0, 2.0])
own.run(values)
print(values.tolist(), len([name for name in made if "formula" in name or "run" in name]))
"""


@pytest.mark.skipif(PLAIN, reason="numba compiles nothing in plain Python")
def test_machine_code_is_made_of_kernels_and_not_of_the_formulas_in_them(tmp_path: Path) -> None:
    module = tmp_path / "formula_of_a_test.py"
    module.write_text(FORMULA)
    begin = f"import spv_sim; spv_sim.__path__.append({str(tmp_path)!r})\n"
    environment = {**os.environ, "SPV_SIM_CACHE_DIR": str(tmp_path / "kernels")}
    command = [sys.executable, "-c", begin + COUNT]
    for _ in ("compiled", "loaded from the file that this left"):
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.stdout.splitlines() == ["[0.0, 2.0] 1"], done.stderr

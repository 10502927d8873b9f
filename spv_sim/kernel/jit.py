"""Numba's settings: how formulas and kernels are compiled, and what happens when kept code does not load."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import numba
from numba.core.caching import NullCache
from numba.core.errors import NumbaError
from numba.extending import register_jitable

from spv_sim.kernel.cache import empty, note, open_cache
from spv_sim.kernel.numba_patches import (
    ROUTINES,
    compile_kernels_whole,
    count_from_the_front,
    import_without_blas,
    seal,
)

PLAIN = bool(numba.config.DISABLE_JIT)
CACHE = None if PLAIN else open_cache()
if CACHE is not None:
    # Both, as numba may have been imported before; it reads the variable again when any of its own change.
    os.environ["NUMBA_CACHE_DIR"] = str(CACHE)
    numba.config.CACHE_DIR = str(CACHE)
if not PLAIN:
    import_without_blas()
    compile_kernels_whole()
    count_from_the_front()

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

# No fastmath: inf ("nothing was due") and nan ("did not happen") mean something, and a contracted a*b+c would
# round differently at one lane than at sixteen.
# No counting of references either: arrays belong to the host, and a kernel that passes nested tuples of them
# from formula to formula would count thousands of times a month. So kernels allocate nothing.
OPTIONS = {"nogil": True, "error_model": "numpy", "_nrt": False}
INSIDE = {**OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""What only kernels call needs no entry from Python, which would be half of the time to compile."""

kept: list[Any] = []


def jit(function: F) -> F:
    """Compiles a formula into whatever calls it: the decorator of all short functions of lanes or scalars.

    Called from Python it stays the plain function that it is.
    """
    return register_jitable(forceinline=True, **INSIDE)(function)


def routine(function: F) -> F:
    """Compiles a long function that is called, not repeated, where it is used; plain when Python calls."""
    ROUTINES.add((function.__module__, function.__qualname__))
    return register_jitable(forceinline=False, **INSIDE)(function)


def kernel(function: F) -> F:
    """Compiles a loop over paths that Python calls; its machine code is kept on disk."""
    if CACHE is None:
        return numba.njit(**OPTIONS)(function)
    try:
        compiled = numba.njit(cache=True, **OPTIONS)(function)
    except RuntimeError:  # the folder has gone since
        return numba.njit(**OPTIONS)(function)
    seal(compiled)
    kept.append(compiled)
    return compiled


def is_compiled() -> bool:
    """Whether machine code of some kernel is kept, so that the next call need not wait for the compiler."""
    return PLAIN or (CACHE is not None and next(CACHE.rglob("*.nbi"), None) is not None)


def guarded(call: Callable[[], T]) -> T:
    """Answers `call()`, the first call of a kernel, whatever state the kept code is in.

    Where loading or keeping compiled code fails, the cache folder is emptied and the kernel compiled again;
    where that fails too, nothing is kept.

    Raises
    ------
    Whatever the call itself raises when nothing is loaded or kept.
    """
    try:
        return call()
    except NumbaError:
        raise
    except Exception as fault:  # what reading a broken file raises cannot be listed
        if CACHE is None:
            raise
        note(f"compiled kernels could not be loaded or kept ({type(fault).__name__}); compiling again")
    try:
        empty(CACHE)
        return call()
    except Exception:
        for each in kept:
            each._cache = NullCache()
    return call()

"""Numba's settings: how formulas and kernels are compiled, and what happens when kept code does not load."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import numba
from numba.core.caching import NullCache
from numba.core.errors import NumbaError

from spv_sim.kernel.cache import empty, note, open_cache
from spv_sim.kernel.numba_patches import import_without_blas, seal

PLAIN = bool(numba.config.DISABLE_JIT)
CACHE = None if PLAIN else open_cache()
if CACHE is not None:
    # Both, as numba may have been imported before; it reads the variable again when any of its own change.
    os.environ["NUMBA_CACHE_DIR"] = str(CACHE)
    numba.config.CACHE_DIR = str(CACHE)
if not PLAIN:
    import_without_blas()

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

# No fastmath: inf ("nothing was due") and nan ("did not happen") mean something, and a contracted a*b+c would
# round differently at one lane than at sixteen.
OPTIONS = {"nogil": True, "error_model": "numpy"}

kept: list[Any] = []


def jit(function: F) -> F:
    """Compiles a formula into whatever calls it: the decorator of all short functions of lanes or scalars."""
    return numba.njit(forceinline=True, **OPTIONS)(function)


def routine(function: F) -> F:
    """Compiles a long function that is called, not repeated, where it is used."""
    return numba.njit(**OPTIONS)(function)


def kernel(function: F) -> F:
    """Compiles a loop over paths that Python calls; its machine code is kept on disk."""
    if CACHE is None:
        return routine(function)
    try:
        compiled = numba.njit(cache=True, **OPTIONS)(function)
    except RuntimeError:  # the folder has gone since
        return routine(function)
    seal(compiled)
    kept.append(compiled)
    return compiled


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

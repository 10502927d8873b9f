"""The packages whose versions are told, and whether the engine's sources changed meanwhile."""

from __future__ import annotations

from spv_sim.kernel.cache import kernel_digest

PACKAGES = ("numpy", "numba", "llvmlite", "scipy", "matplotlib", "pydantic", "pyxirr")


def have_sources_changed() -> bool:
    """Whether the engine's sources are others than at the start, so that whole processes ran both."""
    return kernel_digest.__wrapped__() != kernel_digest()

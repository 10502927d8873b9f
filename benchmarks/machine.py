"""What the figures were measured on: processor, versions, load and date."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from typing import Any

import llvmlite.binding

from spv_sim.engine.cpu import LANES, available_workers
from spv_sim.kernel.cache import kernel_digest
from spv_sim.store.manifest import cpu_model, git_hash, package_versions

PACKAGES = ("numpy", "numba", "llvmlite", "scipy", "matplotlib", "pydantic", "pyxirr")
TOLD = ("avx", "avx2", "fma", "avx512f", "avx512dq", "avx512vl", "neon", "sve")
"""Features of the processor that decide how fast lanes are."""


def describe() -> dict[str, Any]:
    """The machine and the versions, as plain values."""
    features = llvmlite.binding.get_host_cpu_features()
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": cpu_model(),
        "cpu_name": llvmlite.binding.get_host_cpu_name(),
        "cpu_features": [name for name in TOLD if features.get(name)],
        "cores": available_workers(),
        "lanes": LANES,
        "load_average": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "os": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": package_versions(PACKAGES),
        "git": git_hash(),
        "kernel_digest": kernel_digest(),
    }


def have_sources_changed() -> bool:
    """Whether the engine's sources are others than at the start, so that whole processes ran both."""
    return kernel_digest.__wrapped__() != kernel_digest()

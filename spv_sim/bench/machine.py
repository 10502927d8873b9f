"""What figures were measured on: processor, versions, load and date."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import llvmlite.binding

from spv_sim.engine.cpu import LANES, available_workers
from spv_sim.kernel.cache import kernel_digest
from spv_sim.kernel.jit import PLAIN
from spv_sim.store.manifest import PACKAGES, cpu_model, git_hash, package_versions

TOLD = ("avx", "avx2", "fma", "avx512f", "avx512dq", "avx512vl", "neon", "sve")
"""Features of the processor that decide how fast lanes are."""


def describe(packages: Sequence[str] = PACKAGES) -> dict[str, Any]:
    """The machine and the versions, as plain values."""
    features = llvmlite.binding.get_host_cpu_features()
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": cpu_model(),
        "cpu_name": llvmlite.binding.get_host_cpu_name(),
        "cpu_features": [name for name in TOLD if features.get(name)],
        "cores": available_workers(),
        "lanes": LANES,
        "compiled": not PLAIN,
        "load_average": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "os": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": package_versions(packages),
        "git": git_hash(),
        "kernel_digest": kernel_digest(),
    }

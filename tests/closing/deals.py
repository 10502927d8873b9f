"""Scenarios that closing tests start from."""

from __future__ import annotations

from pathlib import Path

from spv_sim.scenario.model import Scenario
from spv_sim.scenario.read import read

GOLDEN = Path(__file__).parents[1] / "golden"
SHIPPED = Path(__file__).parents[2] / "scenarios"


def base(name: str, *sets: str) -> Scenario:
    """A reference deal or a shipped scenario, with settings changed."""
    folder = GOLDEN if (GOLDEN / f"{name}.toml").exists() else SHIPPED
    return read(str(folder / f"{name}.toml"), sets).scenario

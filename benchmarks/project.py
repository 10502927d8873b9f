"""Whole processes of the project: its main scenario, run from its folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from spv_sim.bench import processes

ROOT = Path(__file__).parents[1]
SCENARIO = "scenarios/vci-h100.toml"


def run_process(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """Output of a whole process, from the project's folder; its failure is ours."""
    return processes.run_process(arguments, environment, ROOT).stdout

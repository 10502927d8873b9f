"""Says which simulated cash flow a tranche is sized on, with the error of that size."""

from __future__ import annotations

from typing import Any

from spv_sim.report.numbers import show_error
from spv_sim.report.text import line

NORMAL_95 = 1.959963984540054


def sizing_lines(run: dict[str, Any]) -> list[str]:
    """One sentence for each tranche that is not sized on the base case."""
    told = run["closing"].get("tranche", {})
    return [sentence(name, terms) for name, terms in told.items() if "sizing_case" in terms]


def sentence(name: str, terms: dict[str, Any]) -> str:
    """Case, size at the target cover with its 95 % interval, and the paths behind it."""
    reach = NORMAL_95 * float(terms["case_face_error"])
    size = show_error(terms["case_face"], reach, "USD")
    case, seed = line(terms["sizing_case"], 10).upper(), terms["pilot_seed"]
    told = f"{case} of {terms['pilot_paths']:,} pilot paths (seed {seed})"
    return f"{line(name, 30)} on {told}: at most {size} at its target cover"

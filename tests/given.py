"""The given acceptance checks, read from beside the project where they stand, else from its own copy."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

OWN = Path(__file__).parent / "checks"
BESIDE = Path(__file__).parents[2] / "shared" / "checks"
FOLDER = BESIDE if BESIDE.is_dir() else OWN


@cache
def checks() -> dict[str, dict[str, Any]]:
    """Every given check by its id."""
    return {
        check["id"]: check
        for book in sorted(FOLDER.glob("[01]*.json"))
        for check in json.loads(book.read_text())["checks"]
    }


def given(name: str) -> tuple[dict[str, Any], Any, Any]:
    """Inputs, expected value and tolerance of a check."""
    check = checks()[name]
    return check["inputs"], check["expected"], check["tol"]


def agrees(got: float, expected: float, tolerance: float) -> bool:
    """The plain-number reading of a tolerance: relative to max(|expected|, 1); 0 is exact."""
    if math.isnan(expected):
        return math.isnan(got)
    return abs(got - expected) <= tolerance * max(abs(expected), 1.0)

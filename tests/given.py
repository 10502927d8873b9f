"""The given acceptance checks, read from beside the project where they stand, else from its own copy.

What a test compares with one is remembered; `pytest --given-checks` lists it. Tolerances are read as
model 17.6 says.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

OWN = Path(__file__).parent / "checks"
BESIDE = Path(__file__).parents[2] / "shared" / "checks"
FOLDER = BESIDE if BESIDE.is_dir() else OWN


class Number(float):
    """A tolerance that is a plain number, and the check that it belongs to."""

    check = ""


class Limits(dict[str, Any]):
    """A tolerance of several parts, and the check that it belongs to."""

    check = ""


@dataclass(frozen=True)
class Comparison:
    """One value of a check beside what the project gives for it."""

    check: str
    got: float | str
    expected: float | str
    tolerance: str
    passed: bool


NOT_BUILT = {
    "tax": ("macrs_5yr", "tax_163j_nol", "SAM-4_stepdown_rent_constant_principal_taxed"),
    "an option that the lessee exercises by regression (LSM)": (
        "lsm_put_S36_v0.2_T1_given",
        "lsm_put_S40_v0.4_T1_given",
    ),
    "sensitivity indices": ("sobol_ishigami",),
    "calibration": ("ou_mle_seed11_trend0_given", "ou_mle_seed13_trend1_given", "dep_fit_exponential_given"),
    "two mean-reverting rates in one step": ("bivariate_ou_step_given",),
    "the lessee's accounting": ("asc842_test_given",),
    "variance reduction": ("vr_factors_E4", "is_scaled_hazard", "sobol_first8_d4"),
}
"""Checks of what the project does not do, by what that is."""

MADE: list[Comparison] = []
"""Comparisons in the order in which the tests made them."""


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
    tolerance: Any = Limits(check["tol"]) if isinstance(check["tol"], dict) else Number(check["tol"])
    tolerance.check = name
    return check["inputs"], check["expected"], tolerance


def note(tolerance: object, got: object, expected: object, passed: bool, allowed: str = "") -> bool:
    """Remember a comparison under the check that the tolerance belongs to; whether it passed."""
    check = getattr(tolerance, "check", "")
    if check:
        shown = [x if isinstance(x, str) else float(x) if _is_number(x) else repr(x) for x in (got, expected)]
        MADE.append(Comparison(check, *shown, allowed or f"{float(tolerance):g}", bool(passed)))  # type: ignore[arg-type]
    return bool(passed)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) or hasattr(value, "__float__")


def agrees(got: float, expected: float, tolerance: float) -> bool:
    """The plain-number reading of a tolerance: relative to max(|expected|, 1); 0 is exact."""
    if math.isnan(expected):
        passed = math.isnan(got)
    else:
        passed = abs(got - expected) <= tolerance * max(abs(expected), 1.0)
    return note(tolerance, got, expected, passed)


def is_same(got: object, expected: object, tolerance: object) -> bool:
    """A flag, a word or a list that has to be met exactly."""
    return note(tolerance, got, expected, got == expected, "exact")


class Allowed:
    """The tolerances of the reference deals: relative, for amounts at least a billionth of the uses."""

    def __init__(self, tolerance: dict[str, Any], total_uses: float) -> None:
        self.tolerance = tolerance
        self.relative = tolerance["rel"]
        self.cash = tolerance["abs_usd_fraction_of_uses"] * total_uses

    def amount(self, got: float, expected: float) -> bool:
        """Whether an amount is met [USD]."""
        passed = abs(got - expected) <= max(self.relative * abs(expected), self.cash)
        return note(self.tolerance, got, expected, passed, f"{self.relative:g} or {self.cash:.0f} USD")

    def ratio(self, got: float, expected: float) -> bool:
        """Whether a ratio, a rate or a probability is met."""
        passed = abs(got - expected) <= self.relative * max(abs(expected), 1.0)
        return note(self.tolerance, got, expected, passed, f"{self.relative:g}")

    def estimate(self, got: float, expected: float, standard_error: float, most: float = 4.0) -> bool:
        """Whether a Monte Carlo estimate is met within so many standard errors (model 17.2)."""
        passed = abs(got - expected) <= most * standard_error
        return note(self.tolerance, got, expected, passed, f"{most:g} SE = {most * standard_error:.2g}")


def as_properties(since: int) -> list[tuple[str, str]]:
    """Comparisons from a place in the list on, as a test's report carries them."""
    return [("given", json.dumps(asdict(made))) for made in MADE[since:]]


def table(made: list[Comparison]) -> list[str]:
    """A line for each check: tier, how many values are met, and the value that is nearest to its limit."""
    by_check: dict[str, list[Comparison]] = {}
    for one in made:
        by_check.setdefault(one.check, []).append(one)
    lines = [f"{'check':<44} {'tier':<9} {'met':>9}  {'expected':>16}  {'got':>16}  allowed"]
    for name, check in checks().items():
        mine = by_check.get(name, [])
        met = sum(one.passed for one in mine)
        if not mine:
            why = next(
                (f"not built: {what}" for what, names in NOT_BUILT.items() if name in names), "not run"
            )
            lines.append(f"{name:<44} {check['tier']:<9} {'-':>9}  {why}")
            continue
        shown = max(mine, key=lambda one: (not one.passed, _distance(one)))
        word = "" if met == len(mine) else "  FAILS"
        lines.append(
            f"{name:<44} {check['tier']:<9} {f'{met}/{len(mine)}':>9}  {_short(shown.expected):>16}  "
            f"{_short(shown.got):>16}  {shown.tolerance}{word}"
        )
    done = [name for name in checks() if name in by_check]
    lines.append(
        f"{len(done)} of {len(checks())} checks, {len(made)} values, "
        f"{sum(not one.passed for one in made)} not met"
    )
    return lines


def _distance(one: Comparison) -> float:
    if isinstance(one.got, str) or isinstance(one.expected, str) or math.isnan(one.got):
        return 0.0
    return abs(one.got - one.expected) / max(abs(one.expected), 1e-300)


def _short(value: float | str) -> str:
    return value[:16] if isinstance(value, str) else f"{value:.10g}"

"""How small a metric's error should be: read from the command line, and held against estimates."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from spv_sim.errors import Problem, UserError
from spv_sim.results.estimate import Estimate
from spv_sim.results.metric import MEAN, Metric
from spv_sim.scenario.faults import suggest
from spv_sim.scenario.units import MONEY, Kind, UnitError

EXAMPLE = "senior.expected_loss ± 2 %"
OF_MEAN = ".mean"
"""What may stand behind the name of a metric that is a mean over the paths."""

_GOAL = re.compile(r"\s*(?P<name>.*?)\s*(?:±|\+/?-)\s*(?P<width>.*?)\s*", re.DOTALL)
_one, _percent, _bps = Fraction(1), Fraction(1, 100), Fraction(1, 10_000)
_points = {"pp": _percent, "bps": _bps, "bp": _bps}

RELATIVE = Kind("a share of the value", {"%": _percent}, "%", ("2 %",), "share of the value")
ABSOLUTE: Mapping[str, Kind] = {
    "1/year": Kind(
        "a rate",
        {"bps": _bps, "%/year": _percent, "%p.a.": _percent, "bps/year": _bps, **_points},
        "bps",
        ("10 bps", "0.1 %/year"),
        "1/year",
    ),
    "share": Kind("a share", _points, "pp", ("0.1 pp", "10 bps"), "share"),
    "x": Kind("a ratio", {"x": _one, "": _one}, "x", ("0.01x", "0.01"), "x"),
    "USD": MONEY,
    "months": Kind(
        "a time",
        {"months": _one, "month": _one, "years": Fraction(12), "year": Fraction(12)},
        "months",
        ("0.5 months",),
        "months",
    ),
    "years": Kind(
        "a time",
        {"years": _one, "year": _one, "months": Fraction(1, 12), "month": Fraction(1, 12)},
        "years",
        ("0.01 years",),
        "years",
    ),
}
"""How an error is written in the metric's own unit."""


@dataclass(frozen=True)
class Precision:
    """An error that a metric should have at most.

    Parameters
    ----------
    metric : whose error.
    width : half-width of its 95 % interval: in the metric's unit, or a share of the value where `relative`.
    text : all words in which it was asked.  written : those behind the ±.
    """

    metric: Metric
    width: float
    relative: bool
    text: str
    written: str = ""

    def of(self, estimate: Estimate) -> float:
        """The half-width of an estimate, as `width` is meant.

        Infinite where so few paths give no bound, NaN where it is not defined: there is no interval, or the
        value that it should be a share of is nothing.
        """
        low, high = estimate.ci95
        half = (high - low) / 2.0
        if math.isnan(estimate.value):
            return math.nan
        if not self.relative or half == 0.0 or math.isnan(half):
            return half
        return half / abs(estimate.value) if estimate.value != 0.0 else math.nan


def read_precisions(
    texts: Sequence[str], known: Mapping[str, Metric], option: str = "--until"
) -> tuple[Precision, ...]:
    """Read what is asked, such as `senior.expected_loss ± 2 %` or `equity.irr +- 10 bps`.

    Parameters
    ----------
    known : the metrics of the deal by name.
    option : of the command line, where a fault is shown.

    Raises
    ------
    UserError : with every fault: no `±`, no such metric, a unit that is not the metric's, nothing or less.
    """
    found: list[Precision] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            found.append(read_precision(text, known, f"{option} {text}"))
        except UserError as fault:
            problems += fault.problems
    if problems:
        raise UserError(*problems)
    return tuple(found)


def read_precision(text: str, known: Mapping[str, Metric], place: str) -> Precision:
    """Read one of them; `place` is where a fault is shown.

    Raises
    ------
    UserError
    """
    parts = _GOAL.fullmatch(text)
    if parts is None or not parts["name"]:
        message = f"it is written METRIC ± ERROR or METRIC +- ERROR, as in {EXAMPLE}"
        raise UserError(Problem("usage", message, file=place))
    metric = metric_of(parts["name"], known, place)
    relative = parts["width"].endswith("%")
    kind = RELATIVE if relative else ABSOLUTE.get(metric.unit) or plain(metric.unit)
    try:
        width = float(kind.parse(parts["width"]))
    except UnitError as fault:
        also = f"{metric.name} is in {metric.unit}; a share of its value is written ± 2 %"
        raise UserError(Problem(fault.code, str(fault), file=place, help=also)) from fault
    if not width > 0.0:
        message = f"{parts['width']} is not an error to reach; allowed: more than 0"
        raise UserError(Problem("range", message, file=place))
    return Precision(metric, width, relative, text.strip(), parts["width"])


def plain(unit: str) -> Kind:
    """How an error is written in a unit that is a word, such as units of a fleet."""
    return Kind("a number", {"": _one, unit: _one}, unit, (f"0.5 {unit}",), unit)


def metric_of(name: str, known: Mapping[str, Metric], place: str) -> Metric:
    """The metric of a name.

    Raises
    ------
    UserError : there is none, with the nearest.
    """
    if name in known:
        return known[name]
    bare = known.get(name.removesuffix(OF_MEAN))
    if bare is not None and bare.estimator == MEAN:
        return bare
    near = suggest(name.removesuffix(OF_MEAN), known)
    help = f"did you mean `{near}`?" if near else f"known: {', '.join(known)}"
    raise UserError(Problem("unknown-metric", f"there is no metric {name}", file=place, help=help))

"""Shows what a solver found, in the words of the scenario and of the results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spv_sim.report.numbers import is_number, show, show_error
from spv_sim.report.text import line

if TYPE_CHECKING:
    from spv_sim.analysis.solve.first_loss import FirstLoss
    from spv_sim.analysis.solve.solution import Answer, Solution

DIGITS = 7
"""Digits of a value without sampling error."""

LABEL = 13


def value_in_words(solution: Solution, value: float, half_width: float = 0.0) -> str:
    """A value of the setting, with the half-width of its interval where it has one."""
    if is_number(half_width) and half_width > 0.0:
        return show_error(value, half_width, solution.knob.kind.stored)
    return solution.knob.kind.format(float(f"{value:.{DIGITS}g}"))


def row(label: str, text: str) -> str:
    """A line under a heading."""
    return f"  {label:<{LABEL}}{text}"


def answer_lines(solution: Solution, answer: Answer) -> Iterator[str]:
    """A value that meets the target, and what must be known of it."""
    unit = solution.target.unit
    text = value_in_words(solution, answer.value, answer.half_width)
    if answer.half_width != 0.0 and not answer.jump:
        text += " (95 %)" if is_number(answer.half_width) else " (its error cannot be told)"
    yield row("answer", f"{text} gives {show(answer.reached, unit)}")
    if answer.jump:
        left, right = (show(side, unit) for side in answer.jump)
        yield row("", f"the metric jumps here from {left} to {right}; it does not take the wanted value")
    if answer.flat:
        low, high = (value_in_words(solution, end) for end in answer.flat)
        yield row("", f"so does every value looked at from {low} to {high}")
    settings = solution.knob.overrides(answer.value)
    yield from (row("as a flag", f"--set {key}={flag(value)}") for key, value in settings.items())


def flag(value: object) -> str:
    """A value as a shell takes it."""
    if isinstance(value, list):
        return "'[" + ", ".join(f'"{item}"' for item in value) + "]'"
    return f'"{value}"'


def course(solution: Solution) -> str:
    """The range that was looked at and how the metric runs through it."""
    defined = [at for at, metric, _ in solution.looked_at if is_number(metric)]
    low, high = (value_in_words(solution, end) for end in (defined[0], defined[-1]))
    how = {1: "rises throughout", -1: "falls throughout"}.get(solution.direction, "neither rises nor falls")
    count = len(solution.answers)
    crossings = {0: "does not reach the target", 1: "one answer"}.get(count, f"{count} answers, all shown")
    return f"{low} to {high}: the metric {how}, {crossings}"


def solution_lines(name: str, solution: Solution) -> list[str]:
    """One solution, as lines for a terminal."""
    target, knob = solution.target, solution.knob
    lines = [f"{line(name)} · {knob.key} for {target.name} = {show(target.value, target.unit)}", ""]
    for answer in solution.answers:
        lines += answer_lines(solution, answer)
    if not solution.answers:
        lines.append(row("no solution", f"no value looked at gives {show(target.value, target.unit)}"))
        if solution.best:
            value, metric = solution.best
            nearest = f"{value_in_words(solution, value)} gives {show(metric, target.unit)}"
            lines.append(row("nearest", nearest))
    if knob.is_set:
        now = f"{value_in_words(solution, knob.start)} gives {show(solution.now.value, target.unit)}"
        lines.append(row("as it stands", now))
    lines += [row("measured by", method(solution)), row("looked at", course(solution))]
    return lines


def method(solution: Solution) -> str:
    """How the metric was measured."""
    from spv_sim.analysis.solve.target import DEFAULT_CASE, METHODS, SIMULATION

    target, sampling = solution.target, solution.sampling
    text = METHODS[target.method]
    if target.method == SIMULATION:
        text += f", {sampling.paths:,} paths, seed {sampling.seed}"
    if target.method == DEFAULT_CASE:
        month = (
            "the month that costs most" if target.default_month is None else f"month {target.default_month}"
        )
        text += f", in {month}"
    if target.metric.endswith(".npv") and target.unit == "USD":
        text += f"; discounted at {show(target.discount_rate, '1/year')}, compounded continuously"
    return text


def first_loss_lines(name: str, found: FirstLoss) -> list[str]:
    """Where a tranche first loses a dollar, as lines for a terminal."""
    nothing, unpaid = "its expected flows are worth nothing", "a default leaves a first dollar unpaid"
    rows = [("hazard times", found.hazard_multiple, nothing)] if found.hazard_multiple else []
    rows += [
        ("resale prices less", found.expected_haircut, nothing),
        ("resale prices less", found.stressed_haircut, unpaid),
    ]
    values = [short(solution) for _, solution, _ in rows]
    width = max(map(len, values))
    lines = [f"{line(name)} · first loss of {found.tranche}", ""]
    lines += [
        f"  {label:<20}{value:<{width}}  until {event}"
        for (label, _, event), value in zip(rows, values, strict=True)
    ]
    lines += [
        "",
        row("expected", method(found.expected_haircut)),
        row("default", method(found.stressed_haircut)),
    ]
    if any(own.value < 0 for _, solution, _ in rows for own in solution.answers):
        lines.append(row("", "less a negative share: the rise of prices that it would need"))
    return lines


def short(solution: Solution) -> str:
    """The answers of a solution alone; without one, whether the tranche always or never loses."""
    if solution.answers:
        return " and ".join(value_in_words(solution, own.value, own.half_width) for own in solution.answers)
    above = solution.now.value > solution.target.value
    if above != solution.target.metric.endswith(".npv"):
        return "it loses at any"
    highest = max(at for at, metric, _ in solution.looked_at if is_number(metric))
    return f"never, up to {value_in_words(solution, highest)}"

"""Judges a measurement by a baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spv_sim.bench.measurement import ENGINE, HELP, MEMORY, Figure, Measurement
from spv_sim.bench.pairs import number

LIMITS: Mapping[str, float] = {ENGINE: 1.25, HELP: 1.25, MEMORY: 1.20}
"""How many times the baseline's a figure may be; the others are only shown.

Medians of pairs differ by a tenth between processes on a machine at work, so that a quarter more in two
processes of three is no chance. Peak memory hardly differs at all.
"""

ANSWERS = "answers"
NAMED = 5
"""Metrics named where the answers differ."""


@dataclass(frozen=True)
class Verdict:
    """One thing that was judged, in words.

    value, baseline : numbers with their units; change : of the value against the baseline.
    reason : why it failed, empty where it did not.
    """

    name: str
    title: str
    value: str
    baseline: str = ""
    change: str = ""
    limit: str = ""
    reason: str = ""

    @property
    def is_met(self) -> bool:
        """Whether it may pass."""
        return not self.reason


@dataclass(frozen=True)
class Judgement:
    """All verdicts, and what deserves a look."""

    verdicts: Sequence[Verdict]
    warnings: Sequence[str] = ()

    @property
    def is_met(self) -> bool:
        """Whether all may pass."""
        return all(verdict.is_met for verdict in self.verdicts)


def judge(measured: Measurement, kept: Measurement) -> Judgement:
    """Hold a measurement to a baseline of the same work."""
    verdicts = [
        judge_figure(name, figure, kept.figures.get(name)) for name, figure in measured.figures.items()
    ]
    verdicts += [
        Verdict(name, figure.title, "not measured", _shown(figure), reason="no longer measured")
        for name, figure in kept.figures.items()
        if name not in measured.figures and name in LIMITS
    ]
    answers = judge_answers(measured.answers, kept.answers)
    return Judgement([*verdicts, answers], warnings(measured, kept))


def show(measured: Measurement) -> Judgement:
    """A measurement that is held to nothing."""
    verdicts = [Verdict(name, figure.title, _shown(figure)) for name, figure in measured.figures.items()]
    answers = Verdict(ANSWERS, ANSWERS, f"{len(measured.answers)} digests")
    return Judgement([*verdicts, answers], warnings(measured, None))


def judge_figure(name: str, now: Figure, before: Figure | None) -> Verdict:
    """A figure fails where most of the processes are above the limit."""
    if before is None:
        return Verdict(name, now.title, _shown(now), "none")
    change = f"{100 * (now.value / before.value - 1):+.1f} %"
    if name not in LIMITS:
        return Verdict(name, now.title, _shown(now), _shown(before), change)
    bound = LIMITS[name] * before.value
    above = sum(value > bound for value in now.processes)
    reason = ""
    if 2 * above > len(now.processes):
        reason = f"above {LIMITS[name]:.2f} × the baseline in {above} of {len(now.processes)} processes"
    return Verdict(name, now.title, _shown(now), _shown(before), change, f"≤ {number(bound)}", reason)


def judge_answers(now: Mapping[str, str], before: Mapping[str, str]) -> Verdict:
    """Every answer of the baseline must be given again; new ones may be given beside them."""
    differing = [name for name, digest in before.items() if now.get(name) != digest]
    new = len(now.keys() - before.keys())
    said = f"{len(before) - len(differing)} of {len(before)} digests equal" + (f", {new} new" if new else "")
    reason = ""
    if differing:
        more = f" and {len(differing) - NAMED} more" if len(differing) > NAMED else ""
        reason = f"other answers than the baseline's: {', '.join(differing[:NAMED])}{more}"
    elif not before:
        reason = "the baseline holds no answer"
    return Verdict(ANSWERS, ANSWERS, said, f"{len(before)} digests", reason=reason)


def warnings(measured: Measurement, kept: Measurement | None) -> list[str]:
    """What makes the figures of less use."""
    found = []
    if measured.machine.get("compiled") is False:
        found.append("NUMBA_DISABLE_JIT is set: these are the figures of plain Python")
    if kept is not None:
        for key, what in (("cpu", "processor"), ("compiled", "compilation")):
            now, before = measured.machine.get(key), kept.machine.get(key)
            if now != before:
                found.append(
                    f"the baseline is of another {what}: {before}, this is {now}; "
                    "ratios carry over only roughly"
                )
    return found


def _shown(figure: Figure) -> str:
    return number(figure.value) + ("" if figure.unit == "ratio" else f" {figure.unit}")

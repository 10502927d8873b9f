"""Times two things in turn, so that whatever else the machine does falls on both."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter, thread_time

LEAST_SECONDS = 0.02
"""Shorter calls are repeated within one reading until they last as long, far above the clock's own grain."""


def read_clock(call: Callable[[], object], clock: Callable[[], float], times: int = 1) -> float:
    """Seconds of one call, the mean of `times` calls in a row."""
    start = clock()
    for _ in range(times):
        call()
    return (clock() - start) / times


def repeats(call: Callable[[], object], clock: Callable[[], float]) -> int:
    """How often to call for one reading; the first call, which may load or compile, does not count."""
    call()
    return max(1, round(LEAST_SECONDS / max(read_clock(call, clock), 1e-9)))


def interleave(
    *calls: Callable[[], object], repetitions: int, clock: Callable[[], float] = thread_time
) -> list[list[float]]:
    """Seconds of each call in each repetition, (calls, repetitions); every other round runs backwards.

    `thread_time` counts the processor time of this thread alone, so that other programs cost little;
    `perf_counter` is for what several threads or processes do.
    """
    times = [repeats(call, clock) for call in calls]
    return _in_turn(calls, times, repetitions, clock)


def interleave_processes(
    *processes: Callable[[], object], repetitions: int, warm_up: bool = True
) -> list[list[float]]:
    """Wall seconds of whole processes, as `interleave` gives them, after a round that warms the caches."""
    if warm_up:
        for process in processes:
            process()
    return _in_turn(processes, [1] * len(processes), repetitions, perf_counter)


def _in_turn(
    calls: tuple[Callable[[], object], ...], times: list[int], repetitions: int, clock: Callable[[], float]
) -> list[list[float]]:
    seconds: list[list[float]] = [[] for _ in calls]
    for repetition in range(repetitions):
        order = range(len(calls))
        for index in order if repetition % 2 == 0 else reversed(order):
            seconds[index].append(read_clock(calls[index], clock, times[index]))
    return seconds

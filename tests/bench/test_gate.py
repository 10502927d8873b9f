"""What the gate lets pass, on measurements that nobody measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spv_sim.bench.gate import judge, show
from spv_sim.bench.measurement import HELP, Measurement
from tests.bench.made_up import ANSWERS, measurement


def failed(now: Measurement, before: Measurement | None = None) -> dict[str, str]:
    judged = judge(now, before or measurement())
    found = {verdict.name: verdict.reason for verdict in judged.verdicts if not verdict.is_met}
    assert judged.is_met == (not found)
    return found


def test_an_equal_measurement_passes() -> None:
    assert failed(measurement()) == {}


@pytest.mark.parametrize(
    ("ratios", "above"),
    [
        ((1.25, 1.25, 1.25), 0),
        ((1.25, 1.25, 9.0), 1),
        ((1.0, 1.2501, 1.2501), 2),
        ((9.0, 0.1, 1.26), 2),
        ((1.3, 1.3, 1.3), 3),
        ((0.5, 0.5, 0.5), 0),
    ],
)
@pytest.mark.parametrize("name", ["engine", "help"])
def test_a_ratio_fails_above_a_quarter_more_in_two_processes_of_three(
    name: str, ratios: tuple[float, ...], above: int
) -> None:
    size = {"engine": 1.0, "help": 4.0}[name]
    found = failed(measurement(**{name: [size * ratio for ratio in ratios]}))
    expected = {name: f"above 1.25 × the baseline in {above} of 3 processes"} if above >= 2 else {}
    assert found == expected


@pytest.mark.parametrize(("peaks", "fails"), [((360.0, 360.0, 500.0), False), ((361.0, 300.0, 361.0), True)])
def test_memory_fails_above_a_fifth_more(peaks: tuple[float, ...], fails: bool) -> None:
    assert set(failed(measurement(memory=peaks))) == ({"memory"} if fails else set())


def test_the_baseline_counts_with_its_median() -> None:
    before = measurement(engine=(1.0, 2.0, 50.0))
    assert failed(measurement(engine=(2.5, 2.5, 2.5)), before) == {}
    assert set(failed(measurement(engine=(2.51, 2.51, 2.51)), before)) == {"engine"}


def test_the_time_to_a_target_is_only_shown() -> None:
    assert failed(measurement(target=(99.0, 99.0, 99.0))) == {}


def test_fast_but_wrong_fails() -> None:
    wrong = measurement(engine=(0.1, 0.1, 0.1), answers={**ANSWERS, "equity.moic": "zz"})
    assert failed(wrong) == {"answers": "other answers than the baseline's: equity.moic"}


def test_an_answer_that_is_gone_fails_and_a_new_one_does_not() -> None:
    fewer = {name: digest for name, digest in ANSWERS.items() if name != "senior.wal"}
    assert failed(measurement(answers=fewer)) == {"answers": "other answers than the baseline's: senior.wal"}
    more = judge(measurement(answers={**ANSWERS, "new": "dd"}), measurement())
    assert more.is_met
    assert more.verdicts[-1].value == "3 of 3 digests equal, 1 new"


def test_many_wrong_answers_are_counted() -> None:
    before = measurement(answers={f"metric.{i}": "a" for i in range(8)})
    now = measurement(answers={f"metric.{i}": "b" for i in range(8)})
    assert failed(now, before)["answers"].endswith("metric.3, metric.4 and 3 more")


def test_a_baseline_without_answers_proves_nothing() -> None:
    assert failed(measurement(), measurement(answers={})) == {"answers": "the baseline holds no answer"}


def test_a_figure_that_is_no_longer_measured_fails_and_a_new_one_does_not() -> None:
    whole = measurement()
    without = replace(whole, figures={name: one for name, one in whole.figures.items() if name != HELP})
    assert failed(without, whole) == {"help": "no longer measured"}
    assert failed(whole, without) == {}


def test_another_processor_is_a_warning() -> None:
    judged = judge(measurement(cpu="B"), measurement())
    assert judged.is_met
    assert judged.warnings == [
        "the baseline is of another processor: A, this is B; ratios carry over only roughly"
    ]
    assert judge(measurement(), measurement()).warnings == []


def test_plain_python_is_a_warning() -> None:
    (warning,) = show(measurement(compiled=False)).warnings
    assert "plain Python" in warning
    assert len(judge(measurement(compiled=False), measurement()).warnings) == 2


def test_words_of_a_verdict() -> None:
    engine, _, memory, *_ = judge(measurement(engine=(1.1, 1.1, 1.1)), measurement()).verdicts
    assert (engine.value, engine.baseline, engine.change, engine.limit) == ("1.1", "1", "+10.0 %", "≤ 1.25")
    assert (memory.value, memory.limit) == ("300 MB", "≤ 360")

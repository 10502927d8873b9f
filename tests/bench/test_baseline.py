"""Baselines: read as written, refused with place, what was found and what is allowed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from spv_sim.bench.baseline import check_place, check_same_work, read_baseline, write_baseline
from spv_sim.errors import UserError
from tests.bench.made_up import WORK, measurement


def test_a_baseline_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    write_baseline(path, measurement())
    assert read_baseline(path) == measurement()
    write_baseline(path, measurement(engine=(2.0, 3.0, 4.0)))
    assert read_baseline(path).figures["engine"].value == 3.0
    assert os.listdir(tmp_path) == ["b.json"]


def refused(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_baseline(path)
    assert caught.value.exit_code == 2
    (problem,) = caught.value.problems
    assert (problem.code, problem.file) == ("baseline", str(path))
    assert problem.help
    assert "spv-sim bench --write" in problem.help
    return problem.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the baseline is not JSON: Expecting value: line 1 column 1"),
        (b"{", "the baseline is not JSON"),
        (b"\xff\xfe\x00", "the baseline is not JSON"),
        (b"[" * 100_000, "the baseline is not JSON"),
        (b"9" * 5_000, "the baseline is not JSON"),
        (b"[1]", "not a baseline of a benchmark: found [1], allowed is an object"),
        (b"{}", "`schema` is None, allowed is 'spv-sim/bench@1'"),
        (b'{"schema": "spv-sim/run@1"}', "`schema` is 'spv-sim/run@1', allowed is 'spv-sim/bench@1'"),
    ],
    ids=range(8),
)
def test_what_is_no_baseline(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "b.json").write_bytes(content)
    assert words in refused(tmp_path / "b.json")


def drop(*place: str) -> Callable[[Any], None]:
    def change(record: Any) -> None:
        for name in place[:-1]:
            record = record[name]
        del record[place[-1]]

    return change


def put(value: Any, *place: str) -> Callable[[Any], None]:
    def change(record: Any) -> None:
        for name in place[:-1]:
            record = record[name]
        record[place[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (drop("workload"), "`workload` is missing, allowed is an object"),
        (put([], "figures"), "`figures` is [], allowed is an object"),
        (drop("answers"), "`answers` is missing, allowed is an object"),
        (put(3, "answers", "equity.irr"), "`answers.equity.irr` is 3, allowed is a text"),
        (drop("machine"), "`machine` is missing, allowed is an object"),
        (put("9", "workload", "paths"), "`workload.paths` is '9', allowed is a whole number"),
        (put(True, "workload", "seed"), "`workload.seed` is True, allowed is a whole number"),
        (put(None, "figures", "engine"), "`figures.engine` is None, allowed is an object"),
        (put([], "figures", "engine", "processes"), "`figures.engine.processes` is empty"),
        (put([1, "2"], "figures", "help", "processes"), "`figures.help.processes` is '2', allowed is a num"),
        (
            put([0], "figures", "help", "processes"),
            "`figures.help.processes` is 0, allowed is a number above",
        ),
        (put(float("nan"), "figures", "memory", "low"), "`figures.memory.low` is nan, allowed is a number"),
        (put(float("inf"), "figures", "memory", "high"), "`figures.memory.high` is inf, allowed is a num"),
        (put(-1, "figures", "memory", "high"), "`figures.memory.high` is -1, allowed is a number above zero"),
        (drop("figures", "engine", "unit"), "`figures.engine.unit` is missing, allowed is a text"),
    ],
    ids=range(15),
)
def test_faults_of_a_baseline(tmp_path: Path, change: Callable[[Any], None], words: str) -> None:
    record = json.loads(json.dumps(measurement().record()))
    change(record)
    (tmp_path / "b.json").write_text(json.dumps(record))
    assert words in refused(tmp_path / "b.json")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert refused(tmp_path / "absent.json") == "cannot read the baseline: No such file or directory"
    assert refused(tmp_path) == "cannot read the baseline: Is a directory"


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (replace(WORK, paths=2_000), "measured with paths 1,000, this is a run with paths 2,000"),
        (replace(WORK, seed=7), "measured with seed 0, this is a run with seed 7"),
        (replace(WORK, settings="0"), "of another scenario, or of 'First deal' before it was changed"),
    ],
)
def test_a_baseline_of_other_work_is_refused(other: Any, words: str) -> None:
    check_same_work(Path("b.json"), measurement(), replace(WORK, scenario="Another name"))
    with pytest.raises(UserError) as caught:
        check_same_work(Path("b.json"), measurement(), other)
    assert caught.value.exit_code == 2
    assert words in str(caught.value)


def test_only_a_baseline_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    check_place(path)
    write_baseline(path, measurement())
    check_place(path)
    deal = tmp_path / "deal.toml"
    deal.write_text("schema = 1\n")
    with pytest.raises(UserError, match="is not a baseline, and is left as it is") as caught:
        check_place(deal)
    assert caught.value.exit_code == 2
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(UserError, match="left as it is"):
        check_place(tmp_path / "link")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    for call in (lambda path: check_place(path), lambda path: write_baseline(path, measurement())):
        with pytest.raises(UserError, match="cannot write the baseline") as caught:
            call(tmp_path / "absent" / "b.json")
        assert caught.value.exit_code == 4

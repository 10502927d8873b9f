"""Every format says every figure, and no name breaks out of it."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as Xml

import pytest

from spv_sim.bench.baseline import from_record
from spv_sim.bench.formats import FORMATS, escaped
from spv_sim.bench.gate import judge, show
from spv_sim.bench.measurement import Measurement
from tests.bench.made_up import ANSWERS, WORK, measurement

NASTY = "A & B <script>\"'</testcase>]]> | `x` \x1b[31m\x00\ufffe\ud800 **b** [l](http://x) @all\n# head"
SLOW = measurement(engine=(2.0, 2.0, 2.0), answers={**ANSWERS, "equity.irr": "<&>"})
HOSTILE = measurement(work=replace(WORK, scenario=NASTY))


def said(form: str, now: Measurement = SLOW) -> str:
    return FORMATS[form](now, judge(now, measurement()))


def test_native_is_a_baseline_with_the_verdicts() -> None:
    told = json.loads(said("native"))
    assert from_record(told) == SLOW
    assert told["gate"]["is_met"] is False
    assert {each["name"]: each["is_met"] for each in told["gate"]["verdicts"]} == {
        "engine": False,
        "help": True,
        "memory": True,
        "time-to-target": True,
        "answers": False,
    }
    assert json.loads(FORMATS["native"](SLOW, show(SLOW)))["gate"]["is_met"] is True


def test_bmf() -> None:
    told = json.loads(said("bmf"))
    assert told["First deal: engine"] == {
        "ratio": {"value": 2.0, "lower_value": pytest.approx(1.8), "upper_value": pytest.approx(2.2)}
    }
    assert told["First deal: memory"]["mb"]["value"] == 300.0
    assert len(told) == 4


def test_gha() -> None:
    told = json.loads(said("gha"))
    assert told[0] == {
        "name": "First deal: engine",
        "unit": "ratio",
        "value": 2.0,
        "range": "1.8 … 2.2",
        "extra": "a note",
    }
    assert [each["unit"] for each in told] == ["ratio", "ratio", "MB", "yardsticks"]


def test_junit() -> None:
    root = Xml.fromstring(said("junit"))  # noqa: S314 - it is ours
    (suite,) = root
    assert (root.tag, suite.get("tests"), suite.get("failures")) == ("testsuites", "5", "2")
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases if case.find("failure") is not None] == [
        "engine / yardstick",
        "answers",
    ]
    failure = cases[0].find("failure")
    assert failure is not None
    assert failure.get("message") == "above 1.25 × the baseline in 3 of 3 processes"
    assert failure.text == (
        "measured 2, baseline 1, limit ≤ 1.25: above 1.25 × the baseline in 3 of 3 processes"
    )


def test_markdown() -> None:
    lines = said("markdown").splitlines()
    assert lines[0] == "### First deal: failed"
    rows = [line for line in lines if line.startswith("| ")]
    assert rows[1].startswith("| engine / yardstick | 2 | 1 | \\+100.0 % | ≤ 1.25 | above 1.25 ×")
    assert {line.count("|") for line in rows} == {7}
    warned = FORMATS["markdown"](SLOW, judge(SLOW, measurement(cpu="B")))
    assert "> **Warning:** the baseline is of another processor\\: B, this is A" in warned


def test_text_has_columns() -> None:
    lines = said("text").splitlines()
    assert lines[0] == "First deal, 1,000 paths, seed 0"
    assert len(lines) == 6
    assert lines[3].endswith("≤ 360   ok")
    assert "2 of 3 digests equal" in lines[5]
    assert "ok" not in FORMATS["text"](SLOW, show(SLOW)).split()


def test_a_hostile_name_stays_a_name_in_xml() -> None:
    root = Xml.fromstring(said("junit", HOSTILE).encode())  # noqa: S314 - it is ours
    cases = root.findall("./testsuite/testcase")
    assert len(cases) == 5
    name = cases[0].get("classname")
    assert name is not None
    assert name.startswith("A & B <script>\"'</testcase>]]> | `x` \\x1b[31m\\x00\\ufffe\\ud800")
    assert {each.tag for each in root.iter()} == {"testsuites", "testsuite", "testcase", "system-out"}


def test_a_hostile_name_stays_a_name_in_markdown() -> None:
    text = said("markdown", HOSTILE)
    head = text.splitlines()[0]
    assert "<script>" not in text
    assert "&lt;script&gt;" in head
    assert "\\`x\\`" in head
    assert "\\*\\*b\\*\\*" in head
    assert "\\[l\\]\\(http\\://x\\)" in head
    assert "\\@all" in head
    assert head.endswith("\\\\n\\# head: passed")


@pytest.mark.parametrize("form", ["native", "bmf", "gha"])
def test_a_hostile_name_survives_json(form: str) -> None:
    told = said(form, HOSTILE)
    assert told.isascii()
    value = json.loads(told)
    names = {
        "native": lambda: [value["workload"]["scenario"]],
        "bmf": lambda: [name.rpartition(": ")[0] for name in value],
        "gha": lambda: [each["name"].rpartition(": ")[0] for each in value],
    }[form]()
    assert set(names) == {NASTY}


def test_escaping_leaves_plain_words() -> None:
    assert escaped("AMD EPYC 7763, Linux 6.1") == "AMD EPYC 7763, Linux 6.1"
    assert escaped("a|b") == "a\\|b"


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_ends_in_one_line_end(form: str) -> None:
    text = said(form)
    assert text.endswith("\n")
    assert text.strip()

"""`spv-sim sweep`: every point in a folder, closed-form break-evens, faults as rows, words for mistakes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from spv_sim.store.manifest import verify
from spv_sim.store.table import read_csv
from tests.cli.invoke import Shell
from tests.cli.process import BASE, PUBLISHED

PATHS = ("--paths", 64)


def document(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "run.json").read_text())
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "sweep"


def test_break_even_rates_of_a_deal_without_risk_are_those_of_its_annuity(
    shell: Shell, folder: Path, compiled: None
) -> None:
    """Cover is rent over level debt service: linear in the rate, so that interpolation is exact."""
    done = shell(
        *("sweep", PUBLISHED, "--vary", "capital.debt_share=50%:70%:3", *PATHS, "-o", folder),
        *("--vary", "lease.rate=0.8:1.6:3 USD/GPU-hour", "--contour", "spv.min_dscr=1.3x"),
    )
    assert done.status == 0
    rate = 0.095 / 4
    annuity = rate / (1 - (1 + rate) ** -20)
    found = {
        own["others"]["capital.debt_share"]: [at["value"] for at in own["at"]]
        for own in document(folder)["break_even"]
        if own["along"] == "lease.rate"
    }
    assert found == {
        f"{share} %": [pytest.approx(1.3 * share / 100 * 5.4e9 * annuity / (108_000 * 3 * 730), rel=1e-9)]
        for share in (50, 60, 70)
    }
    assert "Minimum DSCR is 1.30x at lease.rate = " in done.out


def test_the_folder_tells_each_point_as_a_run_does(shell: Shell, tmp_path: Path, folder: Path) -> None:
    varied = ("--vary", "capital.debt_share=50%,70%", "--vary", "gpu_price.curve.decay=20%,35%")
    done = shell("sweep", BASE, *varied, *PATHS, "-o", folder, "--metric", "equity.expected_shortfall_95")
    assert (done.status, done.err) == (0, "")
    assert verify(folder) == ()
    told = document(folder)
    assert (told["schema"], len(told["points"]), told["markets"]) == ("spv-sim/sweep@1", 4, 2)
    point = told["points"][3]
    assert point["settings"] == {"capital.debt_share": "70 %", "gpu_price.curve.decay": "35 %/year"}
    sets = ("--set", "capital.debt_share=70 %", "--set", "gpu_price.curve.decay=35 %/year")
    alone = tmp_path / "alone"
    assert shell("run", BASE, *sets, *PATHS, "-o", alone, "--no-report").status == 0
    own = document(alone)["metrics"]
    for name, metric in point["metrics"].items():
        assert metric == {key: own[name][key] for key in metric}
    assert "equity.expected_shortfall_95" in point["metrics"]
    header, rows = read_csv(folder / "points.csv")
    assert header[:4] == [
        "capital.debt_share",
        "gpu_price.curve.decay",
        "equity.irr",
        "equity.irr.standard_error",
    ]
    assert header[-1] == "fault"
    for row, each in zip(rows, told["points"], strict=True):
        assert row[:2] == [
            axis["steps"][at]["value"] for axis, at in zip(told["axes"], each["at"], strict=True)
        ]
        for name, value, error in zip(header[2:-1:2], row[2:-1:2], row[3:-1:2], strict=True):
            metric = each["metrics"][name]
            assert (value, error) == (metric["value"], metric["standard_error"])


def test_the_page_has_a_map_of_each_metric_with_its_contour(shell: Shell, folder: Path) -> None:
    varied = ("--vary", "capital.debt_share=50%:90%:3", "--vary", "lease.rate=1.2:1.4:3 USD/GPU-hour")
    asked = (*varied, "--contour", "spv.min_dscr=0.9x", *PATHS, "-o", folder, "-q")
    assert shell("sweep", BASE, *asked).out == f"{folder}\n"
    page = (folder / "report.html").read_text()
    assert page.count("<img ") == len(list((folder / "charts").iterdir())) == 3
    assert "The dashed line is where it is 0.90x." in page
    assert "<script" not in page
    for chart in (folder / "charts").iterdir():
        assert re.fullmatch(r"\d\d-[a-z0-9-]+\.svg", chart.name)


def test_one_setting_gives_lines_and_words_no_break_even(shell: Shell, folder: Path) -> None:
    assert shell("sweep", BASE, "--vary", "hazard-multiple=0.5:2:4x", *PATHS, "-o", folder).status == 0
    told = document(folder)
    assert [step["value"] for step in told["axes"][0]["steps"]] == [0.5, 1.0, 1.5, 2.0]
    assert told["markets"] == 4
    defaults = [point["metrics"]["lessee.default_probability"]["value"] for point in told["points"]]
    assert defaults == sorted(defaults)
    assert shell("sweep", BASE, "--vary", "workout.mode=remarket,liquidate", *PATHS, "-o", folder).status == 0
    told = document(folder)
    assert told["break_even"] == []
    assert told["markets"] == 1
    assert len(list((folder / "charts").iterdir())) == 4


def test_a_point_that_cannot_be_closed_is_a_row_with_its_fault(shell: Shell, folder: Path) -> None:
    done = shell("sweep", BASE, "--vary", "capital.debt_share=50%:110%:3", *PATHS, "-o", folder)
    assert done.status == 3
    assert '1 point failed:\n1 x capital.debt_share: "110 %" is above 100 %' in done.out
    header, rows = read_csv(folder / "points.csv")
    assert [row[header.index("fault")] for row in rows] == [
        None,
        None,
        'capital.debt_share: "110 %" is above 100 %',
    ]
    assert rows[2][1:-1] == [None] * (len(header) - 2)
    alone = shell("sweep", BASE, "--vary", "capital.debt_share=110%,120%", *PATHS, "-o", folder)
    assert alone.status == 3
    assert "2 points failed" in alone.out


def test_the_table_of_a_file_is_swept_and_otherwise_ignored(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / BASE.name).write_text(BASE.read_text())
    deal = tmp_path / "deal.toml"
    deal.write_text(
        f'extends = "{BASE.name}"\n[sweep]\nlease.rate = ["1.2 USD/GPU-hour", "1.3 USD/GPU-hour"]\n'
        '"capital.debt_share" = { from = "50 %", to = "70 %", step = "10 %" }\n'
    )
    out = tmp_path / "out"
    assert shell("sweep", deal, *PATHS, "-o", out).status == 0
    told = document(out)
    assert [axis["key"] for axis in told["axes"]] == ["lease.rate", "capital.debt_share"]
    assert len(told["points"]) == 6
    assert shell("sweep", deal, "--vary", "lease.rate=1.3,1.4 USD/GPU-hour", *PATHS, "-o", out).status == 0
    assert len(document(out)["points"]) == 2
    found = []
    for file in (deal, BASE):
        assert shell("run", file, *PATHS, "-o", out, "--no-report").status == 0
        found.append(document(out)["metrics"])
    assert found[0] == found[1]


def test_json_and_csv_on_the_output(shell: Shell, folder: Path) -> None:
    asked = ("sweep", BASE, "--vary", "capital.debt_share=50%,70%", *PATHS, "-o", folder, "--no-report")
    assert shell(*asked, "--json").out == (folder / "run.json").read_text()
    assert shell(*asked, "--csv").out == (folder / "points.csv").read_text()
    assert not (folder / "report.html").exists()
    assert shell(*asked, "--csv", "--json").status == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "nothing is varied"),
        (("--vary", "lease.rat=1,2"), "did you mean `lease.rate`?"),
        (("--vary", "capital=1,2"), "capital is a table"),
        (("--vary", "capital.tranche.junior.coupon=5%,6%"), "the scenario has no such table"),
        (("--vary", "lease.rate"), "key=values"),
        (("--vary", "lease.rate=1 year,2 years"), "is not a unit of price"),
        (("--vary", "capital.debt_share=50%:50%:3"), "is no range"),
        (("--vary", "capital.debt_share=50%,50%"), "stands there twice"),
        (("--vary", "hazard-multiple=1,2", "--vary", "hazard-multiple=3,4"), "varied already"),
        (
            ("--vary", "capital.tranche.coupon=1%,2%", "--vary", "capital.tranche.senior.coupon=3%,4%"),
            "already",
        ),
        (
            ("--vary", "lease.rate=1:2:1000 USD/GPU-hour", "--vary", "capital.debt_share=0%:90%:101"),
            "101,000",
        ),
        (("--vary", "capital.debt_share=50%,60%", "--metric", "equity.iir"), "did you mean `equity.irr`?"),
        (("--vary", "capital.debt_share=50%,60%", "--contour", "x=1"), "there is no metric x"),
        (("--vary", "capital.debt_share=50%,60%", "--contour", "equity.irr"), "metric=value"),
        (("--vary", "capital.debt_share=50%,60%", "--contour", "equity.irr=a"), "--contour equity.irr=a"),
        (("--vary", "capital.debt_share=50%,60%", "--set", "lease.term=0 months"), "lease.term"),
    ],
)
def test_what_cannot_be_swept(shell: Shell, folder: Path, words: tuple[str, ...], message: str) -> None:
    done = shell("sweep", BASE, *words, *PATHS, "-o", folder)
    assert (done.status, done.out) == (2, "")
    assert message in done.err
    assert not folder.exists()


def test_a_programme_is_not_swept(shell: Shell, folder: Path) -> None:
    file = BASE.parent / "programme-three-spvs.toml"
    done = shell("sweep", file, "--vary", "capital.debt_share=50%,60%", "-o", folder)
    assert done.status == 2
    assert "sweep works on one deal" in done.err

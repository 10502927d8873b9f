"""The filed figures beside the model's: in the terminal, in the report, and nowhere without them."""

from __future__ import annotations

import copy
from typing import Any

from spv_sim.report.filed import filed_lines, filed_table, rate_line
from spv_sim.report.page import page
from spv_sim.report.terminal import summary
from tests.report.example import example

FIGURES = [
    ("balance_2025", "balance", "lease", None, "2025-12-31", 4507e6, 4517.2e6),
    ("paid_2026", "paid", "group", "2025-12-31", "2026-03-31", 1017e6, 1017e6),
    ("principal_2027", "principal", "group", None, "2027-12-31", 1540e6, 1512.3e6),
]
NAMES = ("name", "kind", "of", "start", "end", "filed", "model")


def run_with(count: int = 1) -> dict[str, Any]:
    run = copy.deepcopy(example()[0])
    figures = [dict(zip(NAMES, row, strict=True)) for row in FIGURES * count]
    for row in figures:
        row |= {"difference": row["model"] - row["filed"], "source": "S-1 <L1>"}
    run["filed"] = {
        "rate": 0.12184,
        "maturity_rate": 0.10384,
        "opening": 5326e6,
        "rents": "stepped",
        "figures": figures,
    }
    return run


def test_each_figure_is_a_line_with_its_difference() -> None:
    rows = filed_lines(run_with(), 80)
    assert "12.184 %/year, maturity table 10.384 %/year" in " ".join(
        " ".join(rows).replace("\0", " ").split()
    )
    told = [row.split() for row in rows[-3:]]
    assert told[0] == ["balance", "2025", "2025-12-31", "4,507.0", "4,517.2", "+10.2"]
    assert told[1][-5:] == ["to", "2026-03-31", "1,017.0", "1,017.0", "0.0"]
    assert told[2][-6:] == ["closing", "to", "2027-12-31", "1,540.0", "1,512.3", "−27.7"]


def test_the_terminal_holds_its_width_and_its_length() -> None:
    text = summary(run_with(20))
    assert max(map(len, text.split("\n"))) <= 80
    assert "44 more in report.html" in text
    assert "\0" not in text


def test_the_page_tells_every_figure_with_its_source() -> None:
    run = run_with()
    table = filed_table(run)
    assert [row[-2] for row in table.rows] == ["+10.2 m USD", "0.0 m USD", "−27.7 m USD"]
    assert [row[3] for row in table.rows] == ["this lease", *["this lease and its group"] * 2]
    text = page(run, (), ("senior",))
    assert "Check against the lessee's filing" in text
    assert "S-1 &lt;L1&gt;" in text


def test_nothing_filed_nothing_told() -> None:
    run = example()[0]
    assert rate_line(run) == ""
    assert filed_lines(run, 80) == []
    assert filed_table(run).rows == ()
    assert "lessee's filing" not in page(run, (), ("senior",))
    assert filed_lines({"filed": {}}, 80) == []

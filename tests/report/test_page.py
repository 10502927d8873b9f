"""The page is self-contained, free of scripts, and shows every number with its error."""

from __future__ import annotations

import base64
import copy
import re
from html import unescape
from typing import Any

import pytest
from jinja2 import UndefinedError

from spv_sim.report.chart import Chart, Table
from spv_sim.report.headline import quantile, remarks, sentences, tiles
from spv_sim.report.labels import definitions, title
from spv_sim.report.limits import LIMITS, STANDING_LINE
from spv_sim.report.page import page
from spv_sim.report.tables import metrics_table
from tests.report.example import example

CHART = Chart(
    "cover", "cover", "Finding", "Reading.", 'Alt with "quotes" & <tags>.', "<svg/>", Table(("a",), (("1",),))
)


@pytest.fixture
def run() -> dict[str, Any]:
    return copy.deepcopy(example()[0])


def plain(text: str) -> str:
    body = text.partition("<body>")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_nothing_is_loaded_and_nothing_runs(run: dict[str, Any]) -> None:
    text = page(run, [CHART], ("senior",))
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in text
    assert not re.search(r"<script|<link|<iframe|@import|url\(|https?://", text)
    assert re.findall(r'(?:src|href)="(?!data:image/svg\+xml;base64,|#)', text) == []


def test_chart_is_embedded_with_words_and_table(run: dict[str, Any]) -> None:
    text = page(run, [CHART], ("senior",))
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]+)"', text)
    assert found is not None
    assert base64.b64decode(found.group(1)) == b"<svg/>"
    assert unescape(found.group(2)) == CHART.alt
    assert "Reading." in text


def test_every_section_and_setting_is_there(run: dict[str, Any]) -> None:
    text = plain(page(run, [], ("senior",)))
    headings = (
        "Sources, uses and capital structure|Cash flow and cover|Returns to equity|Lenders|Checks|"
        "Base case, no default|Inputs|Method and limits|Glossary|Check against published terms"
    )
    for words in headings.split("|"):
        assert words in text
    for setting in run["scenario"]["settings"]:
        assert f"{setting['key']} {setting['value']} {setting['title']}" in text
    for told in ("base.toml:12", "--set", "default", "spv-sim run base.toml", "0f" * 32, "sha256 equity.irr"):
        assert told in text
    for heading, _ in LIMITS:
        assert heading in text
    assert text.count(STANDING_LINE) == 2
    assert "DIFFERS" in text


def test_every_estimate_has_its_error(run: dict[str, Any]) -> None:
    text = plain(page(run, [], ("senior",)))
    for name, found in run["metrics"].items():
        if found["value"] is not None:
            assert re.search(re.escape(title(name)) + r" [−\d.,]+ ± [\d.,]+", text), name


def test_base_case_is_not_called_expected(run: dict[str, Any]) -> None:
    section = page(run, [], ("senior",)).partition('id="base"')[2].partition("</section>")[0]
    assert "expected" not in section.lower()
    assert "base case, no default" in section


def test_without_checks_closing_details_or_description(run: dict[str, Any]) -> None:
    run["checks"], run["closing"]["tranche"], run["scenario"]["description"] = [], {}, ""
    text = plain(page(run, [], ("senior",)))
    assert "published terms" not in text
    assert "Debt at closing" not in text


def test_a_missing_field_is_an_error_not_a_blank(run: dict[str, Any]) -> None:
    del run["manifest"]["seed"]
    with pytest.raises(UndefinedError):
        page(run, [], ("senior",))


def test_the_scenario_text_keeps_its_spaces(run: dict[str, Any]) -> None:
    run["scenario"]["text"] = 'rate = "2.10 USD/GPU-hour"\nshare = "70 %"\n'
    text = unescape(page(run, [], ("senior",)).partition("<pre>")[2].partition("</pre>")[0])
    assert text == run["scenario"]["text"]


def test_five_tiles_and_two_sentences(run: dict[str, Any]) -> None:
    told = tiles(run, ("senior",))
    assert len(told) == 5
    assert all("±" in tile.value for tile in told)
    equity, lender = sentences(run, ("senior",))
    metrics = run["metrics"]
    assert f"{100 * metrics['equity.irr']['value']:.1f} ±" in equity
    assert f"median path {100 * metrics['equity.irr']['quantiles']['0.5']['value']:.1f} %/year" in equity
    assert f"{100 * metrics['senior.probability_of_loss']['value']:.1f} ±" in lender
    assert equity.endswith(".")
    assert lender.endswith(".")


def test_sentences_for_a_lender_without_loss_and_without_numbers(run: dict[str, Any]) -> None:
    run["metrics"]["senior.probability_of_loss"] = {
        "value": 0.0, "unit": "share", "standard_error": 0.0, "ci95": [0.0, 0.0037], "count": 1000,
    }  # fmt: skip
    run["metrics"]["equity.probability_of_total_loss"]["value"] = 0.0
    equity, lender = sentences(run, ("senior",))
    assert "none return nothing" in equity
    assert (
        lender == "The senior tranche is repaid in full on every path of 1,000 (95 % interval up to 0.4 %)."
    )
    run["metrics"] = {}
    assert sentences(run, ("senior",))[1] == "The loss of the senior tranche was not estimated."
    assert [tile.value for tile in tiles(run, ("senior",))] == ["–"] * 5


def test_remarks_and_quantiles(run: dict[str, Any]) -> None:
    run["closing"]["warnings"] = ["correlation has no effect"]
    told = remarks(run)
    assert "correlation has no effect" in told
    assert any(words.startswith("LLCR:") for words in told)
    assert quantile({"quantiles": {"0.10": {"value": 1.0}}}, 0.1) == 1.0
    assert quantile({}, 0.1) is None


def test_titles_and_glossary() -> None:
    assert title("equity.irr") == "Equity IRR"
    assert title("class-a.expected_loss") == "Class-a expected loss"
    assert title("unknown.thing") == "unknown.thing"
    told = definitions(["mezz"])
    assert all(heading and key and words for heading, key, words in told)
    assert "<tranche>" not in str(told)
    assert ("P(mezz loss)", "mezz.probability_of_loss") in {(heading, key) for heading, key, _ in told}
    assert not any(heading == key for heading, key, _ in told)  # every metric has a title of its own


def test_what_is_the_same_of_all_shares_of_the_loss_is_said_once(run: dict[str, Any]) -> None:
    for name, found in run["metrics"].items():
        if name.endswith(("loss_share", "tail_loss_share_95")):
            found["note"] = "undefined: the deal loses nothing on average"
    told = [remark for remark in remarks(run) if "loses nothing on average" in remark]
    assert told == ["Shares of the deal loss: undefined: the deal loses nothing on average"]


def test_percentiles_are_in_the_unit_of_their_estimate(run: dict[str, Any]) -> None:
    """9,900 m USD beside percentiles of which one is above 10 bn."""
    found = run["metrics"]["equity.npv"]
    found["value"] = 9.9e9
    found["quantiles"] = {"0.05": {"value": 8.3e9}, "0.95": {"value": 1.1e10}}
    (row,) = (row for row in metrics_table(run, ("equity",)).rows if row[0] == "Equity NPV")
    assert "9,900" in row[1]
    assert (row[3], row[-1]) == ("8,300.0", "11,000.0")

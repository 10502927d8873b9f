"""Whatever a deal, tranche, account or setting is called, nothing in a report acts on it."""

from __future__ import annotations

import copy
import re
import unicodedata
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import Any

import pytest

from spv_sim.report.figures.capital import sources_and_uses
from spv_sim.report.figures.lender_loss import lender_loss
from spv_sim.report.material import Material
from spv_sim.report.page import page
from spv_sim.report.terminal import summary
from spv_sim.report.text import block, line
from tests.report.example import example
from tests.report.payloads import PAYLOADS

ALLOWED_TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "p", "ul", "li",
    "span", "b", "nav", "a", "main", "section", "figure", "div", "img", "figcaption", "table",
    "thead", "tbody", "tr", "th", "td", "pre", "strong", "dl", "dt", "dd", "footer", "code",
}  # fmt: skip


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def poisoned(payload: str) -> tuple[dict[str, Any], Material]:
    run, material = example(800, 64)
    run = copy.deepcopy(run)
    scenario, closing = run["scenario"], run["closing"]
    scenario.update(name=payload, description=payload, text=payload)
    for setting in scenario["settings"]:
        setting.update(key=payload, value=payload, title=payload)
        setting["origin"].update(file=payload, text=payload)
    for entry in (*closing["uses"], *closing["sources"]):
        entry["name"] = payload
    closing["tranche"] = {payload: closing["tranche"]["senior"] | {payload: 1.0}}
    closing["warnings"] = [payload]
    for name in [name for name in run["metrics"] if name.startswith("senior.")]:
        run["metrics"][name.replace("senior", payload, 1)] = run["metrics"].pop(name)
    run["metrics"]["equity.irr"]["note"] = payload
    for check in run["checks"]:
        check.update(name=check["name"] + payload, detail=payload, passed=False)
    run["manifest"].update(command=[payload], cpu=payload, git=payload, columns={payload: payload})
    run["base_case"]["label"] = payload
    columns = {name.replace("senior", payload, 1): column for name, column in material.columns.items()}
    return run, Material(columns=columns, tranches=(payload,))


def is_quiet(text: str, kept: str = "\n") -> bool:
    return all(
        sign in kept or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for sign in text
    )


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_page_stays_inert(payload: str) -> None:
    run, material = poisoned(payload)
    text = page(run, [], material.tranches)
    text.encode("utf-8")
    reader = Reader()
    reader.feed(text)
    tags = [tag for tag, _ in reader.tags]
    assert set(tags) <= ALLOWED_TAGS
    assert tags.count("style") == 1
    assert tags.count("meta") == 5
    for tag, attributes in reader.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert "style" not in attributes
        if tag == "a":
            assert re.fullmatch(r"#[a-z]+", attributes["href"] or "")
    assert is_quiet(text, "\n\t")
    if payload.startswith("{{"):
        assert "{{ 7 * 7 }}" in text


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_terminal_gets_no_control_code_and_no_markup(payload: str) -> None:
    run, material = poisoned(payload)
    text = summary(run, material, folder=f"runs/{payload}")
    assert is_quiet(text)
    assert "\n\n\n" not in text
    if payload.startswith("[/x]"):
        assert "[/x] [bold]x[/bold]" in text  # shown as written
    ascii_only = summary(run, material, folder=f"runs/{payload}", unicode=False)
    assert ascii_only.isascii()


FIGURE_PAYLOADS = [payload for payload in PAYLOADS if len(payload) < 1000 or payload.startswith("x")]


@pytest.mark.parametrize("payload", FIGURE_PAYLOADS, ids=range(len(FIGURE_PAYLOADS)))
def test_figures_show_it_as_text(payload: str) -> None:
    run, material = poisoned(payload)
    for figure in (sources_and_uses, lender_loss):
        chart = figure(run, material)
        assert chart is not None
        root = ET.fromstring(chart.svg.encode("utf-8"))  # noqa: S314
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not tags & {"script", "foreignObject", "image", "a", "iframe", "meta", "img", "x"}
        for element in root.iter():
            assert not any(name.rpartition("}")[2].lower().startswith("on") for name in element.attrib)
        assert is_quiet("".join(root.itertext()), "\n\t ")
    assert len(chart.svg) < 150_000


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_line_is_one_short_line(payload: str) -> None:
    shown = line(payload, 40)
    assert len(shown) <= 40
    assert is_quiet(shown, "")
    assert line(shown, 40) == shown
    assert is_quiet(block(payload), "\n\t")


def test_line_keeps_ordinary_names() -> None:
    assert line("Crédit № 1 – 日本 🚀") == "Crédit № 1 – 日本 🚀"

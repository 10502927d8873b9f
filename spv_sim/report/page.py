"""Builds the report: one self-contained page without scripts."""

from __future__ import annotations

import base64
import functools
import re
import shlex
from collections.abc import Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from spv_sim.report import tables
from spv_sim.report.after_default import default_sentence
from spv_sim.report.chart import Chart
from spv_sim.report.covenants import covenants_of
from spv_sim.report.equity_classes import classes_of, classes_table, seller_words
from spv_sim.report.filed import filed_table, rate_line
from spv_sim.report.fleet import fleet_table, spares_words
from spv_sim.report.headline import remarks, sentences, tiles
from spv_sim.report.labels import definitions
from spv_sim.report.limits import LIMITS, STANDING_LINE
from spv_sim.report.loss_bearers import bearers
from spv_sim.report.refinancing import refinancing_sentence
from spv_sim.report.text import block, line
from spv_sim.report.tranches import tranches_of
from spv_sim.report.until import until_words
from spv_sim.results.metrics_refinancing import REFINANCING
from spv_sim.results.rating_band import LABEL

_UNIT = re.compile(
    r"(?<=[\d±]) (?=%|±|(?:m |bn )?USD\b|months\b|years\b|\d)|(?<= m) (?=USD\b)|(?<= bn) (?=USD\b)"
)
_TEMPLATE = "report.html.jinja"


def _shown(value: object) -> object:
    """Whatever is printed loses its control codes and direction marks and keeps units by their numbers."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return _UNIT.sub("\u00a0", block(value))


@functools.cache
def environment() -> Environment:
    """What fills the templates."""
    return Environment(
        loader=PackageLoader("spv_sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


def source_of(chart: Chart) -> str:
    """A picture inside the page."""
    return "data:image/svg+xml;base64," + base64.b64encode(chart.svg.encode("utf-8")).decode("ascii")


def standing(made: dict[str, Any]) -> dict[str, Any]:
    """What stands below every page: the facts of a manifest, its digests, the command, and what it all is."""
    names = ("version", "git", "kernel_digest", "generator", "seed", "paths", "python", "cpu", "os")
    facts = [(key, made[key]) for key in names if made.get(key) is not None]
    facts += [("until", words) for words in until_words(made)]
    return {
        "facts": facts
        + [(name, version) for name, version in (made.get("packages") or {}).items() if version],
        "digests": sorted((made.get("columns") or {}).items()),
        "command": shlex.join(line(word, 300) for word in made.get("command") or []),
        "standing": STANDING_LINE,
    }


def page(run: dict[str, Any], charts: Sequence[Chart], tranches: Sequence[str]) -> str:
    """The report of a run as one HTML document.

    Parameters
    ----------
    run : the run document.
    charts : figures in the order in which they appear within their sections.
    tranches : names of the tranches in order of rank.
    """
    made = run["manifest"]
    lenders = tuple(dict.fromkeys((*tranches, *tranches_of(run))))
    return (
        environment()
        .get_template(_TEMPLATE)
        .render(
            name=line(run["scenario"]["name"]),
            description=line(run["scenario"].get("description") or "", 600),
            manifest=made,
            paths=f"{made['paths']:,}",
            months=run["closing"].get("months", {}).get("end"),
            tiles=tiles(run, tranches),
            sentences=(
                *sentences(run, tranches),
                *filter(None, [default_sentence(run), refinancing_sentence(run)]),
            ),
            remarks=remarks(run),
            charts={
                section: [chart for chart in charts if chart.section == section]
                for section in ("capital", "cover", "returns", "lenders", "losses", "checks")
            },
            source=source_of,
            capital=tables.capital_table(run),
            fleet=fleet_table(run),
            spares=spares_words(run),
            cover=tables.metrics_table(run, ("spv", *covenants_of(run))),
            returns=tables.metrics_table(run, ("equity",)),
            classes=classes_table(run),
            of_classes=tables.metrics_table(run, (*classes_of(run), "vendor")),
            seller=seller_words(run),
            side_by_side=tables.tranches_table(run, lenders),
            lenders=tables.metrics_table(run, ("lessee", *lenders, REFINANCING)),
            losses=tables.metrics_table(run, ("spv", *bearers(run)), shared=True),
            bands=tables.bands_table(run),
            band_label=LABEL,
            band_source=line(next((b.get("source", "") for b in run.get("bands", {}).values()), ""), 300),
            checks=tables.checks_table(run),
            published=tables.published_table(run),
            filed=filed_table(run),
            filed_rate=rate_line(run),
            base=tables.base_table(run),
            inputs=tables.inputs_table(run),
            scenario_text=Markup(escape(block(run["scenario"].get("text") or ""))),  # noqa: S704  escaped here
            limits=LIMITS,
            glossary=definitions(
                tranches,
                bearers(run),
                run["metrics"],
                classes_of(run),
                covenants_of(run),
                vendor=bool(run["closing"].get("vendor")),
            ),
            **standing(made),
        )
    )

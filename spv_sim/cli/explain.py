"""`spv-sim explain`: explain a setting, a metric, or every value of a scenario and where it came from."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import click

from spv_sim.errors import Problem, UserError, printable

if TYPE_CHECKING:
    from spv_sim.scenario.read import Loaded


@click.command("explain")
@click.argument("subject", metavar="KEY|FILE")
@click.option("with_origin", "--origin", is_flag=True, help="Show where each value of FILE came from.")
@click.option(
    "sets", "--set", multiple=True, metavar="KEY=VALUE", help="Change one setting of FILE; may be repeated."
)
@click.option("as_json", "--json", is_flag=True, help="Print the values of FILE as JSON.")
def command(subject: str, with_origin: bool, sets: tuple[str, ...], as_json: bool) -> None:
    """Explain a setting (lease.rate), a table (capital), a metric (equity.irr), or the values of a file."""
    if os.path.exists(subject) or subject.endswith(".toml") or os.sep in subject:
        from spv_sim.scenario.read import read

        _print_values(read(subject, sets), subject, with_origin, as_json)
        return
    if with_origin or sets or as_json:
        raise click.UsageError("--origin, --set and --json go with a scenario file")
    text = _explain_key(subject)
    if text is None:
        raise UserError(_unknown(subject))
    click.echo(text)


def _explain_key(key: str) -> str | None:
    from spv_sim.scenario.explain import explain_setting

    text = explain_setting(key)
    if text is not None and key == "waterfall":
        from spv_sim.scenario.explain_waterfall import usual_order

        return f"{text}\n\n{usual_order()}"
    if text is not None:
        return text
    from spv_sim.results.metrics import find_metric
    from spv_sim.results.rating_band import DEFINITION, EL_BAND, LABEL

    metric = find_metric(key.removeprefix("base_case."))
    tranche, _, name = key.rpartition(".")
    if tranche and name == EL_BAND:
        return f"{key}: a band of a run ({LABEL})\n\n  {DEFINITION}"
    return f"{key}: a metric of a run [{metric.unit}]\n\n  {metric.definition}" if metric else None


def _unknown(key: str) -> Problem:
    from spv_sim.results.metric import COVENANT_PREFIX
    from spv_sim.results.metrics import METRICS, metrics_of
    from spv_sim.scenario.explain import suggest_setting
    from spv_sim.scenario.faults import suggest
    from spv_sim.scenario.model import Scenario
    from spv_sim.scenario.names import RESERVED

    holder = key.removeprefix("base_case.").rpartition(".")[0]
    is_tranche = holder and holder not in RESERVED and holder.split(".")[0] not in Scenario.model_fields
    if holder.startswith(COVENANT_PREFIX):
        known = [metric.name for metric in metrics_of([], covenants=[holder.removeprefix(COVENANT_PREFIX)])]
    else:
        known = [metric.name for metric in metrics_of([holder])] if is_tranche else [*METRICS]
    near = suggest(key, known) or suggest_setting(key)
    help = f"did you mean `{near}`?" if near else "`spv-sim explain capital` lists the settings of a table"
    return Problem("unknown-key", f"{key} is neither a setting, nor a metric, nor a file", help=help)


def _print_values(loaded: Loaded, file: str, with_origin: bool, as_json: bool) -> None:
    from spv_sim.scenario.read import resolved

    settings = resolved(loaded)
    if as_json:
        values = [
            {
                "key": setting.key,
                "value": setting.value,
                "unit": setting.unit,
                "title": setting.title,
                "origin": str(setting.origin),
            }
            for setting in settings
        ]
        document = {"schema": "spv-sim/explain@1", "file": file, "settings": values}
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    width = max(len(setting.key) for setting in settings)
    column = min(40, max(len(setting.value) for setting in settings))
    for setting in settings:
        last = str(setting.origin) if with_origin else setting.title
        click.echo(printable(f"{setting.key:<{width}}  {setting.value:<{column}}  {last}"))

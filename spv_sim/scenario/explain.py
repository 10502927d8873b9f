"""What a setting means, in words: title, meaning, how it is written, range, default and place in the file."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from spv_sim.scenario.catalogue import NAME, Entry, example_of, find_setting, list_settings
from spv_sim.scenario.faults import suggest
from spv_sim.scenario.units import HOURLY, HOURS_PER_MONTH

WIDTH = 100


def explain_setting(key: str) -> str | None:
    """The explanation of a setting or table; None where the key is unknown.

    Parameters
    ----------
    key : as in a file, with or without the user's names: `capital.tranche.senior.coupon`,
        `capital.tranche.<name>.coupon` or `capital.tranche.coupon`.
    """
    entries = find_entries(key)
    return "\n\n".join("\n".join(_describe(entry)) for entry in entries) if entries else None


def find_entries(key: str) -> tuple[Entry, ...]:
    """The settings that a key names; the user's names may be left out."""
    found = find_setting(key)
    if found:
        return found
    return tuple(entry for entry in list_settings() if entry.key.replace(f"{NAME}.", "") == key)


def suggest_setting(key: str) -> str | None:
    """The known key nearest to an unknown one."""
    keys = {entry.key: entry for entry in list_settings()}
    last = key.rpartition(".")[2]
    same = [known for known in keys if known.rpartition(".")[2] == last]
    if same:
        return suggest(key, same) or same[0]
    also = {
        other: known
        for known, entry in reversed(keys.items())
        for other in (known.rpartition(".")[2], *entry.also)
    }
    return suggest(key, keys, also) or suggest(last, [], also)


def _describe(entry: Entry) -> Iterator[str]:
    kinds = f" (kind {' or '.join(entry.kinds)})" if entry.kinds else ""
    yield f"{entry.key}{kinds}: {entry.title}"
    yield ""
    yield from textwrap.wrap(
        entry.field.description or "", WIDTH, initial_indent="  ", subsequent_indent="  "
    )
    yield ""
    for label, text in _facts(entry):
        yield from textwrap.wrap(
            text, WIDTH, initial_indent=f"  {label:<9} ", subsequent_indent=" " * 12, break_long_words=False
        )
    if entry.tables:
        yield ""
        yield from _list_inside(entry)


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    table, _, name = entry.key.rpartition(".")
    if entry.unit is not None:
        yield "written", f"{entry.unit.kind.noun}, as in {entry.unit.kind.advice}"
        yield "stored", f"{entry.unit.kind.stored}"
        if entry.unit.kind is HOURLY:
            yield "note", f"a GPU-month is {HOURS_PER_MONTH} hours"
    elif entry.words:
        yield "written", entry.words
    if entry.range:
        yield "allowed", entry.range
    if not entry.tables:
        yield "default", "no default: it must be given" if entry.required else entry.default
    elif entry.required:
        yield "default", "no default: the table must be given"
    example = example_of(entry)
    if example:
        yield "example", f"{name} = {example}"
    header = f"[{entry.key}{'.' + NAME if entry.named else ''}]" if entry.tables else f"[{table}]"
    yield "in a file", f"under {header}" if table or entry.tables else "at the top, before the first table"
    yield (
        "as a flag",
        f"--set {entry.key}={_flag_value(entry)}" if not entry.tables and name != "schema" else "",
    )


def _flag_value(entry: Entry) -> str:
    example = example_of(entry) or '"..."'
    return example if example.startswith('"') or " " not in example else f"'{example}'"


def _list_inside(entry: Entry) -> Iterator[str]:
    prefix = f"{entry.key}.{NAME}." if entry.named else f"{entry.key}."
    inside = [other for other in list_settings() if other.key.startswith(prefix)]
    direct = [other for other in inside if "." not in other.key.removeprefix(prefix)]
    width = max(len(other.key) for other in direct)
    yield "  settings"
    for other in direct:
        kinds = f" (kind {' or '.join(other.kinds)})" if other.kinds else ""
        yield f"    {other.key:<{width}}  {other.title}{kinds}"

"""From what the model refuses to placed problems in the words of the file, with "did you mean"."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from spv_sim.errors import Problem
from spv_sim.scenario.catalogue import NAME, Entry, example_of, find_setting, list_settings, show
from spv_sim.scenario.locate import Path
from spv_sim.scenario.merge import Merged
from spv_sim.scenario.monte_carlo import MOST_PATHS
from spv_sim.scenario.text import name_path
from spv_sim.scenario.units import UnitError, quote

MOST_EXPLAINED = 60
_BOUNDS = {
    "greater_than": ("gt", "is not above"),
    "greater_than_equal": ("ge", "is below"),
    "less_than": ("lt", "is not below"),
    "less_than_equal": ("le", "is above"),
}
_TYPES = {
    "bool_type": ("true or false", "write it without quotes"),
    "string_type": ("a text", "write it in quotes"),
    "date_type": ("a date", "write it without quotes, as in closing = 2026-10-31"),
    "date_from_datetime_inexact": ("a date", "leave out the time"),
    "list_type": ("a list", 'write it in brackets, as in ["a", "b"]'),
    "model_type": ("a table", "give it a header in brackets, with a line for each setting below"),
    "dict_type": ("a table", "give it a header in brackets, with a line for each setting below"),
}

NOT_SIMULATED: dict[Path, str] = {
    ("tax",): "tax is not simulated; depreciation, losses carried forward and returns are all before tax"
}
"""Tables that a reader of the model may look for: they are refused by what they mean, and never left out."""


def explain_faults(fault: ValidationError, merged: Merged) -> list[Problem]:
    """Every fault that the model found, placed and said in the words of the file."""
    return [_explain(details, merged) for details in fault.errors(include_url=False)[:MOST_EXPLAINED]]


def suggest(word: str, allowed: Iterable[str], also: Mapping[str, str] | None = None) -> str | None:
    """The allowed word nearest to what was written, by its own spelling or by another word for it."""
    written = word.casefold()
    near = difflib.get_close_matches(written, list(allowed), n=1, cutoff=0.65)
    if near:
        return near[0]
    other = difflib.get_close_matches(written, list(also or ()), n=1, cutoff=0.8)
    return also[other[0]] if also and other else None


def _explain(details: ErrorDetails, merged: Merged) -> Problem:
    kind, context = details["type"], details.get("ctx", {})
    path, value, at_key = _follow(details["loc"], merged.document)
    key = name_path(path)
    if kind == "extra_forbidden":
        return _unknown_key(path, merged)
    if kind == "missing":
        return _missing(path, merged)
    if kind == "value_error" and isinstance(context.get("error"), UnitError):
        fault = context["error"]
        return merged.problem(fault.code, path, f"{key}: {fault}", key=at_key)
    if kind in _BOUNDS:
        return _out_of_range(path, value, kind, context, merged)
    if kind == "union_tag_not_found":
        return _missing((*path, "kind"), merged)
    if kind in {"literal_error", "union_tag_invalid"}:
        return _no_choice(path, value, context, at_key, merged)
    if kind in {"too_short", "too_long"}:
        word, mark = ("at least", "min_length") if kind == "too_short" else ("at most", "max_length")
        return merged.problem("range", path, f"{key}: {word} {context[mark]} must be given")
    if kind in _TYPES:
        meant, advice = _TYPES[kind]
        return merged.problem("type", path, f"{key}: {quote(value)} is not {meant}", help=advice)
    return merged.problem("value", path, f"{key}: {details['msg']}", key=at_key)


def _follow(location: tuple[int | str, ...], document: dict[str, Any]) -> tuple[Path, object, bool]:
    """The model's location as a path of the document, the value there, and whether its name is at fault.

    Tags of kinds and the wrapping of a single value into a list are the model's own and left out.
    """
    path: Path = ()
    node: object = document
    was_tag = False
    for part in location:
        is_tag = isinstance(node, dict) and bool(path) and not was_tag and part == node.get("kind")
        is_wrap = isinstance(part, int) and not isinstance(node, list)
        was_tag = is_tag
        if is_tag or is_wrap or part == "[key]":
            continue
        path = (*path, part)
        if isinstance(node, dict):
            node = node.get(part)
        elif isinstance(node, list) and isinstance(part, int) and part < len(node):
            node = node[part]
        else:
            node = None
    at_key = location[-1:] == ("[key]",)
    return path, path[-1] if at_key else node, at_key


def _missing(path: Path, merged: Merged) -> Problem:
    key, name = name_path(path), str(path[-1])
    entries = find_setting(key)
    title = entries[0].title if entries else name
    example = example_of(entries[0]) if entries else ""
    is_plain = title.casefold() == name.replace("_", " ")
    help = (
        f"add `{name} = {example}`"
        if example
        else f"add a table [{key}{f'.{NAME}' if entries and entries[0].named else ''}]"
    )
    message = f"{key} is required" if is_plain else f"{key} is required: {title[0].lower()}{title[1:]}"
    return merged.problem("missing-key", path, message, help=help)


def _unknown_key(path: Path, merged: Merged) -> Problem:
    if path in NOT_SIMULATED:
        key, help = name_path(path), "take the table out to see the deal before tax"
        found = merged.problem("unsupported", path, f"{key}: {NOT_SIMULATED[path]}", key=True, help=help)
        return replace(found, key=None)  # there is nothing to explain
    table, word = name_path(path[:-1]), str(path[-1])
    kind, pattern = _kind_at(path[:-1], merged.document), _pattern(table)
    siblings = {
        entry.key.rpartition(".")[2]: entry
        for entry in list_settings()
        if entry.key.rpartition(".")[0] == pattern
        and (kind is None or not entry.kinds or kind in entry.kinds)
    }
    also = {other: name for name, entry in siblings.items() for other in entry.also}
    elsewhere = next((entry for entry in list_settings() if entry.key.rpartition(".")[2] == word), None)
    near = suggest(word, siblings, also if elsewhere is None else {})
    if near:
        help = f"did you mean `{near}`?"
    elif elsewhere and elsewhere.kinds and elsewhere.key.rpartition(".")[0] == pattern:
        help = f'it goes with kind = "{elsewhere.kinds[0]}"'
    elif elsewhere:
        help = f"did you mean `{elsewhere.key}`?"
    else:
        help = "allowed here: " + ", ".join(siblings)
    return merged.problem("unknown-key", path, f"{name_path(path)} is not a setting", key=True, help=help)


def _pattern(table: str) -> str:
    """The key of a table as the catalogue spells it, with `<name>` for the user's names."""
    found = find_setting(table)
    if found:
        return found[0].key
    named = find_setting(table.rpartition(".")[0])
    return f"{named[0].key}.{NAME}" if named and named[0].named else table


def _kind_at(path: Path, document: dict[str, Any]) -> object:
    node: Any = document
    for part in path:
        node = node.get(part) if isinstance(node, dict) else None
    return node.get("kind") if isinstance(node, dict) else None


def _out_of_range(path: Path, value: object, kind: str, context: dict[str, Any], merged: Merged) -> Problem:
    mark, words = _BOUNDS[kind]
    key = name_path(path)
    entry = _nearest(path, merged.document)
    unit = entry.unit if entry else None
    message = f"{key}: {quote(value)} {words} {show(context[mark], unit)}"
    if (
        unit is not None
        and unit.kind.noun == "a share"
        and isinstance(value, int | float)
        and 1 < value <= 100
    ):
        message = f'{key}: {quote(value)} is above 1 (write "{value:g} %" or {value / 100:.2f})'
    if key == "monte_carlo.paths" and mark == "le":
        message = f"{key}: {quote(value)} paths are above the cap of {MOST_PATHS:,}"
        help = (
            f"ask for at most {MOST_PATHS:,}; the standard error falls with the root of the number of paths"
        )
        return merged.problem("range", path, message, help=help)
    return merged.problem(
        "range", path, message, help=f"allowed: {entry.range}" if entry and entry.range else None
    )


def _nearest(path: Path, document: dict[str, Any]) -> Entry | None:
    """The setting of a value: its own, or that of the list or table of values which holds it.

    Where kinds of a table share its name, it is that of the kind which the table says.
    """
    for length in (len(path), len(path) - 1):
        entries = find_setting(name_path(path[:length]))
        if entries:
            kind = _kind_at(path[: length - 1], document)
            return next((entry for entry in entries if kind in entry.kinds), entries[0])
    return None


def _no_choice(path: Path, value: object, context: dict[str, Any], at_key: bool, merged: Merged) -> Problem:
    if "tag" in context:
        value = value.get("kind") if isinstance(value, dict) else value
        path = (*path, "kind")
        allowed = [str(choice) for entry in find_setting(name_path(path)) for choice in entry.choices]
    else:
        allowed = [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
    near = suggest(value, allowed) if isinstance(value, str) else None
    message = f"{name_path(path)}: {quote(value)} is not one of {', '.join(allowed)}"
    return merged.problem(
        "choice", path, message, key=at_key, help=f'did you mean "{near}"?' if near else None
    )

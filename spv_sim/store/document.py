"""Writes results as JSON whose bytes depend on the values alone."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping
from datetime import date
from pathlib import PurePath

RUN_SECTIONS: Mapping[str, str] = {
    "schema": "spv-sim/run@1: sections may be added to a version, none is removed or changes its meaning",
    "scenario": "name, settings with their origin, text as read, warnings",
    "manifest": "what made the result, and in `until` what ended a run that was asked for its errors",
    "closing": "sources, uses and terms at financial close",
    "base_case": "the path without a draw",
    "metrics": "estimates by name, each with value, unit, standard error, interval, quantiles, count, note",
    "bands": "words by name, each with value, interval, label, source, the numbers behind it, note, warning; "
    "files from before this section have none",
    "checks": "what the run checked of itself, and published terms",
    "filed": "the lease as its lessee books it, beside the figures that it filed; empty where none are told",
}
"""Sections of `run.json` in order."""


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, date | PurePath):
        return str(value)
    to_list = getattr(value, "tolist", None)  # numpy arrays and scalars, without importing numpy
    if to_list is not None:
        return _plain(to_list())
    if isinstance(value, list | tuple | set | frozenset):
        entries = [_plain(entry) for entry in value]
        return sorted(entries, key=repr) if isinstance(value, set | frozenset) else entries
    raise TypeError(f"{type(value).__name__} has no place in a result document")


def document(value: object) -> bytes:
    """Indented JSON in the given order of keys, ASCII only; NaN and infinities become null.

    Raises
    ------
    TypeError : a value of a kind that JSON cannot hold.
    """
    return (json.dumps(_plain(value), indent=1, allow_nan=False) + "\n").encode("ascii")


def content_key(value: object) -> str:
    """sha256 [64 hex digits] of the value's compact JSON with sorted keys: equal inputs, equal key."""
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()

"""Keeps beside the results the scenario that they come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from spv_sim.store.manifest import shown_path

if TYPE_CHECKING:
    from spv_sim.scenario.origins import Setting
    from spv_sim.scenario.read import Loaded


def scenario_record(loaded: Loaded, settings: Sequence[Setting]) -> dict[str, Any]:
    """The `scenario` part: name, settings with their origin, and the text as read."""
    return {
        "name": loaded.scenario.deal.name,
        "description": loaded.scenario.deal.description,
        "settings": [
            {
                "key": setting.key,
                "value": setting.value,
                "title": setting.title,
                "origin": {
                    "kind": setting.origin.kind,
                    "file": setting.origin.file and shown_path(setting.origin.file),
                    "line": setting.origin.line,
                    "text": setting.origin.text,
                },
            }
            for setting in settings
        ],
        "text": loaded.text,
        "warnings": list(loaded.warnings),
    }
